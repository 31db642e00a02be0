"""The result goes to sales and to the customer; he is visited, and what he is content with is closed (ZT 5.4)."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints import forms, telling
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan, proof_of
from complaints.filing import reviewer
from complaints.models import Complaint, FollowUp, Measure
from complaints.parties import ORDER_DESK
from complaints.telling import News
from complaints.unfinished import unfinished
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import belongs_to, speakers, stands_for
from crm.actions import action
from crm.deadlines.people import line_above
from crm.refusals import Refused
from customers.actions import keep_contact
from customers.models import Channel, Contact

S = Complaint.Status
RAISED_FROM = 2  # how often it was reopened when it goes one level up


def department_of_plan(complaint: Complaint) -> Department | None:
    """The department that carries the plan out, and reports its result; a record of many brings its key along."""
    if (known := getattr(complaint, "plan_department", None)) is not None:
        return Department(pk=known)
    plan = current_plan(complaint)
    return plan.department if plan else None


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
    """Tell sales what was done and what came of it; sales tells the customer, with the proof of no fault (ZT 5.3)."""
    with override(settings.LANGUAGE_CODE):  # the customer reads it, whoever writes it
        if proof := proof_of(complaint):
            result = "\n".join([result, _("Proof:"), *proof])
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
    again(complaint, by=by, words=words)
    return S.INVESTIGATING


def again(complaint: Complaint, *, by: User, words: str) -> None:
    """Begin the next round: opinions, finding, plan and result are made anew."""
    complaint.round += 1
    complaint.round_at = clock.now()
    complaint.plan_from = complaint.approved_at = complaint.done_at = complaint.found_at = None
    complaint.reported_at = complaint.reported_by = complaint.told_at = None
    complaint.cause = complaint.responsible = None  # the next finding says them anew
    complaint.closed_at = complaint.closed_by = complaint.check_on = None
    complaint.result = ""
    head = complaint.department.head if complaint.department else None
    people = [complaint.owner, complaint.lead, head]
    if complaint.reopened >= RAISED_FROM:
        people = [each for each in people if each not in _raise(complaint, by=by, words=words)]
    telling.let_see(complaint, users=[head] if head else [])
    telling.tell(complaint, News.REOPENED, people, by=by, words=words)


def _raise(complaint: Complaint, *, by: User, words: str) -> list[User]:
    """Bring it one level up: the first above the owner who can carry it on owns it, and who is next above is told.

    Where nobody above has the rights it stays with its owner, whose superior knows of it then.
    """
    owner = complaint.owner
    line = line_above(owner, owner.department)
    if not line:
        return []
    able = next((each for each in line if each.has_perm("complaints.tell_customer")), None)
    told = list(dict.fromkeys([able or line[0], line[0]]))
    telling.let_see(complaint, users=[owner, *told])
    if able is not None:
        complaint.owner = able
    telling.tell(complaint, News.RAISED, told, by=by, words=words)
    return told


def _not_improved(complaint: Complaint, by: User) -> Refused | None:
    """Who carries it on closes it, when cause and improvement are recorded and no app has anything open on it."""
    if refused := only_who_carries_it(complaint, by):
        return refused
    if complaint.cause_id is None:
        return Refused("no_cause", _("The cause is not recorded."), _("The lead signs the finding first."))
    if not complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, round=complaint.round).exists():
        return Refused(
            "no_improvement",
            _("No improvement is planned."),
            _("Say what is improved so that it happens no more."),
        )
    return unfinished(complaint)


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
    complaint.closed_at, complaint.closed_by, complaint.check_on = clock.now(), by, check_on
    if manager := reviewer(complaint):
        telling.let_see(complaint, users=[manager])
        telling.tell(complaint, News.TO_REVIEW, [manager], by=by)
