"""What a change says: each line beside what it is now, and what it comes to."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.refusals import Refused
from orders.actions.amending import DATED_ORDERS
from orders.amending import refuse_too_fine, refuse_unfit
from orders.catalog.money import fen, line_amounts
from orders.changes.models import Change, ChangeLine
from orders.contracts.models import Contract
from orders.credit import AHEAD, Ahead
from orders.models import Line, Order

NONE = Decimal(0)


def lines_of(order: Order) -> dict[int, Line]:
    """The order's lines as they are now, by position."""
    rows = Line.objects.filter(order=order).select_related("product__unit", "unit").order_by("position")
    return {row.position: row for row in rows}


def _new(position: int, line: dict[str, Any]) -> ChangeLine | None:
    product = line.get("product")
    if product is None:
        raise Refused("no_product", _("A new line needs a product."))
    unit = line.get("unit") or product.unit
    factor = product.factor_of(unit)
    if factor is None:
        raise Refused("unit", _("%(product)s is not sold in %(unit)s.") % {"product": product, "unit": unit})
    price, listed = line.get("price"), product.price_on()
    if price is None and listed is not None:
        price = fen(listed.price * factor)
    if price is None:
        raise Refused("no_price", _("%(product)s has no list price.") % {"product": product}, _("Enter a price."))
    if not line["quantity"]:
        return None
    return ChangeLine(
        position=position,
        product=product,
        unit=unit,
        factor=factor,
        tax_rate=product.tax_rate,
        specification=line.get("specification") or product.specification,
        quantity=line["quantity"],
        price=price,
    )


def _changed(now: Line, line: dict[str, Any]) -> ChangeLine | None:
    if line.get("product") and line["product"].pk != now.product_id:
        raise Refused(
            "other_product",
            _("Line %(line)s is %(product)s.") % {"line": now.position, "product": now.product},
            _("Set its quantity to 0, and write the other product into a new line."),
        )
    if line.get("unit") and line["unit"].pk != now.unit_id:
        raise Refused(
            "other_unit",
            _("Line %(line)s is counted in %(unit)s.") % {"line": now.position, "unit": now.unit},
            _("Set its quantity to 0, and write the other unit into a new line."),
        )
    price = now.price if line.get("price") is None else line["price"]
    specification = now.specification if line.get("specification") is None else line["specification"]
    if (now.quantity, now.price, now.specification) == (line["quantity"], price, specification):
        return None
    return ChangeLine(
        position=now.position,
        product=now.product,
        unit=now.unit,
        factor=now.factor,
        tax_rate=now.tax_rate,
        specification_before=now.specification,
        specification=specification,
        quantity_before=now.quantity,
        quantity=line["quantity"],
        price_before=now.price,
        price=price,
    )


def rows_of(order: Order, lines: Iterable[dict[str, Any]]) -> list[ChangeLine]:
    """The lines that change, each beside what it is now. Raises Refused, and ValidationError for a number too fine."""
    now = lines_of(order)
    following, rows = max(now, default=0) + 1, []
    for index, line in enumerate(lines):
        position = line.get("position")
        if position is None:
            row, following = _new(following, line), following + 1
        elif position not in now:
            raise Refused("no_line", _("The order has no line %(line)s.") % {"line": position})
        else:
            row = _changed(now[position], line)
        if row is not None:
            refuse_too_fine(row, index)
            amounts = line_amounts(row.quantity, row.price, row.tax_rate)
            row.amount, row.tax = amounts.gross, amounts.tax
            rows.append(row)
    if len({row.position for row in rows}) < len(rows):
        raise Refused("line_twice", _("A line is named twice."))
    return rows


def kind_of(rows: list[ChangeLine], cancels: bool) -> str:
    """What the change is about first of all."""
    if cancels:
        return Change.Kind.CANCEL
    if any((row.quantity, row.price) != (row.quantity_before, row.price_before) for row in rows):
        return Change.Kind.GOODS
    return Change.Kind.SPECIFICATION if rows else Change.Kind.DATE


def refuse_against_contract(order: Order, rows: list[ChangeLine]) -> None:
    """Lines and prices under a contract in force are agreed anew by a supplementary agreement. Raises Refused."""
    contract = Contract.objects.of(order) if rows else None
    if contract is not None and contract.status in Contract.BINDING:
        raise Refused(
            "contract_in_force",
            _("Contract %(number)s is in force: its goods, prices and specifications are not changed here.")
            % {"number": contract},
            _("Draft a supplementary agreement on contract %(number)s; date and cancelling are changed here.")
            % {"number": contract},
        )


def write(change: Change, lines: Iterable[dict[str, Any]], wanted_on: date | None, cancels: bool) -> None:
    """Let the change say this; what was there before is forgotten. Raises Refused where nothing would change."""
    order = change.order
    rows = [] if cancels else rows_of(order, lines)
    refuse_against_contract(order, rows)
    if rows:
        refuse_unfit(order, rows)
    change.wanted_before = order.wanted_on
    change.wanted_on = None if cancels or wanted_on == order.wanted_on else wanted_on
    if not rows and change.wanted_on is None and not cancels:
        raise Refused("no_change", _("Nothing differs from the order as it is."))
    change.kind = kind_of(rows, cancels)
    change.total_before, change.total = order.total, _total_after(order, rows, cancels)
    change.save()
    change.lines.all().delete()
    for row in rows:
        row.change = change
    ChangeLine.objects.bulk_create(rows)


def as_changed(order: Order) -> Ahead | None:
    """What the change that is under way is to make of its order."""
    change = Change.objects.filter(order=order, status__in=Change.OPEN).only("total").first()
    return Ahead(change.total, order.payment_terms, order.payment_days) if change is not None else None


AHEAD.append(as_changed)


def _total_after(order: Order, rows: list[ChangeLine], cancels: bool) -> Decimal:
    if cancels:
        return NONE
    amounts = {position: line.amount for position, line in lines_of(order).items()}
    amounts |= {row.position: row.amount for row in rows}
    return sum(amounts.values(), NONE)


def moved_since(change: Change) -> Refused | None:
    """Why the change does not fit any more: the order is not as it was when it was written."""
    order, now = change.order, lines_of(change.order)
    if order.status not in DATED_ORDERS:
        return Refused(
            "order_over",
            _("Order %(number)s is “%(state)s”: nothing of it is changed any more.")
            % {"number": order, "state": order.get_status_display()},
            _("Withdraw the change."),
        )
    # All lines are in the total that the customer reads, also those that the change does not name.
    differs = (order.wanted_on, order.total) != (change.wanted_before, change.total_before)
    for row in change.lines.all():
        there = now.get(row.position)
        before = (row.product_id, row.quantity_before, row.price_before, row.specification_before)
        if row.is_new:
            differs |= there is not None
        else:
            differs |= there is None or before != (
                there.product_id,
                there.quantity,
                there.price,
                there.specification,
            )
    if not differs:
        return None
    return Refused(
        "order_moved",
        _("Order %(number)s was changed since this was written.") % {"number": order},
        _("Revise the change: it begins with the order as it is now, and the customer confirms it again."),
    )
