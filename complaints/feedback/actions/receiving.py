"""Sales gathers what customers raise, and passes it on to the department concerned (ZT 4.2, KF 3.4.1)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.feedback import forms, telling
from complaints.feedback.models import Feedback, Passing
from complaints.feedback.people import answers_for, manager_for
from complaints.feedback.telling import News
from complaints.parties import looks_after
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import only_its_owner, speakers
from crm.actions import action
from crm.records.attachments import attach_all
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Channel, Contact, ContactEntry, Customer
from orders.catalog.models import Product
from orders.models import Order

TAKEN_WITHIN = timedelta(days=60)  # of the talk
S, Kind, About, Way = Feedback.Status, Feedback.Kind, Feedback.About, Feedback.Way
WAYS = {
    Channel.PHONE: Way.PHONE,
    Channel.MAIL: Way.MAIL,
    Channel.WECHAT: Way.WECHAT,
    Channel.VISIT: Way.VISIT,
    Channel.LINK: Way.WEB,
}


def take_in(customer: Customer, *, by: User, files: Iterable[File] = (), **facts: Any) -> Feedback:
    """Number it, give it to whoever looks after it, and tell him and the customer.

    To be called from a verb's body; `facts` are the feedback's.
    """
    contact = facts.pop("contact", None)
    order = facts.get("order")
    owner = looks_after((order.owner if order else None, customer.owner), "feedback.pass_on_feedback", by)
    if facts["about"] == About.STAFF:
        owner = manager_for(owner, facts.get("staff"))
    feedback = Feedback(
        number=next_number("FK"),
        customer=customer,
        contact=contact or customer.contacts.filter(active=True).order_by("-main", "pk").first(),
        owner=owner,
        department=owner.department or by.department,
        received_by=by,
        **facts,
    )
    feedback.save()
    if kept := list(files):
        attach_all(feedback, kept, by=by, kind="feedback")
    telling.tell(feedback, News.RECEIVED, [owner], by=by)
    telling.mail_number(feedback, by=by)
    return feedback


@action(Customer, label=gettext_lazy("Receive feedback"), form=forms.ReceiveForm)
def receive_feedback(
    customer: Customer,
    *,
    by: User,
    channel: str,
    content: str,
    kind: str = Kind.SUGGESTION,
    about: str = About.OTHER,
    staff: User | None = None,
    contact: Contact | None = None,
    order: Order | None = None,
    product: Product | None = None,
    file: File | None = None,
    files: Iterable[File] = (),
) -> Feedback:
    """Write down what a customer suggests, wishes, asks or grumbles about, that is no complaint (ZT 4.2, KF 3.4.1).

    `files` are for callers that have several, such as a mail with attachments; a form has one.
    """
    return take_in(
        customer,
        by=by,
        files=[*([file] if file is not None else []), *files],
        channel=channel,
        kind=kind,
        about=about,
        staff=staff,
        content=content,
        contact=contact,
        order=order,
        product=product,
    )


def _long_ago(entry: ContactEntry, by: User) -> Refused | None:
    """What nobody took up in time is asked for anew; that one was is asked where it is done, for logs are long."""
    if entry.at > clock.now() - TAKEN_WITHIN:
        return None
    return Refused(
        "long_ago",
        _("This talk lies more than %(days)s days back.") % {"days": TAKEN_WITHIN.days},
        _("Receive it as feedback on the page of the customer."),
    )


@action(ContactEntry, label=gettext_lazy("Take as feedback"), form=forms.EntryForm, unless=_long_ago)
def take_as_feedback(
    entry: ContactEntry, *, by: User, kind: str, about: str, content: str, staff: User | None = None
) -> Feedback:
    """Take up as feedback what a customer said in a talk that is in the contact log, once (ZT 4.2, KF 3.4.1)."""
    if (known := Feedback.objects.filter(entry=entry).first()) is not None:
        raise Refused("already_feedback", _("This talk was taken up already: %(number)s.") % {"number": known.number})
    way = WAYS.get(Channel(entry.channel), Way.OTHER)
    return take_in(
        entry.customer,
        by=by,
        channel=way,
        kind=kind,
        about=about,
        staff=staff,
        content=content,
        contact=entry.contact,
        entry=entry,
    )


def passed(feedback: Feedback, department: Department, *, by: User, words: str = "", why: str = "") -> None:
    """Give it to a department, from now on; what is said of one of our people goes to its head alone.

    `words` say what to look at; `why` is the reason of the department that sent it back.
    """
    feedback.addressee = None
    if feedback.confidential:
        feedback.addressee = answers_for(department, feedback.staff)
        if feedback.addressee is None:
            raise Refused(
                "nobody_to_answer",
                _("Nobody in %(department)s may answer this.") % {"department": department},
                _("Choose a department with a head whom it is not about."),
            )
    feedback.concerned, feedback.passed_at = department, clock.now()
    Passing.objects.create(feedback=feedback, department=department, by=by, at=feedback.passed_at, words=words)
    if feedback.addressee is not None:
        telling.let_see(feedback, user=feedback.addressee)
        people = [feedback.addressee]
    else:
        telling.let_see(feedback, department=department)
        people = speakers([department])
    telling.tell(feedback, News.PASSED, people, by=by, words=words or why)


@action(
    Feedback,
    label=gettext_lazy("Pass on to a department"),
    source={S.RECEIVED},
    target=S.PASSED,
    form=forms.PassForm,
    unless=only_its_owner,
)
def pass_on_feedback(
    feedback: Feedback,
    *,
    by: User,
    department: Department,
    words: str = "",
    kind: str = "",
    about: str = "",
    staff: User | None = None,
) -> None:
    """Pass it on to the department that answers it; its time begins (ZT 4.2)."""
    feedback.kind, feedback.about = kind or feedback.kind, about or feedback.about
    feedback.staff = (staff or feedback.staff) if feedback.confidential else None
    if feedback.confidential:
        telling.hide(feedback)
        feedback.owner = manager_for(feedback.owner, feedback.staff)
        feedback.department = feedback.owner.department or feedback.department
    passed(feedback, department, by=by, words=words)


@action(
    Feedback,
    label=gettext_lazy("Entered by mistake"),
    source={S.RECEIVED},
    target=S.DROPPED,
    form=forms.ReasonForm,
)
def drop_feedback(feedback: Feedback, *, by: User, reason: str) -> None:
    """Put aside what was entered twice or is no feedback at all, with the reason, before anybody has it."""
    feedback.reason, feedback.closed_at = reason, clock.now()
