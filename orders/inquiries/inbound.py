"""Mail that comes in: one message in RFC 5322 becomes an inquiry, with its papers (JD 2.1, KF 3.1.1)."""

import hashlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.html import strip_tags

from crm.accounts.models import User
from crm.records.attachments import attach
from customers.models import Contact
from orders.inquiries.actions import record_inquiry
from orders.inquiries.models import Inquiry

MOST_TEXT = 5000  # characters of an inquiry's matter
NOT_WRITTEN_BY_PEOPLE = ("auto-replied", "auto-generated", "auto-notified")


class Ignored(Exception):
    """A message that becomes no inquiry; the text says why."""


def receive(content: bytes) -> tuple[Inquiry, list[str]]:
    """Make an inquiry of a message, once for each Message-ID; answers it and what of the papers was left out.

    Raises Ignored for automatic answers, for what this system sent itself, and for what names no sender.
    """
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    name, address = parseaddr(str(message.get("From", "")))
    if not address:
        raise Ignored("The message names no sender.")
    if str(message.get("Auto-Submitted", "no")).lower() in NOT_WRITTEN_BY_PEOPLE or message.get("X-Autoreply"):
        raise Ignored("The message is an automatic answer.")
    if address.lower() in {each.lower() for _name, each in getaddresses([settings.DEFAULT_FROM_EMAIL])}:
        raise Ignored("The message was sent by this system.")
    web = User.objects.system("web")
    contact = Contact.objects.filter(email=address, active=True).select_related("customer").first()
    subject = str(message.get("Subject", "")).strip()
    inquiry = record_inquiry(
        by=web,
        key=_key(message, content),
        channel=Inquiry.Channel.MAIL,
        name=contact.customer.name if contact else name or address.partition("@")[0],
        contact_name=contact.name if contact else name,
        email=address,
        matter=f"{subject}\n\n{_text(message)}".strip()[:MOST_TEXT] or "–",
        customer=contact.customer if contact else None,
    )
    return inquiry, _keep_papers(message, inquiry, web)


def _key(message: EmailMessage, content: bytes) -> str:
    """The same message delivered twice is one inquiry."""
    given = str(message.get("Message-ID", "")).encode() or content
    return f"mail-{hashlib.sha256(given).hexdigest()[:40]}"


def _text(message: EmailMessage) -> str:
    """What was written, as plain text whatever its encoding."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):
        raw = body.get_payload(decode=True)
        text = raw.decode("gb18030", "replace") if isinstance(raw, bytes) else ""
    return strip_tags(text) if body.get_content_subtype() == "html" else text


def _keep_papers(message: EmailMessage, inquiry: Inquiry, by: User) -> list[str]:
    """Attach the message's files; those that are too large or of a wrong kind are named instead."""
    left_out = []
    for part in message.iter_attachments():
        data = part.get_payload(decode=True)
        name = part.get_filename() or "attachment"
        if not isinstance(data, bytes):
            continue
        try:
            attach(inquiry, ContentFile(data, name=name), by=by, kind="mail")
        except ValidationError as error:
            left_out.append(f"{name}: {' '.join(error.messages)}")
    return left_out
