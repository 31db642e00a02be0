"""What becomes of a message that came in: a complaint, more evidence of one, or nothing (ZT 5.1, ZT 4.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.linked import add_to_complaint
from complaints.actions.receiving import goods_of, take_in
from complaints.inbox import forms, matching
from complaints.inbox.answering import answer
from complaints.inbox.models import Incoming
from complaints.models import Complaint, Evidence
from complaints.parties import SALES
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.attachments import attach, content_of
from crm.records.models import Attachment
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from customers.actions import add_contact, create_customer
from customers.models import Channel, Contact, ContactEntry, Customer
from orders.models import Order
from pickup.models import Pickup

S, CC = Incoming.Status, Complaint.Channel
CHANNELS = {Incoming.Channel.MAIL: CC.MAIL, Incoming.Channel.WEB: CC.WEB}
OF_TALKS = {
    Channel.PHONE: CC.HOTLINE,
    Channel.MAIL: CC.MAIL,
    Channel.VISIT: CC.VISIT,
    Channel.MEETING: CC.VISIT,
}
ADDED_TEXT = 2000  # characters of a piece of evidence


class Private(dict[str, str]):
    """What a stranger wrote of himself and of his matter, by the names of Incoming; the log keeps no word of it."""

    def __str__(self) -> str:
        return "****"


@action(None, label=gettext_lazy("Receive a message"), form=forms.ReceiveForm, unless=only_the_system)
def receive_incoming(
    *,
    by: User,
    channel: str,
    message: Private,
    received_at: datetime | None = None,
    references: Iterable[str] = (),
    files: Iterable[Any] = (),
    left_out: Iterable[list[Any]] = (),
    **facts: Any,
) -> Incoming:
    """Keep what came in, with its files, and tell sender and clerk; an answer to a complaint goes there (ZT 5.1).

    `files` are what is to be attached; what is not taken joins `left_out` ([name, bytes, code] of each).
    """
    email = message.get("email", "")
    contact = matching.contact_of(email, message.get("phone", ""))
    named = matching.named_in(message.get("subject", "")) or matching.answered_by(email, references)
    automatic = facts.get("automatic", "")
    heard = named is not None and not automatic and matching.proves(named, email, references)
    known = heard and named is not None and named.status in Complaint.OPEN
    owner = contact.customer.owner if contact else None
    department = (owner.department if owner else None) or Department.objects.filter(code=SALES).first()
    item = Incoming.objects.create(
        number=next_number("LJ"),
        status=S.ADDED if known else S.AUTOMATIC if automatic else S.NEW,
        channel=channel,
        received_at=received_at or clock.now(),
        contact=contact,
        customer=contact.customer if contact else None,
        named=named,
        complaint=named if known else None,
        owner=owner,
        department=department,
        left_out=[*left_out],
        **message,
        **facts,
    )
    _keep_files(item, files, by=by)
    if known and named is not None:
        _put(item, named)
    if item.status == S.NEW:
        _tell(item, by=by)
    if item.status == S.NEW or item.left_out:
        answer(item, by=by)
    return item


def _keep_files(item: Incoming, files: Iterable[Any], *, by: User) -> None:
    """Attach what is taken; what is not is named with its reason."""
    refused = []
    for each in files:
        try:
            attach(item, each, by=by, kind="incoming")
        except ValidationError as error:
            refused.append([str(each.name or ""), each.size, error.code or error.error_list[0].code or "kind"])
    if refused:
        item.left_out = [*item.left_out, *refused]
        Incoming.objects.filter(pk=item.pk).update(left_out=item.left_out)


def _tell(item: Incoming, *, by: User) -> None:
    """Ring the bell of who looks after the customer, else of the head of sales."""
    who = item.owner or (item.department.head if item.department else None)
    if who is not None and not who.is_system and who != by:
        context = {"number": item.number, "sender": item.sender, "subject": item.subject}
        queue.notify(who, "inbox.new", about=item, context=context, key=f"incoming-{item.pk}")


def files_of(item: Incoming) -> list[Attachment]:
    """The files that came with it, in their order."""
    return list(Attachment.objects.about(item).order_by("pk"))


def copies_of(item: Incoming) -> list[ContentFile]:
    """Its files once more, to be kept with another record: a message is forgotten one day, a complaint is not."""
    return [ContentFile(b"".join(content_of(each)), name=each.name) for each in files_of(item)]


def _put(item: Incoming, complaint: Complaint) -> None:
    """Add it to a complaint as what the customer says, which somebody judges."""
    copies = copies_of(item)
    add_to_complaint(
        complaint,
        by=User.objects.system("links"),
        text=item.words[:ADDED_TEXT] or _("Files by mail"),
        photo=copies[0] if copies else None,
        more=copies[1:],
    )


@action(
    Incoming,
    label=gettext_lazy("Make a complaint of it"),
    source={S.NEW},
    target=S.COMPLAINT,
    form=forms.ComplaintForm,
)
def make_complaint(
    item: Incoming,
    *,
    by: User,
    category: str,
    content: str,
    wish: str = "",
    customer: Customer | None = None,
    new_customer: str = "",
    contact: Contact | None = None,
    keep_sender: bool = False,
    order: Order | None = None,
    pickup: Pickup | None = None,
) -> Complaint:
    """Open a complaint of it, received when it came; its files are evidence, a stranger a prospect (ZT 5.1)."""
    if customer is None:
        customer = prospect_of(item, new_customer, by=by)
        contact = customer.contacts.first()
    elif keep_sender and contact is None:
        contact = add_contact(customer, by=User.objects.system("complaints"), **sender_of(item))
    complaint = take_in(
        customer,
        by=by,
        channel=CHANNELS[Incoming.Channel(item.channel)],
        category=category,
        content=content,
        wish=wish,
        contact=contact,
        order=order,
        pickup=pickup,
        received_at=item.received_at,
        round_at=item.received_at,
        **(goods_of(pickup, None) if pickup is not None else {}),
    )
    for each in copies_of(item):
        Evidence.objects.create(
            complaint=complaint,
            what=str(each.name),
            source=Evidence.Source.CUSTOMER,
            taken_by=item.sender[:60],
            taken_at=item.received_at,
            file=attach(complaint, each, by=by, kind="evidence"),
            added_by=User.objects.system("links"),  # it is the customer's: who makes the complaint may judge it
        )
    item.customer, item.complaint = customer, complaint
    _done(item, by)
    return complaint


def _done(item: Incoming, by: User) -> None:
    item.done_by, item.done_at = by, clock.now()


def sender_of(item: Incoming) -> dict[str, Any]:
    """The sender as a contact of the customer whom he belongs to."""
    return {
        "name": item.sender[:60],
        "mobile": item.phone,
        "email": item.email,
        "language": item.language,
    }


def prospect_of(item: Incoming, name: str, *, by: User) -> Customer:
    """A potential customer, whose contact is the sender; sales looks after him."""
    sales = Department.objects.filter(code=SALES).select_related("head").first()
    seller = by if sales is not None and by.department_id == sales.pk else (sales.head if sales else None)
    return create_customer(
        by=User.objects.system("complaints"),
        code="",
        owner=seller or by,
        address="",
        contacts=[sender_of(item)],
        name=name,
        status=Customer.Status.POTENTIAL,
    )


def _not_closed(complaint: Complaint) -> None:
    if complaint.status not in Complaint.OPEN:
        raise Refused(
            "closed",
            _("Complaint %(number)s is closed.") % {"number": complaint},
            _("Make a complaint of its own of the message."),
        )


@action(Incoming, label=gettext_lazy("Put to a complaint"), source={S.NEW}, target=S.ADDED, form=forms.PutForm)
def put_to_complaint(item: Incoming, *, by: User, complaint: Complaint) -> None:
    """Add text and files to a complaint that exists, as the customer's word (ZT 5.1)."""
    _not_closed(complaint)
    _put(item, complaint)
    item.complaint, item.customer = complaint, complaint.customer
    _done(item, by)


@action(Incoming, label=gettext_lazy("Set aside"), source={S.NEW}, target=S.ASIDE, form=ReasonForm)
def set_aside(item: Incoming, *, by: User, reason: str) -> None:
    """Put away what is no complaint, with the reason; it is forgotten after its time."""
    item.reason = reason
    _done(item, by)


@action(Incoming, label=gettext_lazy("Look at it after all"), source={S.ASIDE, S.AUTOMATIC}, target=S.NEW)
def look_again(item: Incoming, *, by: User) -> None:
    """Take back what was set aside, or taken for an automatic message."""
    item.reason = ""
    item.done_by = item.done_at = None


def _not_made_yet(entry: ContactEntry) -> None:
    """Asked where it is done, not for each button: a customer's page shows many entries. Raises Refused."""
    item = Incoming.objects.filter(entry=entry.pk).select_related("complaint").first()
    if item is not None:
        raise Refused("made", _("Complaint %(number)s was made of it already.") % {"number": item.complaint})


@action(ContactEntry, label=gettext_lazy("Make a complaint of it"), form=forms.TalkForm)
def complain_of_talk(
    entry: ContactEntry,
    *,
    by: User,
    category: str,
    content: str,
    wish: str = "",
    order: Order | None = None,
    pickup: Pickup | None = None,
    photo: Any = None,
) -> Complaint:
    """Open a complaint of what a customer said in a call, at a visit or a return visit (ZT 5.1, ZT 4.1)."""
    _not_made_yet(entry)
    complaint = take_in(
        entry.customer,
        by=by,
        photo=photo,
        channel=OF_TALKS.get(Channel(entry.channel), CC.OTHER),
        category=category,
        content=content,
        wish=wish,
        contact=entry.contact,
        order=order,
        pickup=pickup,
        **(goods_of(pickup, None) if pickup is not None else {}),
    )
    Incoming.objects.create(
        number=next_number("LJ"),
        status=S.COMPLAINT,
        channel=Incoming.Channel.TALK,
        received_at=clock.now(),
        name=str(entry.contact or "")[:120],
        text=entry.what,
        customer=entry.customer,
        contact=entry.contact,
        complaint=complaint,
        entry=entry,
        owner=complaint.owner,
        department=complaint.department,
        done_by=by,
        done_at=clock.now(),
    )
    return complaint
