"""The follow-up: a plan of stages, what became of them, and how far the order is (JD 2.4, 7.2)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.accounts.standing import speakers
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from orders import forms
from orders.desk import desk_people
from orders.models import JointSession, Milestone, Order, ProgressReport
from orders.news import News, tell

S = Order.Status
IN_FOLLOW_UP = {S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY, S.COLLECTED}


@action(
    Order,
    label=gettext_lazy("Make the follow-up plan"),
    source={S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY},
    form=forms.PlanForm,
)
def plan_order(order: Order, *, by: User, milestones: list[dict[str, Any]]) -> None:
    """Plan the stages with dates, owners, risks and their answers (JD 2.4, 7.2)."""
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN):
        drop_milestone(milestone, by=by, reason="")
    for line in milestones:
        add_milestone(order, by=by, **line)
    order.planned_at = order.reported_at = clock.now()


@action(Order, label=gettext_lazy("Add a milestone"), source=IN_FOLLOW_UP, form=forms.MilestoneLine)
def add_milestone(order: Order, *, by: User, owner: User | None = None, **facts: Any) -> Milestone:
    """Add a step to the plan (JD 2.4)."""
    owner = owner or order.owner or by
    if owner != order.owner:
        involve(order, user=owner, why="milestone")
    return Milestone.objects.create(order=order, owner=owner, **facts)


@action(
    Milestone,
    label=gettext_lazy("Done"),
    source={Milestone.Status.OPEN},
    target=Milestone.Status.DONE,
    form=forms.DoneForm,
)
def finish_milestone(milestone: Milestone, *, by: User, remarks: str = "") -> None:
    """Tick off a milestone (JD 2.4)."""
    milestone.done_on, milestone.remarks = clock.today(), remarks


@action(Milestone, label=gettext_lazy("Move"), source={Milestone.Status.OPEN}, form=forms.MoveMilestoneForm)
def move_milestone(milestone: Milestone, *, by: User, due_on: Any, reason: str) -> None:
    """Give a milestone another date, with the reason (JD 7.2)."""
    milestone.due_on, milestone.remarks = due_on, reason


@action(
    Milestone,
    label=gettext_lazy("Drop"),
    source={Milestone.Status.OPEN},
    target=Milestone.Status.DROPPED,
    form=ReasonForm,
)
def drop_milestone(milestone: Milestone, *, by: User, reason: str) -> None:
    """Take a milestone out of the plan, with the reason."""
    milestone.remarks = reason


@action(Order, label=gettext_lazy("Report progress"), source=IN_FOLLOW_UP, form=forms.ReportForm)
def report_progress(order: Order, *, by: User, **facts: Any) -> ProgressReport:
    """Say how far the order is, what is difficult and what is done about it; or raise it to the order desk (JD 2.4)."""
    order.reported_at = clock.now()
    report = ProgressReport.objects.create(order=order, by=by, **facts)
    if report.raised:
        for colleague in desk_people():
            queue.notify(
                colleague,
                "orders.problem",
                about=order,
                context={
                    "number": order.number,
                    "customer": order.customer.name,
                    "owner": order.owner or by,
                    "problem": report.problems,
                },
                key=f"order-problem-{report.pk}",
            )
    tell(order, News.PROBLEM if report.problems else News.PROGRESS, report.problems or report.progress, by=by)
    return report


@action(
    Order, label=gettext_lazy("Write the minutes of a joint session"), source=IN_FOLLOW_UP, form=forms.JointSessionForm
)
def hold_session(order: Order, *, by: User, departments: Iterable[Department], **facts: Any) -> JointSession:
    """Keep what was settled with other departments, which see the order from then on and are told (JD 2.4)."""
    session = JointSession.objects.create(order=order, by=by, **facts)
    session.departments.set(departments)
    for department in departments:
        involve(order, department=department, why=str(session._meta.verbose_name))
    queue.notify_each(
        speakers(departments),
        "orders.session",
        by=by,
        about=order,
        context={
            "number": order.number,
            "customer": order.customer.name,
            "topic": session.topic,
            "minutes": session.minutes,
            "by": by,
        },
        key=f"order-session-{session.pk}",
    )
    return session
