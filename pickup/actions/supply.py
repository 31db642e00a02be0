"""Whether the goods of an order are there, and what is agreed with the customer where they are not (ZT 3.2)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.outbox import queue
from crm.refusals import Refused
from orders.actions.payments import write_amounts
from orders.amending import morning_before
from orders.catalog.money import fen, line_amounts
from orders.credit import pass_raised
from orders.held import held
from orders.models import Line, Order, OrderVersion
from orders.versions import keep_first, keep_version
from pickup import forms
from pickup.stock import ledger
from pickup.stock.models import Reservation, Warehouse

OS = Order.Status


@action(
    Order,
    label=gettext_lazy("Check the stock"),
    source={OS.CONFIRMED},
    target={OS.READY, OS.SHORT},
    form=forms.CheckStockForm,
)
def check_stock(order: Order, *, by: User, warehouse: Warehouse, sound: bool = True, remarks: str = "") -> str:
    """Look whether enough is there; if so it is reserved and prepared, if not sales is told at once (ZT 3.2)."""
    missing = ledger.reserve(order, warehouse)
    order.check_from = None
    short = order.lines.filter(pk__in=missing).select_related("product").order_by("position") if missing else []
    lacking = "; ".join(f"{line}: {missing[line.pk].normalize():f}" for line in short)
    if order.owner:
        queue.notify(
            order.owner,
            "pickup.stock_short" if missing else "pickup.stock_ready",
            about=order,
            context={"number": order.number, "customer": order.customer.name, "missing": lacking, "remarks": remarks},
            key=f"stock-checked-{order.pk}-{order.version}",
        )
    return OS.SHORT if missing else OS.READY


@action(Order, label=gettext_lazy("Collect a part first"), source={OS.SHORT}, target=OS.READY, form=forms.PartForm)
def take_part(order: Order, *, by: User, warehouse: Warehouse, agreed: str) -> None:
    """Agree with the customer that he collects what is there; the rest stays open (ZT 3.2)."""
    ledger.reserve(order, warehouse, partly=True)
    if not Reservation.objects.filter(line__order=order).exists():
        raise Refused("nothing_there", _("There is nothing of this order in %(warehouse)s.") % {"warehouse": warehouse})


@action(
    Order,
    label=gettext_lazy("Agree on a later date"),
    source={OS.SHORT},
    target=OS.CONFIRMED,
    form=forms.LaterForm,
    unless=held,
)
def agree_later(order: Order, *, by: User, wanted_on: date, agreed: str) -> None:
    """Agree with the customer on a later date; the stock is checked again on the working day before it (ZT 3.2).

    Until then nothing is due: the goods are not there, and the notice needs a day before the window.
    """
    keep_first(order)
    order.wanted_on = wanted_on
    order.check_from = max(clock.now(), morning_before(wanted_on))
    keep_version(order, OrderVersion.Cause.LATER, by=by)


@action(
    Order,
    label=gettext_lazy("Agree on a substitute"),
    source={OS.SHORT},
    target=OS.CONFIRMED,
    form=forms.SubstituteForm,
    unless=held,
)
def substitute(order: Order, *, by: User, line: Line, product: Any, agreed: str, price: Decimal | None = None) -> None:
    """Agree with the customer on another product in place of one that is missing (ZT 3.2)."""
    keep_first(order)
    before = order.total
    line.product, line.specification = product, product.specification
    line.factor = product.factor_of(line.unit)
    line.price = line.price if price is None else price
    listed = product.price_on()
    line.list_price = listed and fen(listed.price * line.factor)
    line.lowest = listed and fen(listed.lowest * line.factor)
    line.tax_rate = product.tax_rate
    amounts = line_amounts(line.quantity, line.price, line.tax_rate)
    line.amount, line.tax = amounts.gross, amounts.tax
    line.save()
    lines = list(order.lines.all())
    order.low_price = any(each.is_cheap for each in lines)
    order.check_from = None
    order.total, order.tax = sum(each.amount for each in lines), sum(each.tax for each in lines)
    pass_raised(
        order, before, _("Let him pay first, or agree on it by an order change, for which credit can be asked.")
    )
    if order.total != before:
        write_amounts(order, total=order.total, tax=order.tax)
    keep_version(order, OrderVersion.Cause.SUBSTITUTE, by=by)
