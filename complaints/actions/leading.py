"""Somebody else leads the team, where its lead has left or cannot go on (ZT 5.2)."""

from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.actions.team import must_be_able_to_lead
from complaints.models import Complaint
from complaints.telling import News
from crm.accounts.models import User
from crm.accounts.standing import only_its_owner
from crm.actions import action

S = Complaint.Status


@action(
    Complaint,
    label=gettext_lazy("Change the lead"),
    source=set(Complaint.OPEN) - {S.RECEIVED, S.REGISTERED},
    form=forms.LeadForm,
    unless=only_its_owner,
)
def change_lead(complaint: Complaint, *, by: User, lead: User, reason: str) -> None:
    """Have somebody else lead the team from now on, where its lead has left or cannot go on (ZT 5.2)."""
    must_be_able_to_lead(lead)
    former, complaint.lead = complaint.lead, lead
    telling.let_see(complaint, users=[lead])
    telling.tell(complaint, News.LEAD, [lead, former], by=by, words=reason)
