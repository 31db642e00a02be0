"""What it takes to change the lines of an order that the customer has agreed to: supplements and changes alike."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import F, ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.deadlines import basis
from crm.refusals import Refused
from orders.catalog.fineness import too_fine
from orders.catalog.money import MOST, fen, line_amounts
from orders.models import Line, Order
from orders.models.lines import AmendedLine

ONE_DAY = timedelta(days=1)
LONGEST_HOLIDAY = timedelta(days=30)
NONE = Decimal(0)


def refuse_below_delivered(order_id: int, rows: Iterable[AmendedLine]) -> None:
    """Nothing is agreed below what the customer has already, nor another price for it. Raises Refused."""
    gone = F("collected") + F("returned")  # what came back for good was delivered before
    collected = dict(Line.objects.filter(order=order_id).annotate(gone=gone).values_list("position", "gone"))
    for row in rows:
        there = collected.get(row.position, NONE)
        if not row.is_new and row.quantity * row.factor < there:
            raise Refused(
                "below_delivered",
                _("Line %(line)s: %(quantity)s are delivered already.")
                % {"line": row.position, "quantity": f"{there.normalize():f} {row.product.unit}"},
            )
        if there and row.price != row.price_before:
            raise Refused(
                "price_of_delivered",
                _("Line %(line)s is delivered in part; its price stays.") % {"line": row.position},
                _("Agree on the rest as a new line."),
            )


def refuse_too_fine(row: AmendedLine, index: int) -> None:
    """A quantity is as fine as its unit and stock are counted; `index` is the line's place in what was typed, from 0.

    Raises ValidationError.
    """
    problem = too_fine(row.product, row.quantity, row.unit, row.factor)
    if problem is not None:
        message = _("Line %(line)s: %(problem)s") % {"line": index + 1, "problem": problem.message}
        raise ValidationError(message, code=problem.code)


def refuse_impossible(left: bool, total: Decimal) -> None:
    """Something is `left` to deliver, and what the order comes to can be written down. Raises Refused."""
    if not left:
        raise Refused("nothing_left", _("Nothing would be left to deliver."), _("Waive the rest of the order instead."))
    if total > MOST:
        raise Refused("too_much", _("The order is worth more than can be written down."), _("Check the quantities."))


def refuse_unfit(order: Order, rows: Iterable[AmendedLine]) -> None:
    """Lines that the order could not follow are not decided on: asked before they are written. Raises Refused."""
    changed = {row.position: row for row in rows}
    refuse_below_delivered(order.pk, changed.values())
    there = {line.position: line for line in order.lines.select_related("product")}
    for row in changed.values():
        line = there.get(row.position)
        refuse_other_line(line, row)
        if line is not None and not row.quantity:
            refuse_used(line)
    kept = [line for position, line in there.items() if position not in changed]
    taken = {position: line.collected + line.returned for position, line in there.items()}
    left = any(row.quantity * row.factor > taken.get(row.position, NONE) for row in changed.values())
    total = sum((line.amount for line in (*kept, *changed.values())), NONE)
    refuse_impossible(left or any(line.open_quantity for line in kept), total)


def refuse_other_line(line: Line | None, row: AmendedLine) -> None:
    """The order's line is of the product that was agreed anew, and a new line has a place. Raises Refused."""
    if (line is not None) if row.is_new else (line is None or line.product_id != row.product.pk):
        raise Refused(
            "order_line_differs",
            _("Line %(line)s of the order holds another product by now.") % {"line": row.position},
            _("Agree on it as a new line."),
        )


def write_lines(order: Order, rows: Sequence[AmendedLine]) -> None:
    """Let the order's lines be as `rows` have them, and its sums those of its lines. Raises Refused."""
    there = {line.position: line for line in order.lines.select_related("product")}
    for row in rows:
        line = there.get(row.position)
        refuse_other_line(line, row)
        line = line or _new(order, row)
        if not row.quantity:
            refuse_used(line)
            there.pop(row.position).delete()
            continue
        amounts = line_amounts(row.quantity, row.price, row.tax_rate)
        line.quantity, line.price, line.specification = row.quantity, row.price, row.specification
        line.amount, line.tax = amounts.gross, amounts.tax
        line.save()
        there[line.position] = line
    order.total = sum((line.amount for line in there.values()), NONE)
    order.tax = sum((line.tax for line in there.values()), NONE)
    order.low_price = any(line.is_cheap for line in there.values())
    refuse_impossible(any(line.open_quantity for line in there.values()), order.total)


def _new(order: Order, row: AmendedLine) -> Line:
    listed = row.product.price_on()
    return Line(
        order=order,
        position=row.position,
        product=row.product,
        unit=row.unit,
        factor=row.factor,
        tax_rate=row.tax_rate,
        list_price=fen(listed.price * row.factor) if listed else None,
        lowest=fen(listed.lowest * row.factor) if listed else None,
    )


def refuse_used(line: Line) -> None:
    """A line that other papers name is not left out. Raises Refused."""
    try:
        Collector(using=router.db_for_write(Line, instance=line)).collect([line])  # what deleting it begins with
    except ProtectedError as error:
        raise Refused(
            "line_used",
            _("Line %(line)s cannot be left out, because other papers name it.") % {"line": line.position},
            _("Lower its quantity instead."),
        ) from error


def morning_before(day: date) -> datetime:
    """The beginning of the last working day before a day: when the stock for it is looked at again (ZT 3.2)."""
    calendar = basis.current().company
    before = day - ONE_DAY
    while not calendar.intervals(before) and day - before < LONGEST_HOLIDAY:
        before -= ONE_DAY
    return timezone.make_aware(datetime.combine(before, time.min))
