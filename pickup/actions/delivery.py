"""Goods that the seller brings to the customer (JD 2.5)."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused
from crm.statements import insert
from orders.actions import note_delivered
from orders.contracts.guard import contract_missing
from orders.credit import goods_within_limit
from orders.leaving import note_moved
from orders.models import Line, Order
from pickup import forms
from pickup.models import Delivery, DeliveryLine
from pickup.stock import ledger
from pickup.stock.models import Reservation
from pickup.verdict import without_right

OS = Order.Status


def _must_not_leave(order: Order, by: User) -> Refused | None:
    if order.fulfilment != Order.Fulfilment.DELIVERY:
        return Refused("pickup", _("The customer collects this order himself."), _("Plan the pickup."))
    if refused := contract_missing(order):
        return refused
    stop = next(without_right(order, order.customer, _reserved(order)), None)
    return Refused(stop.code, stop.sentence, stop.remedy) if stop else None


def _reserved(order: Order) -> dict[int, Decimal]:
    """How much of each line is brought, in base units: all that is reserved."""
    rows = Reservation.objects.filter(line__order=order).order_by().values_list("line")
    return dict(rows.annotate(quantity=Sum("quantity")))


@action(
    Order,
    label=gettext_lazy("Record the delivery"),
    source={OS.READY},
    target={OS.COLLECTED, OS.CONFIRMED},
    form=forms.DeliverForm,
    unless=_must_not_leave,
)
def deliver_order(
    order: Order, *, by: User, at: Any, place: str, receiver: str, receipt: Any = None, **facts: Any
) -> str:
    """Note that the reserved goods were brought to the customer: when, where, to whom, prepared how (JD 2.5)."""
    goods_within_limit(order, lambda: _reserved(order))
    if receipt:
        attach(order, receipt, by=by, kind="delivery")
    delivery = Delivery.objects.create(
        number=next_number("DL"), order=order, at=at, place=place, receiver=receiver, by=by, **facts
    )
    held = ledger.held_for(order.pk)
    brought: dict[Line, Decimal] = {}
    for row in held:
        brought[row.line] = brought.get(row.line, Decimal(0)) + row.quantity
    ledger.hand_out(held, brought, by=by, reference=delivery.number)
    note_moved(order, delivery, {line.pk: quantity for line, quantity in brought.items()})
    insert([DeliveryLine(delivery=delivery, line=line, quantity=quantity) for line, quantity in brought.items()])
    if any(line.open_quantity for line in order.lines.order_by()):
        return OS.CONFIRMED
    note_delivered(order)
    return OS.COLLECTED
