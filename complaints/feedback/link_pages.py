"""The customer's page: how far his feedback is, and the answer once he was told."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import FOLLOW_PURPOSE, Feedback
from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact

S = Feedback.Status
IN_WORDS = {
    S.RECEIVED: _("We have received your feedback and are passing it on to whom it concerns."),
    S.PASSED: _("The department concerned is looking into it."),
    S.ANSWERED: _("The department has answered, and we will tell you."),
    S.TOLD: _("We have told you the answer, and are doing what we promised."),
    S.CLOSED: _("We have told you the answer. Thank you for helping us to improve."),
    S.DROPPED: _("This entry was put aside. Please call us if you miss an answer."),
}


def state_of(feedback: Feedback) -> Any:
    """Where it stands, in one sentence to the customer."""
    if feedback.status == S.COMPLAINT:
        return _now("We are treating it as complaint %(number)s, and have written to you about it.") % {
            "number": feedback.complaint
        }
    return IN_WORDS[S(feedback.status)]


def follow_facts(feedback: Feedback, link: Link) -> list[tuple[Any, Any]]:
    """The number, how far it is, what he said, and the answer once he was told."""
    rows: list[tuple[Any, Any]] = [
        (_("feedback number"), feedback.number),
        (_("state"), state_of(feedback)),
        (_("received"), exact(feedback.received_at)),
        (_("what you told us"), feedback.content),
    ]
    if feedback.told_at is None:
        return rows
    rows.append((_("our answer"), feedback.solution))
    if feedback.reason:
        rows.append((_("reason"), feedback.reason))
    if feedback.promise and feedback.due_on:
        rows.append((_now("by %(day)s") % {"day": exact(feedback.due_on)}, feedback.promise))
    if feedback.done_at:
        rows.append((_("done"), exact(feedback.done_at)))
    return rows


LinkPage(
    FOLLOW_PURPOSE,
    title=_("Your feedback"),
    facts=follow_facts,
    single_use=False,
    state=state_of,
)
