"""Goods that the seller brings to the customer (JD 2.5)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.contracts.guard import contract_missing
from orders.models import Line, Order
from pickup import forms
from pickup.models import Delivery
from pickup.stock import ledger

OS = Order.Status


def _not_delivered(order: Order, by: User) -> Refused | None:
    if order.fulfilment == Order.Fulfilment.DELIVERY:
        return contract_missing(order)
    return Refused("pickup", _("The customer collects this order himself."), _("Plan the pickup."))


@action(
    Order,
    label=gettext_lazy("Record the delivery"),
    source={OS.READY},
    target={OS.COLLECTED, OS.CONFIRMED},
    form=forms.DeliverForm,
    unless=_not_delivered,
)
def deliver_order(order: Order, *, by: User, at: Any, place: str, receiver: str, **facts: Any) -> str:
    """Note that the reserved goods were brought to the customer: when, where, to whom, prepared how (JD 2.5)."""
    delivery = Delivery.objects.create(
        number=next_number("DL"), order=order, at=at, place=place, receiver=receiver, by=by, **facts
    )
    held = ledger.held_for(order.pk)
    brought: dict[Line, Decimal] = {}
    for row in held:
        brought[row.line] = brought.get(row.line, Decimal(0)) + row.quantity
    ledger.hand_out(held, brought, by=by, reference=delivery.number)
    return OS.CONFIRMED if any(line.open_quantity for line in order.lines.order_by()) else OS.COLLECTED
