"""The plan is approved by the department head and the executive in charge; a changed one anew (ZT 5.3, KC 5.2.2)."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import outcomes, telling
from complaints.actions.planning import not_written
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan, measures_of, plan_facts, save_plan
from complaints.models import Category, Complaint, Measure
from complaints.parties import next_column
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import only_its_owner
from crm.actions import action
from crm.approvals.declare import SALES_MANAGER, Approval
from crm.approvals.steps import Step, Who
from crm.deadlines.turn import turn
from crm.inputs import ReasonForm
from crm.records.models import ActionLog
from crm.refusals import Refused, only_the_system

S = Complaint.Status


@action(
    Complaint, label=gettext_lazy("The decision begins"), source={S.FOUND}, target=S.DECIDING, unless=only_the_system
)
def begin_decision(complaint: Complaint, *, by: User) -> None:
    """Note that the plan lies with those who decide on it (ZT 5.3)."""


@action(Complaint, label=gettext_lazy("The decision ends"), source={S.DECIDING}, target=S.FOUND, unless=only_the_system)
def end_decision(complaint: Complaint, *, by: User) -> None:
    """Note that the plan came back without being approved; it is written anew (ZT 5.3)."""
    complaint.plan_from = clock.now()


def _not_agreed(complaint: Complaint, by: User) -> Refused | None:
    """The owner hands in what the customer agrees to and sales has signed its opinion on (KC 5.2.2)."""
    plan = current_plan(complaint)
    if plan is None:
        return not_written()
    if plan.agreed_at is None:
        return Refused(
            "not_agreed",
            _("The customer has not agreed to the plan yet."),
            _("Send it to him, or record what he says to it."),
        )
    if turn_ := next_column(complaint):
        return Refused("opinion_missing", _("The opinion of %(department)s is missing.") % {"department": turn_[1]})
    return None if by.is_system else only_its_owner(complaint, by)


def _authors(complaint: Complaint) -> set[int]:
    """Who has written the plan of this round, or written it anew: he does not decide on it."""
    kind = ContentType.objects.get_for_model(Complaint)
    rows = ActionLog.objects.filter(subject_type=kind, subject_pk=complaint.pk, verb="complaints.write_plan")
    if complaint.found_at is not None:
        rows = rows.filter(at__gte=complaint.found_at)
    return set(rows.values_list("actor", flat=True))


def _department(complaint: Complaint, inputs: dict[str, Any]) -> Department | None:
    """The department that carries the plan out, whose head reviews it first."""
    plan = current_plan(complaint)
    return plan.department if plan else None


@action(
    Complaint,
    label=gettext_lazy("Approve the plan"),
    source={S.FOUND, S.DECIDING},
    target=S.CARRYING_OUT,
    unless=_not_agreed,
    approval=Approval(
        facts=plan_facts,
        authors=_authors,
        department=_department,
        amount=lambda complaint, inputs: getattr(current_plan(complaint), "amount", None),
        kind=lambda complaint, inputs: complaint.category,
        kinds=dict(Category.choices),
        default=(
            Step(gettext_lazy("Responsible department"), who=Who.HEAD_HERE),
            SALES_MANAGER,
            Step(gettext_lazy("Executive in charge"), who=Who.ROLE, role="executive"),
        ),
        begun="complaints.begin_decision",
        ended="complaints.end_decision",
        rule="complaint.approval",
        label=gettext_lazy("Hand the plan in for approval"),
    ),
)
def approve_plan(complaint: Complaint, *, by: User) -> None:
    """Follow the executive's yes: the measures are carried out, each by its day (ZT 5.3)."""
    plan = current_plan(complaint)
    assert plan is not None  # the guard was asked under the lock
    complaint.approved_at = clock.now()
    rows = [each for each in measures_of(plan) if each.status == Measure.Status.OPEN]
    for measure in rows:
        _run(measure, True)
    outcomes.begin(plan, by)
    telling.tell(complaint, News.MEASURE, [plan.person, *(each.owner for each in rows)], by=by, words=plan.solution)


@action(
    Complaint,
    label=gettext_lazy("Change the approved plan"),
    source={S.CARRYING_OUT},
    target=S.FOUND,
    form=ReasonForm,
    unless=only_who_carries_it,
)
def change_plan(complaint: Complaint, *, by: User, reason: str) -> None:
    """Take the approved plan back to change it: what is open stops, and it is agreed on and approved anew (ZT 5.3)."""
    plan = current_plan(complaint)
    assert plan is not None  # there is one in this state
    outcomes.stop(plan, by)
    for measure in measures_of(plan):
        if measure.status == Measure.Status.OPEN:
            _run(measure, False)
    save_plan(plan, agreed_at=None, agreed_how="", sent_at=None)
    complaint.approved_at, complaint.plan_from = None, clock.now()
    telling.tell(complaint, News.PLAN, [complaint.owner, plan.person, plan.written_by], by=by, words=reason)


def _run(measure: Measure, running: bool) -> None:
    """Let a measure be carried out from now on, or stop it; its deadline follows."""
    measure.running, measure.version = running, measure.version + 1
    measure.save(update_fields=["running", "version"])
    turn(measure)
