"""Money received for an order, and what was entered wrongly (JD 7.1)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused
from orders import forms
from orders.catalog.money import MOST
from orders.models import Order, Payment

S = Order.Status

# What apps above have to say: told of an order of which something else is paid or due now, under its lock; and
# asked whether a payment may be taken back here; what they look at is read with many payments at once. And asked, of an
# amount received on a day, with its reference, why it is probably there already, unless somebody said that it is
# another one.
TOLD: list[Callable[[Order], None]] = []
KEEPS_PAYMENT: list[Callable[[Payment], Refused | None]] = []
DOUBTED: list[Callable[[Order, Decimal, date, str], Refused | None]] = []
LOOKED_AT: list[str] = []


@action(Order, label=gettext_lazy("Enter a payment"), form=forms.PaymentForm)
def enter_payment(order: Order, *, by: User, amount: Decimal, again: bool = False, **facts: Any) -> Payment:
    """Enter money received for the order (JD 7.1); `again` says that it is not the money that is there already."""
    if order.status in (S.DRAFT, S.CANCELLED):
        raise Refused("not_to_be_paid", _("A draft or a cancelled order cannot be paid."))
    if order.paid + amount > MOST:
        message = _("With this amount more would be paid than can be written down.")
        raise ValidationError({"amount": ValidationError(message, code="too_much")})
    if not again:
        said = amount, facts.get("received_on") or clock.today(), facts.get("reference", "").strip()
        if doubt := next((found for ask in DOUBTED if (found := ask(order, *said))), None):
            raise doubt
    payment = Payment.objects.create(order=order, amount=amount, entered_by=by, **facts)
    write_amounts(order, paid=order.paid + amount)
    return payment


def write_amounts(order: Order, **amounts: Decimal | None) -> None:
    """Write what is `paid` of the order, or what it costs, agreed (`total`) or reconciled, and tell the apps above.

    Nobody else writes `paid` and `settled`, nor another total of an order that was accepted. The order is locked; what
    it follows from, such as the payment, is written.
    """
    for name, amount in amounts.items():
        setattr(order, name, amount)
    order.save(update_fields=[*amounts])
    for told in TOLD:
        told(order)


def _taken_back(payment: Payment, by: User) -> Refused | None:
    if payment.reverses_id or hasattr(payment, "reversal"):
        return Refused("taken_back", _("This payment was taken back already."))
    return next((refused for ask in KEEPS_PAYMENT if (refused := ask(payment))), None)


@action(Payment, label=gettext_lazy("Take back"), form=ReasonForm, unless=_taken_back)
def reverse_payment(payment: Payment, *, by: User, reason: str) -> Payment:
    """Take a wrongly entered payment back by its opposite; both stay."""
    order = Order.objects.get(pk=payment.order_id)
    opposite = Payment.objects.create(
        order=order,
        amount=-payment.amount,
        received_on=clock.today(),
        method=payment.method,
        reference=reason[:60],
        entered_by=by,
        reverses=payment,
    )
    write_amounts(order, paid=order.paid - payment.amount)
    return opposite
