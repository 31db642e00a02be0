"""The life of a customer's record: learned of, entered, kept right, talked with."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.edits import editing
from crm.inputs import ReasonForm
from crm.links.making import make_link
from crm.opposites import opposite
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_customer
from customers import forms
from customers.models import (
    Address,
    ChangeReport,
    Contact,
    ContactEntry,
    Customer,
    Document,
    Note,
    ReportedField,
    Task,
)

LINK_LASTS = timedelta(days=14)


def _new_customer(
    *, by: User, code: str, owner: User | None, address: str, contacts: list[Any], **facts: Any
) -> Customer:
    """Save the record with its address and people; the first contact is the main one."""
    owner = owner or by
    customer = Customer.objects.create(
        code=code or _next_code(), owner=owner, department=owner.department, verified_by=by, **facts
    )
    if address:
        Address.objects.create(customer=customer, text=address, region=customer.region)
    for position, line in enumerate(contacts):
        Contact.objects.create(customer=customer, main=position == 0, **line)
    return customer


def _next_code() -> str:
    """The next number of the series; one that somebody gave by hand is passed over."""
    while Customer.objects.filter(code=(code := next_number("C"))).exists():
        pass
    return code


@action(None, label=gettext_lazy("Note customer information"), form=forms.NoteForm)
def note_information(*, by: User, owner: User | None, **facts: Any) -> Note:
    """Write down what was learned of a customer, for sales to enter (ZT 2.1, 2.2)."""
    department = owner.department if owner else None
    return Note.objects.create(received_by=by, owner=owner, department=department, **facts)


@action(
    Note,
    label=gettext_lazy("Enter as a new customer"),
    source={Note.Status.OPEN},
    target=Note.Status.ENTERED,
    form=forms.NewCustomerForm,
)
def enter_customer(note: Note, *, by: User, **record: Any) -> Customer:
    """Make a customer's record of what was learned (ZT 2.2, KH 2.1)."""
    note.customer = _new_customer(by=by, **record)
    return note.customer


@action(
    Note,
    label=gettext_lazy("Belongs to a known customer"),
    source={Note.Status.OPEN},
    target=Note.Status.ENTERED,
    form=forms.MatchNoteForm,
)
def match_note(note: Note, *, by: User, customer: Customer) -> None:
    """Put what was learned to a record that exists already (ZT 2.2)."""
    note.customer = customer


@action(
    Note,
    label=gettext_lazy("Dismiss"),
    source={Note.Status.OPEN},
    target=Note.Status.DISMISSED,
    form=ReasonForm,
)
def dismiss_note(note: Note, *, by: User, reason: str) -> None:
    """Put information aside that is no customer's, with the reason."""
    note.reason = reason


@action(None, label=gettext_lazy("New customer"), form=forms.NewCustomerForm)
def create_customer(*, by: User, **record: Any) -> Customer:
    """Enter a customer with his people (ZT 2.1, KH 2.1, JD 4.1)."""
    return _new_customer(by=by, **record)


@action(Customer, label=gettext_lazy("Verify the record"), form=forms.VerifyForm)
def verify_customer(customer: Customer, *, by: User, remarks: str = "") -> None:
    """State that the record was checked and is right as it stands (ZT 2.3, KH 2.4)."""
    customer.verified_at, customer.verified_by = clock.now(), by


change_customer = editing(Customer, forms.CustomerForm)


@action(Customer, label=gettext_lazy("Set the relation"), target=set(Customer.Status.values), form=forms.RelationForm)
def set_relation(customer: Customer, *, by: User, relation: str) -> str:
    """Say whether this is a potential, new, active, dormant or lost customer (KH 2.2)."""
    return relation


@action(Customer, label=gettext_lazy("Assign to an owner"), form=forms.AssignForm)
def assign_customer(customer: Customer, *, by: User, owner: User, reason: str = "") -> None:
    """Give the customer to another owner; history, tasks and deadlines stay (C5)."""
    if owner == customer.owner:
        raise Refused("same_owner", _("%(name)s owns this customer already.") % {"name": owner})
    customer.owner, customer.department = owner, owner.department
    queue.notify(
        owner,
        "customers.assigned",
        about=customer,
        context={"customer": customer.name, "by": by.display_name, "reason": reason},
        key=f"customer-assigned-{customer.pk}-{customer.version}",
    )


opposite(assign_customer, restores=["owner"], follows=["department"])


@action(Customer, label=gettext_lazy("Set payment terms"), form=forms.TermsForm)
def set_payment_terms(customer: Customer, *, by: User, payment_terms: str, payment_days: int = 0) -> None:
    """Say whether the customer pays before pickup, on pickup, or on account within days (JD 7.1)."""
    customer.payment_terms, customer.payment_days = payment_terms, payment_days


def _supplied(customer: Customer, by: User) -> Refused | None:
    if customer.supply_suspended:
        return Refused(
            "suspended", _("Supply is suspended already: %(reason)s") % {"reason": customer.suspension_reason}
        )
    return None


def _suspended(customer: Customer, by: User) -> Refused | None:
    return None if customer.supply_suspended else Refused("not_suspended", _("Supply is not suspended."))


@action(Customer, label=gettext_lazy("Suspend supply"), form=ReasonForm, unless=_supplied)
def suspend_supply(customer: Customer, *, by: User, reason: str) -> None:
    """Stop handing over goods to this customer, with the reason (ZT 6.1, JD 7.1)."""
    customer.supply_suspended, customer.suspension_reason = True, reason


@action(Customer, label=gettext_lazy("Resume supply"), form=ReasonForm, unless=_suspended)
def resume_supply(customer: Customer, *, by: User, reason: str) -> None:
    """Let the customer have goods again; why stays in the log (ZT 6.1, JD 7.1)."""
    customer.supply_suspended, customer.suspension_reason = False, ""


@action(Customer, label=gettext_lazy("Add a contact"), form=forms.ContactForm)
def add_contact(customer: Customer, *, by: User, **facts: Any) -> Contact:
    """Add a person at the customer's (ZT 2.1, KH 2.1)."""
    return Contact.objects.create(customer=customer, **facts)


change_contact = editing(Contact, forms.ContactForm)


def _still_there(contact: Contact, by: User) -> Refused | None:
    return None if contact.active else Refused("left", _("This contact has left already."))


@action(Contact, label=gettext_lazy("Has left"), unless=_still_there)
def retire_contact(contact: Contact, *, by: User) -> None:
    """Keep a contact who is no longer there, but offer him no more."""
    contact.active = contact.main = False


@action(Customer, label=gettext_lazy("Add an address"), form=forms.AddressForm)
def add_address(customer: Customer, *, by: User, **facts: Any) -> Address:
    """Add an address (ZT 2.1)."""
    return Address.objects.create(customer=customer, **facts)


change_address = editing(Address, forms.AddressForm)


@action(Customer, label=gettext_lazy("Add a paper"), form=forms.DocumentForm)
def add_document(customer: Customer, *, by: User, upload: Any = None, **facts: Any) -> Document:
    """Add a licence copy or another paper with its number and expiry (ZT 2.1)."""
    file = attach(customer, upload, by=by, kind=facts["kind"]) if upload else None
    return Document.objects.create(customer=customer, file=file, **facts)


@action(
    Document,
    label=gettext_lazy("Renew"),
    source={Document.Status.VALID},
    target=Document.Status.REPLACED,
    form=forms.RenewDocumentForm,
)
def renew_document(document: Document, *, by: User, expires_on: Any, number: str = "", upload: Any = None) -> Document:
    """Put a renewed paper in the old one's place; the old one is kept (ZT 2.1)."""
    customer = document.customer
    return Document.objects.create(
        customer=customer,
        kind=document.kind,
        title=document.title,
        number=number or document.number,
        expires_on=expires_on,
        file=attach(customer, upload, by=by, kind=document.kind) if upload else None,
    )


@action(Customer, label=gettext_lazy("Report a change"), form=forms.ReportChangeForm)
def report_change(customer: Customer, *, by: User, lines: list[dict[str, Any]], **facts: Any) -> ChangeReport:
    """Report that details of the customer have changed, for his owner to decide (ZT 2.1, 2.3, KH 2.4)."""
    report = ChangeReport.objects.create(customer=customer, reported_by=by, **facts)
    for line in lines:
        target = line["contact"] or customer
        ReportedField.objects.create(
            report=report,
            contact=line["contact"],
            field=line["field"],
            old=getattr(target, line["field"]) or "",
            new=line["value"],
        )
    return report


@action(Customer, label=gettext_lazy("Tell us what has changed"), form=forms.TellForm, unless=only_the_customer)
def tell_change(customer: Customer, *, by: User, text: str) -> Note:
    """Take down in the customer's own words what has changed, for sales to enter (ZT 2.3)."""
    return note_information(
        by=by, owner=customer.owner, name=customer.name, text=text, source=Note.Source.OTHER, customer=customer
    )


@action(
    ChangeReport,
    label=gettext_lazy("Decide the change"),
    source={ChangeReport.Status.OPEN},
    target=ChangeReport.Status.DECIDED,
    form=forms.DecideChangeForm,
)
def decide_change(report: ChangeReport, *, by: User, accept: Any, decision: str = "") -> None:
    """Accept or reject each reported field; what is accepted goes into the record at once (ZT 2.3, KH 2.4)."""
    report.decision = decision
    accepted = {field.pk for field in accept}
    changes: dict[Customer | Contact, dict[str, str]] = {}
    for field in report.fields.select_related("contact", "report__customer"):
        field.accepted = field.pk in accepted
        field.save(update_fields=["accepted"])
        if field.accepted:
            changes.setdefault(field.target, {})[field.field] = field.new
    for target, values in changes.items():
        verb = change_contact if isinstance(target, Contact) else change_customer
        verb(target, by=by, **values)  # type: ignore[arg-type]


def keep_contact(customer: Customer, *, by: User, channel: str, what: str, contact: Contact | None = None) -> None:
    """Keep in the contact log what another verb is about; the right to that verb is enough (C7)."""
    ContactEntry.objects.create(customer=customer, by=by, channel=channel, what=what, contact=contact, at=clock.now())


@action(Customer, label=gettext_lazy("Log a contact"), form=forms.LogContactForm)
def log_contact(customer: Customer, *, by: User, next_step: str = "", due_on: Any = None, **facts: Any) -> ContactEntry:
    """Keep what was said with the customer, and the next step as a dated task (KF 3.1.1, 3.3.3)."""
    entry = ContactEntry.objects.create(customer=customer, by=by, **facts)
    if next_step:
        plan_task(customer, by=by, what=next_step, due_on=due_on, owner=by, entry=entry)
    return entry


@action(Customer, label=gettext_lazy("Plan a task"), form=forms.TaskForm)
def plan_task(
    customer: Customer,
    *,
    by: User,
    what: str,
    due_on: Any,
    owner: User | None = None,
    entry: ContactEntry | None = None,
) -> Task:
    """Plan a next step with this customer until a day (KF 3.3.3)."""
    return Task.objects.create(customer=customer, what=what, due_on=due_on, owner=owner or by, entry=entry)


@action(Task, label=gettext_lazy("Done"), source={Task.Status.OPEN}, target=Task.Status.DONE, form=forms.OutcomeForm)
def finish_task(task: Task, *, by: User, outcome: str = "") -> None:
    """Tick off a task, with what came of it."""
    task.outcome = outcome


@action(Task, label=gettext_lazy("Drop"), source={Task.Status.OPEN}, target=Task.Status.DROPPED, form=ReasonForm)
def drop_task(task: Task, *, by: User, reason: str) -> None:
    """Give a task up, with the reason."""
    task.outcome = reason


@action(Customer, label=gettext_lazy("Ask the customer to check his details"), form=forms.DetailsLinkForm)
def ask_for_details(customer: Customer, *, by: User, contact: Contact) -> None:
    """Mail a contact a link under which he confirms the record or says what has changed (ZT 2.3, KH 2.4)."""
    link, url = make_link(
        "customers.details",
        customer,
        by=by,
        contact_name=contact.name,
        language=contact.language,
        valid_for=LINK_LASTS,
    )
    queue.mail(
        contact=contact,
        template="customers.details",
        about=customer,
        context={"contact": contact.name, "customer": customer.name, "link": url},
        key=f"customer-details-{link.pk}",
    )
