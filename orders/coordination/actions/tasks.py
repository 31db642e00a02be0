"""Tasks that a meeting settled: who does what until when (JD 5.1)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.accounts.standing import stands_for
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.refusals import Refused
from orders.coordination import forms
from orders.coordination.models import AgendaItem, MeetingTask, OrderMeeting

S = MeetingTask.Status


@action(
    OrderMeeting,
    label=gettext_lazy("Give a task"),
    source={OrderMeeting.Status.CALLED, OrderMeeting.Status.FILED},
    form=forms.TaskForm,
)
def assign_task(
    meeting: OrderMeeting, *, by: User, what: str, due_on: date, owner: User, item: AgendaItem | None = None
) -> MeetingTask:
    """Write down who does what until when; he sees the meeting from then on, and is told."""
    task = MeetingTask.objects.create(meeting=meeting, item=item, what=what, owner=owner, due_on=due_on)
    if owner != by:
        involve(meeting, user=owner, why=str(_("has a task")))
        queue.notify(
            owner,
            "coordination.task",
            about=meeting,
            context={"number": meeting.number, "what": what, "due_on": due_on, "by": by.display_name},
            key=f"meeting-task-{task.pk}",
        )
    return task


def _only_his(task: MeetingTask, by: User) -> None:
    """Whoever has the task or convened the meeting, or who stands in for one of them.

    Asked where it is done, not for each button: a meeting's page shows many tasks. Raises Refused.
    """
    if stands_for(by).isdisjoint((task.owner_id, task.meeting.convener_id)):
        raise Refused("not_owner", _("Only %(owner)s can do this.") % {"owner": task.owner})


@action(
    MeetingTask,
    label=gettext_lazy("Done"),
    source={S.OPEN},
    target=S.DONE,
    form=forms.OutcomeForm,
)
def finish_task(task: MeetingTask, *, by: User, outcome: str = "") -> None:
    """Tick off what a meeting asked for, with what came of it."""
    _only_his(task, by)
    task.outcome = outcome


@action(MeetingTask, label=gettext_lazy("Drop"), source={S.OPEN}, target=S.DROPPED, form=ReasonForm)
def drop_task(task: MeetingTask, *, by: User, reason: str) -> None:
    """Give a task of a meeting up, with the reason."""
    task.outcome = reason
