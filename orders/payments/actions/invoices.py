"""Invoices come to be what a customer owes, are paid as the order's payments say, or are voided (KC 5.1.11.8-9)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.models import Customer
from orders.models import Order
from orders.payments import forms
from orders.payments.cases import keep_what_was_promised
from orders.payments.models import Invoice
from orders.payments.spreading import invoiced, spread

S, OS = Invoice.Status, Order.Status

# Apps above are told of a voided invoice, in the same transaction and under the lock of its order.
CANCELLED: list[Callable[[Invoice], None]] = []


def due_day(order: Order, issued_on: date) -> date:
    """When an invoice of that day is to be paid: after the order's days to pay, at once where it is not on account."""
    on_account = order.payment_terms == Customer.Terms.CREDIT
    return issued_on + timedelta(days=order.payment_days if on_account else 0)


def more_than_invoiced(order: Order, amount: Decimal) -> Refused | None:
    """Why so much cannot be credited (`amount` is below nothing): no more of the order is invoiced."""
    if amount >= 0 or (left := invoiced(order)) + amount >= 0:
        return None
    return Refused(
        "more_than_invoiced",
        _("%(amount)s would be credited; only %(left)s of the order is invoiced.")
        % {"amount": money(-amount), "left": money(left)},
        _(
            "First post the invoice for the goods that left; or refuse the memo, and agree with the customer on"
            " another amount."
        ),
    )


def not_to_be_invoiced(order: Order, amount: Decimal) -> Refused | None:
    """Why so much of an order is not invoiced: it is a draft, or was given up; what was invoiced is still credited."""
    if order.status == OS.DRAFT or (order.status == OS.CANCELLED and amount > 0):
        return Refused("not_to_be_invoiced", _("A draft or a cancelled order has no invoices."))
    return None


@action(Order, label=gettext_lazy("Book an invoice"), unless=only_the_system)
def book_invoice(
    order: Order,
    *,
    by: User,
    number: str,
    amount: Decimal,
    tax: Decimal = Decimal("0.00"),
    kind: str = Invoice.Kind.SPECIAL,
    issued_on: date | None = None,
    due_on: date | None = None,
    posted_on: date | None = None,
    reference: str = "",
    entered_by: User | None = None,
) -> Invoice:
    """Let the customer owe what an invoice says; what is paid of the order counts for it at once (KC 5.1.11.8).

    An `amount` below nothing is a credit note (红字发票): he owes so much less of the order's other invoices. Without
    `due_on` it is due after the order's days to pay. `entered_by` is the person behind it (the actor by default).
    Raises Refused for a draft, for a cancelled order where it is no credit, and for a credit above what is invoiced.
    """
    if refused := not_to_be_invoiced(order, amount) or more_than_invoiced(order, amount):
        raise refused
    issued_on = issued_on or clock.today()
    invoice = Invoice.objects.create(
        number=number,
        kind=kind,
        **({"status": S.CREDIT} if amount < 0 else {}),
        order=order,
        customer=order.customer,
        amount=amount,
        tax=tax,
        issued_on=issued_on,
        due_on=due_on or (due_day(order, issued_on) if amount > 0 else issued_on),
        posted_on=posted_on,
        reference=reference,
        entered_by=entered_by or by,
    )
    if amount < 0:
        keep_what_was_promised(order)
    spread(order)
    invoice.refresh_from_db()
    return invoice


@action(None, label=gettext_lazy("Enter an invoice"), form=forms.InvoiceForm)
def enter_invoice(
    *,
    by: User,
    order: Order,
    number: str,
    amount: Decimal,
    tax: Decimal | None = None,
    kind: str = Invoice.Kind.OPENING,
    issued_on: date | None = None,
    due_on: date | None = None,
    reference: str = "",
) -> Invoice:
    """Enter an invoice that was written elsewhere: an opening balance, or one of the ERP's (KC 5.1.11.8)."""
    return book_invoice(
        order,
        by=User.objects.system("payments"),
        number=number,
        amount=amount,
        tax=tax or Decimal("0.00"),
        kind=kind,
        issued_on=issued_on,
        due_on=due_on,
        reference=reference,
        entered_by=by,
    )


@action(Invoice, label=gettext_lazy("Note as posted"), source={S.OPEN, S.PAID, S.CREDIT}, unless=only_the_system)
def note_posted(invoice: Invoice, *, by: User, posted_on: date, reference: str) -> None:
    """Note that an invoice that was entered before, as by an import, is the one that is posted now (KC 5.1.11.8)."""
    invoice.posted_on, invoice.reference = posted_on, invoice.reference or reference


@action(Invoice, label=gettext_lazy("Count a payment"), source={S.OPEN, S.PAID}, target=S.OPEN, unless=only_the_system)
def count_payment(invoice: Invoice, *, by: User, paid: Decimal) -> None:
    """Note what of the invoice is paid, where something is still open (KC 5.1.11.9)."""
    invoice.paid = paid


@action(Invoice, label=gettext_lazy("Count it as paid"), source={S.OPEN}, target=S.PAID, unless=only_the_system)
def pay_off(invoice: Invoice, *, by: User, paid: Decimal) -> None:
    """Note that the invoice is paid in full (KC 5.1.11.9)."""
    invoice.paid = paid


def _credited(invoice: Invoice, by: User) -> Refused | None:
    if invoice.amount < 0 or invoiced(invoice.order) >= invoice.amount:
        return None
    return Refused(
        "credited",
        _("Credit notes stand against the invoices of this order."),
        _("Void the credit note first."),
    )


@action(
    Invoice,
    label=gettext_lazy("Void the invoice"),
    source={S.OPEN, S.PAID, S.CREDIT},
    target=S.CANCELLED,
    form=forms.CancelForm,
    unless=_credited,
)
def cancel_invoice(invoice: Invoice, *, by: User, reason: str) -> None:
    """Void an invoice with the reason; what was paid counts for the order's other invoices (KC 5.1.11.7).

    Whoever made it is told: settlement agrees with the customer again on what it was about.
    """
    invoice.reason, invoice.paid, invoice.status = reason, Decimal("0.00"), S.CANCELLED
    invoice.save()  # who is told may cancel others of the order, which must find it cancelled
    spread(Order.objects.get(pk=invoice.order_id), without=invoice)
    for told in CANCELLED:
        told(invoice)
