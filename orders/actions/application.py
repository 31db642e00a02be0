"""The application form: filled in, taken over from elsewhere, revised, handed in (JD 2.2)."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import Forbidden, Refused
from crm.statements import Statement, insert, insert_keyed, related
from customers.models import Contact, Customer
from customers.tiers.service import service_of
from orders import forms
from orders.catalog.money import MOST
from orders.held import held
from orders.inquiries.models import Inquiry
from orders.models import Line, Order
from orders.pricing import priced_lines

S = Order.Status


def _priced(order: Order, lines: list[dict[str, Any]]) -> list[Line]:
    """The lines with their prices, to be written once the order is; the order gets their sums.

    A line without a price has the list price less the discount of the customer's tier, never below the lowest (C5).
    """
    service = service_of(related(order, "customer").tier)
    order.priority = service.priority
    rows = [Line(order=order, **facts) for facts in priced_lines(lines, service)]
    order.total = sum((row.amount for row in rows), Decimal(0))
    order.tax = sum((row.tax for row in rows), Decimal(0))
    order.low_price = any(row.is_cheap for row in rows)
    if order.total > MOST:
        raise Refused("too_much", _("The order is worth more than can be written down."), _("Check the quantities."))
    return rows


MAIN_CONTACT = Statement(
    lambda customer: (
        Contact.objects.filter(customer=customer, active=True).order_by("-main", "pk").values_list("pk")[:1]
    )
)


def _main_contact(customer: Customer) -> int | None:
    """The key of the contact whom an order is confirmed with where it names nobody."""
    return next((pk for (pk,) in MAIN_CONTACT(customer.pk)), None)


def _apply(
    *,
    by: User,
    customer: Customer,
    contact: Contact | None,
    lines: list[Any],
    draft: bool,
    applicant: User | None = None,
    **facts: Any,
) -> Order:
    """Write the application down; unless it is a draft it goes to the review at once.

    `applicant` is who looks after it, where somebody else (the customer by his link) fills it in. The payment terms
    are the customer's own, unless others were agreed on (an accepted quotation).
    """
    applicant = applicant or by
    order = Order(
        customer=customer,
        contact_id=contact.pk if contact else _main_contact(customer),
        applied_by=applicant,
        department_id=customer.department_id or applicant.department_id,
        received_at=clock.now(),
        **({} if draft else _handed_in(by)),
        **{"payment_terms": customer.payment_terms, "payment_days": customer.payment_days, **facts},
    )
    rows = _priced(order, lines)
    order.number = next_number("SO")
    insert_keyed([order])
    insert(rows)
    return order


def _handed_in(by: User) -> dict[str, Any]:
    """What a new application has that is handed in at once: written with it rather than after it.

    Raises Forbidden for whoever may not hand one in.
    """
    if not by.has_perm(submit_order.name):
        raise Forbidden(submit_order.name, submit_order.label)
    return {"status": S.SUBMITTED, "submitted_at": clock.now()}


@action(None, label=gettext_lazy("New order"), form=forms.NewApplicationForm)
def apply_order(*, by: User, draft: bool = False, **application: Any) -> Order:
    """Fill in the order application form (JD 2.2)."""
    return _apply(by=by, draft=draft, **application)


@action(None, label=gettext_lazy("Take over an order"), form=forms.TakeOverForm)
def take_over_order(
    *, by: User, history: bool = False, ordered_on: date | None = None, draft: bool = False, **application: Any
) -> Order:
    """Take over an order from another system: one that still runs into the review, history as closed (JD 2.2)."""
    if not history:
        return _apply(by=by, draft=draft, **application)
    begun = timezone.make_aware(datetime.combine(ordered_on or application["wanted_on"], time(12)))
    order = _apply(by=by, draft=True, status=S.CLOSED, history=True, closed_at=clock.now(), **application)
    order.received_at = min(begun, clock.now())
    order.lines.update(collected=F("quantity") * F("factor"))
    order.save(update_fields=["received_at"])
    return order


def _ordered(inquiry: Inquiry, by: User) -> Refused | None:
    if inquiry.status == Inquiry.Status.CLOSED:
        return Refused("closed", _("This inquiry was closed without intent."))
    if Order.objects.filter(inquiry=inquiry).exists():
        return Refused("ordered", _("There is an order of this inquiry already."))
    return None


@action(
    Inquiry,
    label=gettext_lazy("Make an order"),
    source={Inquiry.Status.OPEN, Inquiry.Status.PASSED, Inquiry.Status.ANSWERED},
    target=Inquiry.Status.ORDERED,
    form=forms.InquiryApplicationForm,
    unless=_ordered,
)
def order_inquiry(inquiry: Inquiry, *, by: User, customer: Customer, draft: bool = False, **application: Any) -> Order:
    """Fill in the application form from an inquiry, once intent is confirmed (JD 2.2)."""
    inquiry.customer = inquiry.customer or customer
    return _apply(by=by, customer=customer, draft=draft, inquiry=inquiry, **application)


@action(
    Order,
    label=gettext_lazy("Revise the application"),
    source={S.DRAFT, S.RETURNED, S.ALLOCATED, S.ACCEPTED},
    target={S.DRAFT, S.RETURNED, S.SUBMITTED},
    form=forms.RevisionForm,
    unless=held,
)
def revise_order(
    order: Order, *, by: User, lines: list[dict[str, Any]], contact: Contact | None = None, **facts: Any
) -> str:
    """Mend the application until the customer confirms it; what was reviewed is reviewed again (JD 2.2)."""
    for name, value in facts.items():
        setattr(order, name, value)
    order.contact = contact or order.contact
    order.price_reason = ""
    rows = _priced(order, lines)
    order.lines.all().delete()
    Line.objects.bulk_create(rows)
    if order.status in (S.DRAFT, S.RETURNED):
        return order.status
    order.submitted_at = clock.now()
    return S.SUBMITTED


@action(Order, label=gettext_lazy("Submit for review"), source={S.DRAFT, S.RETURNED}, target=S.SUBMITTED)
def submit_order(order: Order, *, by: User) -> None:
    """Hand the application in for its preliminary review (JD 2.2)."""
    order.submitted_at, order.mend = clock.now(), ""
