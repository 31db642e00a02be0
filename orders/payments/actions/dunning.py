"""Customers with overdue invoices are reminded in steps, by their owner and by finance (KC 5.1.11.9, JD 7.1)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.actions import keep_contact
from customers.models import Contact, Customer
from customers.models.channels import Channel
from orders.payments import forms, promises, reminding
from orders.payments.models import Dunning, DunningStep, Invoice, Reminder

D, C = Dunning.Status, DunningStep.Channel


@action(Customer, label=gettext_lazy("Begin to remind"), unless=only_the_system)
def open_dunning(customer: Customer, *, by: User) -> Dunning:
    """Begin a case for a customer with overdue invoices; its steps are proposed one after the other (JD 7.1)."""
    return Dunning.objects.create(
        number=next_number("DN"), customer=customer, owner=customer.owner, department=customer.department
    )


@action(Dunning, label=gettext_lazy("Propose a step"), source={D.OPEN}, unless=only_the_system)
def propose_step(dunning: Dunning, *, by: User, step: DunningStep) -> None:
    """Propose the step that fits the age of what is overdue, and tell whoever does it (JD 7.1)."""
    dunning.step, dunning.proposed_at = step, clock.now()
    if step.days <= dunning.done_days:
        dunning.done_days = 0  # what was reminded of is paid, and the steps begin anew with what became due later
    dunning.owner, dunning.department = dunning.customer.owner, dunning.customer.department
    invoices = reminding.overdue_of(dunning.customer_id)
    owner = None if step.who == DunningStep.Who.FINANCE else dunning.owner
    for user in reminding.finance_people() if owner is None else [owner]:
        queue.notify(
            user,
            "payments.proposed",
            about=dunning,
            context={
                "number": dunning.number,
                "customer": dunning.customer.name,
                "step": step.name,
                "step_en": step.name_en or step.name,
                "amount": reminding.sum_of(invoices),
                "days": invoices[0].days_overdue if invoices else 0,
                "suspends": step.suspends,
            },
            key=f"dunning-{dunning.pk}-{step.pk}-{dunning.version}",
        )


@action(Dunning, label=gettext_lazy("Follow the customer's owner"), source={D.OPEN}, unless=only_the_system)
def follow_owner(dunning: Dunning, *, by: User) -> None:
    """Give an open case to whoever looks after the customer now (C5)."""
    dunning.owner, dunning.department = dunning.customer.owner, dunning.customer.department


def _nothing_late(dunning: Dunning, by: User) -> Refused | None:
    if dunning.status == D.OPEN and not reminding.late_customers([dunning.customer_id]):
        return Refused("nothing_late", _("Nothing of this customer is overdue any more."))
    return None


def _by(channel: str) -> Callable[[Dunning, User], Refused | None]:
    """The guard of a way of reminding: where a step is proposed, it says by which way."""

    def unless(dunning: Dunning, by: User) -> Refused | None:
        if dunning.status == D.OPEN and dunning.step is not None and dunning.step.channel != channel:
            return Refused(
                "other_way",
                _("The step that is proposed is: %(step)s (%(way)s).")
                % {"step": dunning.step, "way": dunning.step.get_channel_display()},
                _("Do that one, or leave it out."),
            )
        return _nothing_late(dunning, by)

    return unless


def _remember(dunning: Dunning, channel: str, by: User, contact: Contact | None, **facts: str) -> Reminder:
    """Keep one reminder with the invoices as they are; the proposed step is done if this is its way."""
    step = dunning.step if dunning.step is not None and dunning.step.channel == channel else None
    invoices = reminding.overdue_of(dunning.customer_id)
    reminder = Reminder.objects.create(
        number=next_number("RM"),
        dunning=dunning,
        step=step,
        channel=channel,
        contact=contact,
        amount=reminding.sum_of(invoices),
        invoices=reminding.as_kept(invoices),
        by=by,
        **facts,
    )
    if step is not None:
        _do_step(dunning)
    return reminder


def _do_step(dunning: Dunning) -> None:
    if dunning.step is not None:
        dunning.done_days, dunning.step, dunning.proposed_at = dunning.step.days, None, None


@action(
    Dunning,
    label=gettext_lazy("Send the reminder by mail"),
    source={D.OPEN},
    form=forms.RemindForm,
    unless=_by(C.MAIL),
)
def send_reminder(dunning: Dunning, *, by: User, contact: Contact | None = None, text: str = "") -> None:
    """Send the customer the letter of the step by mail, with the list of his overdue invoices (JD 7.1)."""
    contact = contact or reminding.addressee(dunning)
    if contact is None:
        raise Refused("no_contact", _("There is nobody to tell."), _("Add a contact to the customer."))
    invoices = reminding.overdue_of(dunning.customer_id)
    text = _words(dunning, contact, invoices, text)
    reminder = _remember(dunning, C.MAIL, by, contact, text=text)
    queue.mail(
        contact=contact,
        template="payments.reminder",
        about=dunning,
        context={
            "number": reminder.number,
            "text": text,
            "amount": reminder.amount,
            "invoices": [
                {"number": each.number, "due_on": each.due_on, "open": each.open_amount, "days": each.days_overdue}
                for each in invoices
            ],
        },
        key=f"reminder-{reminder.pk}",
    )
    keep_contact(
        dunning.customer,
        by=by,
        channel=Channel.MAIL,
        contact=contact,
        what=_("Reminder %(number)s over %(amount)s.") % {"number": reminder, "amount": money(reminder.amount)},
    )


def _words(dunning: Dunning, contact: Contact | None, invoices: list[Invoice], text: str) -> str:
    """What the customer reads: as written, else the text of the step in his language. Raises Refused without one."""
    text = text or reminding.wording(dunning, dunning.step or _last_step(dunning), contact, invoices)
    if not text:
        raise Refused("no_text", _("No step has a text for this yet."), _("Write the text."))
    return text


def _last_step(dunning: Dunning) -> DunningStep | None:
    return DunningStep.objects.filter(days__lte=max(dunning.done_days, 1), active=True).order_by("-days").first()


@action(
    Dunning,
    label=gettext_lazy("Note a call"),
    source={D.OPEN},
    form=forms.CallForm,
    unless=_nothing_late,
)
def note_call(
    dunning: Dunning,
    *,
    by: User,
    said: str,
    contact: Contact | None = None,
    promised_on: date | None = None,
    promised_amount: Decimal | None = None,
) -> None:
    """Note what was said on the phone about what is overdue, and what was promised (JD 7.1)."""
    contact = contact or reminding.addressee(dunning)
    _remember(dunning, C.CALL, by, contact, said=said)
    keep_contact(dunning.customer, by=by, channel=Channel.PHONE, contact=contact, what=said)
    if promised_on is not None:
        _promise(dunning, contact, promised_on, promised_amount)


@action(
    Dunning,
    label=gettext_lazy("Write the letter"),
    source={D.OPEN},
    form=forms.RemindForm,
    unless=_by(C.LETTER),
)
def write_letter(dunning: Dunning, *, by: User, contact: Contact | None = None, text: str = "") -> Reminder:
    """Write the formal letter (催款函) over all that is overdue; it is printed, sealed and sent (JD 7.1)."""
    contact = contact or reminding.addressee(dunning)
    invoices = reminding.overdue_of(dunning.customer_id)
    text = _words(dunning, contact, invoices, text)
    return _remember(dunning, C.LETTER, by, contact, text=text)


def _promise(dunning: Dunning, contact: Contact | None, on: date, amount: Decimal | None) -> None:
    late = reminding.late_customers([dunning.customer_id]).get(dunning.customer_id)
    dunning.promised_on, dunning.promised_at = on, clock.now()
    dunning.promised_amount = amount or (late.amount if late else None)
    dunning.promised_by = contact.name if contact else ""
    dunning.step, dunning.proposed_at = None, None  # he is given until then


@action(
    Dunning,
    label=gettext_lazy("Note a promise to pay"),
    source={D.OPEN},
    form=forms.PromiseForm,
    unless=_nothing_late,
)
def note_promise(
    dunning: Dunning,
    *,
    by: User,
    said: str,
    promised_on: date,
    contact: Contact | None = None,
    promised_amount: Decimal | None = None,
) -> None:
    """Note until when the customer promised to pay; no step is proposed before that day (JD 7.1)."""
    keep_contact(dunning.customer, by=by, channel=Channel.PHONE, contact=contact, what=said)
    _promise(dunning, contact, promised_on, promised_amount)


@action(Dunning, label=gettext_lazy("The promise was kept"), source={D.OPEN}, unless=only_the_system)
def keep_promise(dunning: Dunning, *, by: User) -> None:
    """Note that as much came in as was promised; of what is overdue besides the steps go on (JD 7.1)."""
    dunning.promised_on = dunning.promised_amount = dunning.promised_at = None
    dunning.promised_by = ""


@action(Dunning, label=gettext_lazy("The promise was broken"), source={D.OPEN}, unless=only_the_system)
def break_promise(dunning: Dunning, *, by: User) -> None:
    """Count a promise that was not kept on its day; owner and finance are told (JD 7.1).

    Money that came in and is not matched yet keeps it, too.
    """
    if promises.is_kept(dunning, with_credit=True):
        keep_promise(dunning, by=User.objects.system("payments"))
        return
    dunning.broken += 1
    late = reminding.late_customers([dunning.customer_id]).get(dunning.customer_id)
    people = {each.pk: each for each in [*([dunning.owner] if dunning.owner else []), *reminding.finance_people()]}
    for user in people.values():
        queue.notify(
            user,
            "payments.broken",
            about=dunning,
            context={
                "number": dunning.number,
                "customer": dunning.customer.name,
                "promised_on": dunning.promised_on,
                "amount": late.amount if late else Decimal(0),
                "broken": dunning.broken,
            },
            key=f"dunning-{dunning.pk}-broken-{dunning.broken}",
        )


def _no_step(dunning: Dunning, by: User) -> Refused | None:
    return None if dunning.step_id else Refused("no_step", _("No step is proposed."))


@action(Dunning, label=gettext_lazy("Leave the step out"), source={D.OPEN}, form=ReasonForm, unless=_no_step)
def skip_step(dunning: Dunning, *, by: User, reason: str) -> None:
    """Leave the proposed step out, with the reason, which stays in the log; the next one comes in its time (JD 7.1)."""
    _do_step(dunning)


@action(Dunning, label=gettext_lazy("Everything is paid"), source={D.OPEN}, target=D.ENDED, unless=only_the_system)
def end_dunning(dunning: Dunning, *, by: User) -> None:
    """End the case because nothing is overdue any more (JD 7.1)."""
    dunning.ended_at, dunning.step, dunning.proposed_at = clock.now(), None, None
