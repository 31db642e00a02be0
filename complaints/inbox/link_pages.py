"""The sender's page: whether his message was looked at."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import FOLLOW_PURPOSE, Incoming
from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact

S = Incoming.Status
LOOKED_AT = _("A colleague has looked at your message and comes back to you.")
IN_WORDS = {
    S.NEW: _("We have received your message. A colleague looks at it within half a working day."),
    S.COMPLAINT: _("Your message is dealt with as a complaint."),
    S.FEEDBACK: LOOKED_AT,
    S.ADDED: _("Your message was added to your complaint."),
    S.ASIDE: _("A colleague has looked at your message."),
    S.AUTOMATIC: _("We have received your message."),
}


def state_of(item: Incoming) -> Any:
    """What became of it, in one sentence to the sender; nothing of any record of ours is said."""
    return IN_WORDS[S(item.status)]


def follow_facts(item: Incoming, link: Link) -> list[tuple[Any, Any]]:
    """The number, how far it is, and his own words; a complaint's number where it was mailed to the same address."""
    rows: list[tuple[Any, Any]] = [
        (_("reference number"), item.number),
        (_("state"), state_of(item)),
        (_("received"), exact(item.received_at)),
    ]
    complaint = item.complaint
    if complaint is not None and complaint.contact is not None and complaint.contact.email == item.email != "":
        rows.append((_("complaint number"), complaint.number))
    if item.words:
        rows.append((_("what you wrote"), item.words))
    return rows


LinkPage(
    FOLLOW_PURPOSE,
    title=_("Your message"),
    lead=_("Here you see what becomes of your message."),
    verbs=(),
    facts=follow_facts,
    single_use=False,
)
