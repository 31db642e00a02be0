"""The investigation team: the departments that the category asks for, each with its task and its day (ZT 5.2)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.models import Complaint, TeamTask
from complaints.parties import belongs_to, required
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import covers
from crm.actions import action
from crm.deadlines.turn import turn
from crm.refusals import Refused

S = Complaint.Status


def _give(complaint: Complaint, department: Department, owner: User | None, what: str, due_on: date) -> TeamTask:
    found = owner or department.head
    if found is None:
        raise Refused(
            "nobody_named",
            _("%(department)s has no head.") % {"department": department},
            _("Name somebody of it."),
        )
    task = TeamTask.objects.create(complaint=complaint, department=department, owner=found, what=what, due_on=due_on)
    telling.let_see(complaint, users=[found], departments=[department])
    return task


@action(
    Complaint,
    label=gettext_lazy("Name the team"),
    source={S.REGISTERED},
    target=S.INVESTIGATING,
    form=forms.TeamForm,
)
def form_team(complaint: Complaint, *, by: User, lead: User, tasks: list[dict[str, Any]]) -> None:
    """Name the lead, and give each department that is concerned its task; none of them may be missing (ZT 5.2)."""
    there = {line["department"].pk for line in tasks}
    missing = [each for each in required(complaint.category) if each.pk not in there]
    if missing:
        raise Refused(
            "team_incomplete",
            _("For this category the team also needs: %(departments)s.")
            % {"departments": ", ".join(str(each) for each in missing)},
            _("Give each of them a task."),
        )
    complaint.lead, complaint.team_at = lead, clock.now()
    given = [_give(complaint, **{"owner": None, **line}) for line in tasks]
    for task in given:
        turn(task)
    telling.let_see(complaint, users=[lead])
    telling.tell(complaint, News.TEAM, [lead, *(task.owner for task in given)], by=by)


@action(
    Complaint,
    label=gettext_lazy("Give another task"),
    source={S.INVESTIGATING},
    form=forms.TaskLine,
)
def add_task(
    complaint: Complaint, *, by: User, department: Department, what: str, due_on: date, owner: User | None = None
) -> TeamTask:
    """Let one more department, or one again, find something out until a day (ZT 5.2)."""
    task = _give(complaint, department, owner, what, due_on)
    telling.tell(complaint, News.TEAM, [task.owner], by=by, words=what)
    return task


def _only_his_department(task: TeamTask, by: User) -> None:
    """Whoever was given it or stands in for him, his department, and the lead.

    Asked where it is done, not for each button: a complaint's page shows many tasks. Raises Refused.
    """
    given = [each for each in (task.owner_id, task.complaint.lead_id) if each is not None]
    if by.pk in given or any(covers(by, each) for each in given) or belongs_to(by, task.department):
        return
    raise Refused("not_asked", _("Only %(department)s can answer this.") % {"department": task.department})


@action(
    TeamTask,
    label=gettext_lazy("Done"),
    source={TeamTask.Status.OPEN},
    target=TeamTask.Status.DONE,
    form=forms.OutcomeForm,
)
def finish_task(task: TeamTask, *, by: User, outcome: str) -> None:
    """Say what the department has found out (ZT 5.2)."""
    _only_his_department(task, by)
    task.outcome, task.done_by, task.done_at = outcome, by, clock.now()
