"""What a message suggests: whose contact has this address, and which complaint it answers. Both are only claims."""

import re
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from complaints.inbox.models import Incoming
from complaints.models import Complaint
from crm.outbox.models import Message
from customers.models import Contact

NUMBER = re.compile(r"(?<![A-Za-z0-9])TS[0-9]{4}-[0-9]{6,}(?![0-9])")  # whole: no part of a longer one


def contact_of(email: str, phone: str = "") -> Contact | None:
    """The contact with this address or telephone, where all who have it are of exactly one customer."""
    rows = Contact.objects.filter(active=True).select_related("customer__owner__department")
    for which in filter(
        None, [Q(email=email) if email else None, (Q(mobile=phone) | Q(phone=phone)) if phone else None]
    ):
        found = list(rows.filter(which).order_by("-main", "pk")[:50])
        if found:
            return found[0] if len({each.customer_id for each in found}) == 1 else None
    return None


def named_in(subject: str) -> Complaint | None:
    """The complaint whose number stands in a subject, where there is one."""
    found = NUMBER.search(subject)
    return Complaint.objects.filter(number=found.group()).first() if found else None


def answered_by(email: str, references: Iterable[str]) -> Complaint | None:
    """The complaint about which we mailed this address the message that is answered; its Message-ID nobody guesses."""
    ids = [f"<{each}>" for each in references]
    rows = Message.objects.filter(email=email, message_id__in=ids) if email and ids else Message.objects.none()
    for message in rows.select_related("subject_type").order_by("-pk")[:10]:
        about = message.about_object
        if isinstance(about, Complaint):
            return about
        if isinstance(about, Incoming) and about.complaint is not None:
            return about.complaint
    return None


def proves(complaint: Complaint, email: str, references: Iterable[str]) -> bool:
    """Whether whoever names this complaint is likely to be heard on it.

    Either his address is that of a contact of the customer, or he answers a mail of ours about it: its Message-ID is
    as good as a secret.
    """
    if email and Contact.objects.filter(customer=complaint.customer_id, email=email, active=True).exists():
        return True
    ids = [f"<{each}>" for each in references]
    kind = ContentType.objects.get_for_model(Complaint)
    sent = Message.objects.filter(subject_type=kind, subject_pk=complaint.pk, message_id__in=ids)
    return bool(ids) and sent.exists()
