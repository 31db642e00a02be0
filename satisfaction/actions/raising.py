"""A low answer, or a remark, goes on as a complaint or as feedback in one step, or is said to need nothing (S5)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused
from satisfaction import forms, raising
from satisfaction.low import low_answers
from satisfaction.models import Invitation, Sheet


def _nothing_said(invitation: Invitation) -> Refused | None:
    sheet = Sheet.objects.filter(invitation=invitation).first()
    if sheet is None or not (sheet.remarks or low_answers(sheet)):
        return Refused("nothing_low", _("He is dissatisfied with nothing, and remarks nothing."))
    return None


def _no_complaint(invitation: Invitation, by: User) -> Refused | None:
    return raising.no_complaint(invitation, by) or _nothing_said(invitation)


def _no_feedback(invitation: Invitation, by: User) -> Refused | None:
    return raising.no_feedback(invitation, by) or _nothing_said(invitation)


def _said(invitation: Invitation, sheet: Sheet) -> str:
    """What he is not satisfied with, and what he remarked, in his language, for he reads it on the page of his link."""
    with override(invitation.contact.language or None):
        low = [_("Not satisfied: %(item)s") % {"item": item} for item in low_answers(sheet)]
        return "\n".join([_("Survey %(number)s") % {"number": invitation.number}, *low, sheet.remarks]).strip()


@action(
    Invitation,
    label=gettext_lazy("It is a complaint"),
    source=set(Invitation.BACK),
    form=forms.ComplaintForm,
    unless=_no_complaint,
)
def complain_from_survey(invitation: Invitation, *, by: User, category: str) -> Complaint:
    """Go on with a low answer as a complaint: customer, contact, what he answered and remarked go along (S5)."""
    sheet = Sheet.objects.get(invitation=invitation)
    return raising.make_complaint(
        invitation,
        by=by,
        channel=Complaint.Channel.SURVEY,
        category=category,
        content=_said(invitation, sheet),
        at=sheet.changed_at or sheet.returned_at or clock.now(),
    )


@action(
    Invitation,
    label=gettext_lazy("It is feedback"),
    source=set(Invitation.BACK),
    form=forms.FeedbackForm,
    unless=_no_feedback,
)
def suggest_from_survey(
    invitation: Invitation, *, by: User, kind: str, about: str, staff: User | None = None
) -> Feedback:
    """Go on with it as feedback, which a department answers: what he answered and remarked goes along (S5, ZT 4.2)."""
    content = _said(invitation, Sheet.objects.get(invitation=invitation))
    facts = {"kind": kind, "about": about, "staff": staff}
    return raising.make_feedback(invitation, by=by, channel=Feedback.Way.SURVEY, content=content, **facts)


def _nothing_waits(invitation: Invitation, by: User) -> Refused | None:
    if invitation.to_follow_up:
        return None
    return Refused("nothing_waits", _("No low answer of his waits to be followed up."))


@action(
    Invitation,
    label=gettext_lazy("Nothing to be done"),
    source=set(Invitation.BACK),
    form=ReasonForm,
    unless=_nothing_waits,
)
def settle_low_answer(invitation: Invitation, *, by: User, reason: str) -> None:
    """Say that a low answer needs nothing more, and why; another one that comes later waits anew (S5)."""
    invitation.reason, invitation.low_at = reason, None
