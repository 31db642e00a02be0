"""A return visit is planned by itself, recorded by its owner, and becomes a complaint where it must (ZT 4.2)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions as complaints
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import Forbidden, Refused, only_the_system
from customers.models import Contact, Customer
from satisfaction.visits import forms
from satisfaction.visits.models import Visit, quarter_of

S = Visit.Status


@action(Customer, label=gettext_lazy("Plan a return visit"), form=forms.PlanForm, unless=only_the_system)
def plan_visit(customer: Customer, *, by: User, owner: User, planned_on: date) -> Visit:
    """Plan the return visit of a quarter for one of its owner's working days (ZT 4.2)."""
    return Visit.objects.create(
        number=next_number("HF"),
        customer=customer,
        quarter=quarter_of(planned_on),
        owner=owner,
        department=owner.department,
        planned_on=planned_on,
    )


@action(Visit, label=gettext_lazy("Record the visit"), source={S.PLANNED}, target=S.DONE, form=forms.RecordForm)
def record_visit(
    visit: Visit,
    *,
    by: User,
    channel: str,
    level: str,
    contact: Contact | None = None,
    use: str = "",
    needs: str = "",
    suggestions: str = "",
) -> None:
    """Record how satisfied the customer is, how he uses the goods, what he needs and suggests (ZT 4.2)."""
    visit.channel, visit.contact, visit.level, visit.done_at = channel, contact, level, clock.now()
    visit.use, visit.needs, visit.suggestions = use, needs, suggestions


@action(Visit, label=gettext_lazy("Not reached"), source={S.PLANNED}, form=forms.MoveForm)
def note_not_reached(visit: Visit, *, by: User, planned_on: date) -> None:
    """Write down that he was not reached, and when it is tried again within the quarter (ZT 4.2)."""
    visit.attempts += 1
    visit.planned_on = planned_on


@action(Visit, label=gettext_lazy("Do not visit"), source={S.PLANNED}, target=S.DROPPED, form=forms.ReasonForm)
def drop_visit(visit: Visit, *, by: User, reason: str) -> None:
    """Do not visit him this quarter, with the reason."""
    visit.reason = reason


def _no_complaint(visit: Visit, by: User) -> Refused | None:
    if not by.has_perm(complaints.receive_complaint.name):
        return Forbidden(complaints.receive_complaint.name, complaints.receive_complaint.label)
    if visit.complaint_id is not None:
        return Refused("already_complaint", _("It became complaint %(number)s.") % {"number": visit.complaint})
    if not (visit.suggestions or visit.use):
        return Refused("nothing_said", _("Nothing is written down that he complains of."))
    return None


@action(
    Visit,
    label=gettext_lazy("It is a complaint"),
    source={S.DONE},
    form=forms.ComplaintForm,
    unless=_no_complaint,
)
def complain_from_visit(visit: Visit, *, by: User, category: str) -> Complaint:
    """Go on with what came up at the visit as a complaint (ZT 4.2, 5.1)."""
    visit.complaint = complaints.receive_complaint(
        visit.customer,
        by=by,
        channel=Complaint.Channel.VISIT,
        category=category,
        content="\n".join(filter(None, [visit.suggestions, visit.use])),
        contact=visit.contact,
    )
    return visit.complaint
