"""A return visit is planned by itself, recorded by its owner, and may go on as a complaint or as feedback (ZT 4.2)."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.feedback.forms import AboutForm
from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from customers.models import Contact, Customer
from satisfaction import raising
from satisfaction.visits import forms
from satisfaction.visits.calls import talks_of
from satisfaction.visits.models import Visit, quarter_of

S = Visit.Status


@action(Customer, label=gettext_lazy("Plan a return visit"), form=forms.PlanForm, unless=only_the_system)
def plan_visit(
    customer: Customer, *, by: User, owner: User, planned_on: date, delivered_at: datetime | None = None
) -> Visit:
    """Plan the visit of a quarter, or the call after a delivery, for a working day of its owner (ZT 4.2, KF 3.3.3)."""
    return Visit.objects.create(
        number=next_number("HF"),
        customer=customer,
        occasion=Visit.Occasion.DELIVERY if delivered_at else Visit.Occasion.QUARTER,
        delivered_at=delivered_at,
        quarter=quarter_of(planned_on),
        owner=owner,
        department=owner.department,
        planned_on=planned_on,
    )


@action(
    Visit,
    label=gettext_lazy("Plan the visit anew"),
    source={S.PLANNED},
    form=forms.AnewForm,
    unless=only_the_system,
)
def move_visit(visit: Visit, *, by: User, owner: User, planned_on: date) -> None:
    """Give it another day where its owner is away, or to the customer's new owner where he has one (ZT 4.2)."""
    visit.owner, visit.department, visit.planned_on = owner, owner.department, planned_on


@action(Visit, label=gettext_lazy("Record the visit"), source={S.PLANNED}, target=S.DONE, form=forms.RecordForm)
def record_visit(
    visit: Visit,
    *,
    by: User,
    channel: str,
    level: str,
    contact: Contact | None = None,
    news: str = "",
    questions: str = "",
    use: str = "",
    needs: str = "",
    suggestions: str = "",
) -> None:
    """Record how satisfied he is, what he asked, how he uses the goods, needs and suggests (ZT 4.2, KF 3.3.3)."""
    visit.channel, visit.contact, visit.level = channel, contact, level
    visit.visited_by, visit.done_at = by, clock.now()
    visit.news, visit.questions = news, questions
    visit.use, visit.needs, visit.suggestions = use, needs, suggestions


@action(
    Visit,
    label=gettext_lazy("Spoken with him meanwhile"),
    source={S.PLANNED},
    target=S.DONE,
    unless=only_the_system,
)
def note_talk(visit: Visit, *, by: User) -> None:
    """Somebody has spoken with him since the delivery, says the contact log, so he need not be called (KF 3.3.3)."""
    entry = talks_of(visit.customer, visit.delivered_at).first() if visit.delivered_at else None
    if entry is None:
        raise Refused("not_spoken", _("Nobody has spoken with him since the delivery."))
    visit.channel, visit.contact = entry.channel, entry.contact
    visit.visited_by, visit.done_at = entry.by, entry.at


@action(Visit, label=gettext_lazy("He was not reached"), source={S.PLANNED}, form=forms.MoveForm)
def note_not_reached(visit: Visit, *, by: User, planned_on: date) -> None:
    """Write down that he was not reached, and when it is tried again in time (ZT 4.2)."""
    visit.attempts += 1
    visit.planned_on = planned_on


@action(Visit, label=gettext_lazy("Do not visit"), source={S.PLANNED}, target=S.DROPPED, form=ReasonForm)
def drop_visit(visit: Visit, *, by: User, reason: str) -> None:
    """Do not visit him this quarter, or not call him after the delivery, with the reason."""
    visit.reason, visit.dropped_at = reason, clock.now()


def _nothing_said(visit: Visit) -> Refused | None:
    if not _said(visit):
        return Refused("nothing_said", _("Nothing that he said is written down."))
    return None


def _no_complaint(visit: Visit, by: User) -> Refused | None:
    return raising.no_complaint(visit, by) or _nothing_said(visit)


def _no_feedback(visit: Visit, by: User) -> Refused | None:
    return raising.no_feedback(visit, by) or _nothing_said(visit)


def _said(visit: Visit) -> str:
    return "\n".join(filter(None, [visit.suggestions, visit.needs, visit.use, visit.questions]))


@action(
    Visit,
    label=gettext_lazy("It is a complaint"),
    source={S.DONE},
    form=forms.ComplaintForm,
    unless=_no_complaint,
)
def complain_from_visit(visit: Visit, *, by: User, category: str) -> Complaint:
    """Go on with what came up at the visit as a complaint (ZT 4.2, 5.1)."""
    channel, at = Complaint.Channel.VISIT, visit.done_at or clock.now()
    return raising.make_complaint(visit, by=by, channel=channel, category=category, content=_said(visit), at=at)


@action(Visit, label=gettext_lazy("It is feedback"), source={S.DONE}, form=AboutForm, unless=_no_feedback)
def suggest_from_visit(visit: Visit, *, by: User, kind: str, about: str, staff: User | None = None) -> Feedback:
    """Go on with what came up at the visit as feedback, which a department answers (ZT 4.2)."""
    facts = {"kind": kind, "about": about, "staff": staff}
    return raising.make_feedback(visit, by=by, channel=Feedback.Way.VISIT, content=_said(visit), **facts)
