"""What the mails of complaints carry in their heads, so that answers come to the mailbox that is read."""

from django.conf import settings

from complaints.inbox.models import Incoming
from crm.outbox.models import Message

OURS = ("complaints.", "inbox.")


def heads_of(message: Message) -> dict[str, str]:
    """Where to answer to, a mark that shows a loop, and what it answers (RFC 3834)."""
    if not message.template.startswith(OURS) or message.recipient_id:
        return {}
    found = (
        {"X-Loop": settings.COMPLAINTS_MAIL, "Reply-To": settings.COMPLAINTS_MAIL} if settings.COMPLAINTS_MAIL else {}
    )
    if message.template == "inbox.answer":
        found["Auto-Submitted"] = "auto-replied"
        item = Incoming.objects.filter(pk=message.subject_pk or 0).only("message_id").first()
        if item is not None and item.message_id:
            found |= {"In-Reply-To": f"<{item.message_id}>", "References": f"<{item.message_id}>"}
    return found
