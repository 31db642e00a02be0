"""The result goes to sales and to the customer; he is visited, and what he is content with is closed (ZT 5.4)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan
from complaints.models import Complaint, FollowUp, Measure
from complaints.parties import ORDER_DESK, speakers
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import belongs_to, stands_for
from crm.actions import action
from crm.refusals import Refused
from customers.actions import keep_contact
from customers.models import Channel, Contact

S = Complaint.Status
RAISED_FROM = 2  # how often it was reopened when it goes one level up


def department_of_plan(complaint: Complaint) -> Department | None:
    """The department that carries the plan out, and reports its result."""
    plan = current_plan(complaint)
    return plan.department if plan else complaint.responsible


def _reports(complaint: Complaint, by: User) -> Refused | None:
    plan = current_plan(complaint)
    assert plan is not None  # there is one in this state
    if plan.person_id in stands_for(by) or belongs_to(by, plan.department):
        return None
    return Refused("not_asked", _("Only %(department)s can answer this.") % {"department": plan.department})


@action(
    Complaint,
    label=gettext_lazy("Report the result to sales"),
    source={S.CARRIED_OUT},
    target=S.REPORTED,
    form=forms.ResultForm,
    unless=_reports,
)
def report_result(complaint: Complaint, *, by: User, result: str) -> None:
    """Tell sales what was done and what came of it; sales tells the customer (ZT 5.3)."""
    complaint.result, complaint.reported_by, complaint.reported_at = result, by, clock.now()
    telling.tell(complaint, News.REPORTED, [complaint.owner], by=by, words=result)


@action(
    Complaint,
    label=gettext_lazy("Tell the customer the result"),
    source={S.REPORTED},
    target=S.TOLD,
    form=forms.TellForm,
    unless=only_who_carries_it,
)
def tell_customer(complaint: Complaint, *, by: User, channel: str, contact: Contact | None = None) -> None:
    """Tell the customer what came of it, by mail or as the contact log says, and the order desk (ZT 5.3, JD 3.3)."""
    if channel == Channel.MAIL:
        telling.mail_result(complaint, by=by, contact=contact)
    else:
        what = _("Result of complaint %(number)s: %(result)s") % {"number": complaint, "result": complaint.result}
        keep_contact(complaint.customer, by=by, channel=channel, what=what, contact=contact or complaint.contact)
    complaint.told_at = clock.now()
    if complaint.order_id is not None:
        desk = list(Department.objects.filter(code=ORDER_DESK).select_related("head"))
        telling.let_see(complaint, users=speakers(desk))
        telling.tell(complaint, News.SETTLED, speakers(desk), by=by, words=complaint.result)


@action(
    Complaint,
    label=gettext_lazy("Record the return visit"),
    source={S.TOLD},
    target={S.SATISFIED, S.INVESTIGATING},
    form=forms.FollowUpForm,
    unless=only_who_carries_it,
)
def record_return_visit(complaint: Complaint, *, by: User, satisfied: bool, channel: str, words: str) -> str:
    """Ask whether he is satisfied; if not it goes round again, the second time one level up (ZT 5.4)."""
    FollowUp.objects.create(
        complaint=complaint, round=complaint.round, satisfied=satisfied, channel=channel, words=words, by=by
    )
    asked = _("Return visit about complaint %(number)s: %(words)s") % {"number": complaint, "words": words}
    keep_contact(complaint.customer, by=by, channel=channel, what=asked, contact=complaint.contact)
    if satisfied:
        return S.SATISFIED
    _again(complaint, by=by, words=words)
    return S.INVESTIGATING


def _again(complaint: Complaint, *, by: User, words: str) -> None:
    """Begin the next round: opinions, finding, plan and result are made anew."""
    complaint.round += 1
    complaint.round_at = clock.now()
    complaint.plan_from = complaint.approved_at = complaint.done_at = complaint.found_at = None
    complaint.reported_at = complaint.reported_by = complaint.told_at = None
    complaint.result = ""
    head = complaint.department.head if complaint.department else None
    people = [complaint.owner, complaint.lead, head]
    if complaint.reopened >= RAISED_FROM:
        above = _superior(complaint)
        if above is not None:
            telling.let_see(complaint, users=[complaint.owner, above])
            complaint.owner = above
            telling.tell(complaint, News.RAISED, [above], by=by, words=words)
            people = [each for each in people if each != above]
    telling.tell(complaint, News.REOPENED, people, by=by, words=words)


def _superior(complaint: Complaint) -> User | None:
    """Who is one level above the owner: his manager, else his department's head, else the head above."""
    owner = complaint.owner
    department = owner.department
    above = [owner.manager, department.head if department else None]
    if department is not None and department.parent is not None:
        above.append(department.parent.head)
    return next((each for each in above if each is not None and each.is_active and each.pk != owner.pk), None)


def _not_improved(complaint: Complaint, by: User) -> Refused | None:
    """Who carries it on closes it, and not before cause and improvement are recorded."""
    if refused := only_who_carries_it(complaint, by):
        return refused
    if complaint.cause_id is None:
        return Refused("no_cause", _("The cause is not recorded."), _("The lead signs the finding first."))
    if not complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT).exists():
        return Refused(
            "no_improvement",
            _("No improvement is planned."),
            _("Say what is improved so that it happens no more."),
        )
    return None


@action(
    Complaint,
    label=gettext_lazy("Close the complaint"),
    source={S.SATISFIED},
    target=S.CLOSED,
    form=forms.CloseForm,
    unless=_not_improved,
)
def close_complaint(complaint: Complaint, *, by: User, check_on: date) -> None:
    """Close what the customer is satisfied with, cause and improvements being recorded; effect is checked (ZT 5.4)."""
    complaint.closed_at, complaint.check_on = clock.now(), check_on


def _checked(complaint: Complaint, by: User) -> Refused | None:
    if refused := only_who_carries_it(complaint, by):
        return refused
    if complaint.effective is not None:
        return Refused("checked", _("The effect was checked already."))
    if complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, status=Measure.Status.OPEN).exists():
        return Refused("improvement_open", _("Not all improvements are done."), _("Finish them first."))
    return None


@action(Complaint, label=gettext_lazy("Check the effect"), source={S.CLOSED}, form=forms.EffectForm, unless=_checked)
def check_effect(complaint: Complaint, *, by: User, effective: bool, effect: str) -> None:
    """Say whether the improvements worked, after some time has shown it (ZT 5.4)."""
    complaint.effective, complaint.effect, complaint.effect_by = effective, effect, by
    if not effective:
        responsible = speakers([complaint.responsible]) if complaint.responsible else []
        telling.tell(complaint, News.INEFFECTIVE, [complaint.owner, *responsible], by=by, words=effect)
