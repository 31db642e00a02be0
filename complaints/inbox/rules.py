"""The time limit of what comes in."""

from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import Incoming
from crm.deadlines.rules import Rule

INBOX = Rule(
    "complaint.inbox",
    "ZT 5.1, ZT 4.1",
    label=_("Look at a message that came in"),
    first=True,
    on=Incoming,
    during={Incoming.Status.NEW},
    since="received_at",
    met_by=("inbox.make_complaint", "inbox.put_to_complaint", "inbox.set_aside"),
    limit="4 wh",
)


def also_met_by(verb: str) -> None:
    """Let a verb of an app above meet the rule, as the one that makes feedback of a message."""
    if verb not in INBOX.met_by:
        object.__setattr__(INBOX, "met_by", (*INBOX.met_by, verb))
