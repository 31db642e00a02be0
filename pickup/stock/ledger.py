"""The one place that changes stock: every change is a movement, every promise a reservation, under one lock order.

Whoever changes what belongs to an order holds the order's lock; its lines change under no other. Then all of the stock
that is concerned is locked by one query, by warehouse, product and batch: whatever two orders want from whichever
warehouses, they never wait for each other crosswise. What lines have in common is booked by one statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.postgresql import kept
from crm.refusals import Refused
from crm.statements import partly
from orders.catalog.models import Product, Unit
from orders.models import Line, Order
from pickup.stock import statements
from pickup.stock.models import Movement, Reservation, Stock, Warehouse

ZERO = Decimal(0)
LOCK_ORDER = ("warehouse_id", "product_id", "batch")
Part = tuple[int, int, Decimal]  # so much, in base units, for this line, of this stock


def lock(which: Q) -> list[Stock]:
    """Lock stock, always in the same order, so that two never wait for each other crosswise."""
    return list(Stock.objects.filter(which).order_by(*LOCK_ORDER).select_for_update(of=("self",), no_key=True))


def move(
    warehouse: Warehouse,
    product: Product,
    quantity: Decimal,
    *,
    by: User,
    kind: str,
    batch: str = "",
    reason: str = "",
    reference: str = "",
) -> Movement:
    """Book goods in (positive) or out (negative), in base units. Raises Refused where there is not so much."""
    there: dict[str, Any] = {"warehouse": warehouse, "product": product, "batch": batch}
    found = lock(Q(**there))
    stock = found[0] if found else lock(Q(pk=Stock.objects.get_or_create(**there)[0].pk))[0]
    if stock.quantity + quantity < stock.reserved:
        raise Refused(
            "not_enough",
            _("There is not enough of %(product)s: %(free)s are free.")
            % {"product": product, "free": f"{stock.free.normalize():f}"},
        )
    Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + quantity)
    return Movement.objects.create(**there, quantity=quantity, kind=kind, by=by, reason=reason, reference=reference)


def reserve(order: Order, warehouse: Warehouse, *, partly: bool = False) -> dict[int, Decimal]:
    """Reserve what the order's lines still need, and answer what is missing, by line, in base units.

    Nothing is reserved where something is missing, unless `partly`. What was reserved before is given free first, in
    whichever warehouse it lies; all of the stock is locked before any of it changes.
    """
    lines = [line for line in order.lines.order_by("position") if line.open_quantity > 0]
    before = list(Reservation.objects.filter(line__order=order))
    wanted_stock = Q(warehouse=warehouse, product__in={line.product_id for line in lines})
    locked = lock(wanted_stock | Q(pk__in={row.stock_id for row in before}) if before else wanted_stock)
    _release(before)
    stock = [row for row in locked if row.warehouse_id == warehouse.pk]
    free = {row.pk: row.free for row in stock}
    for reservation in before:
        if reservation.stock_id in free:
            free[reservation.stock_id] += reservation.quantity
    taken: list[Part] = []
    missing: dict[int, Decimal] = {}
    for line in lines:
        wanted = line.open_quantity
        for row in stock:
            part = min(free[row.pk], wanted) if row.product_id == line.product_id else ZERO
            if part > 0:
                taken.append((line.pk, row.pk, part))
                free[row.pk] -= part
                wanted -= part
        if wanted > 0:
            missing[line.pk] = wanted
    if not missing or partly:
        _book(statements.RESERVE, taken)
    return missing


def release(order: Order) -> None:
    """Give free what is reserved for an order."""
    rows = list(Reservation.objects.filter(line__order=order))
    if rows:
        lock(Q(pk__in={row.stock_id for row in rows}))
        _release(rows)


def _release(rows: Iterable[Reservation]) -> None:
    _book(statements.RELEASE, [(row.line_id, row.stock_id, row.quantity) for row in rows])


def due(order_id: int, warehouse_id: int) -> dict[int, Decimal]:
    """How much is reserved in a warehouse for each line of an order that has anything there, in base units."""
    return dict(kept(statements.DUE, ["bigint", "bigint"], [order_id, warehouse_id]))


@dataclass(frozen=True)
class Held:
    """So much of a stock, in base units, is reserved for a line; the stock is locked.

    The line knows its name, its product and the product's unit; of what else it has one asks the database.
    """

    line: Line
    stock_id: int
    warehouse_id: int
    quantity: Decimal


def held_for(order_id: int) -> list[Held]:
    """What is reserved for an order, in whichever warehouse; the stock is locked from now on, the order must be."""
    return [_held(order_id, *row) for row in kept(statements.HELD, ["bigint"], [order_id])]


def _held(order_id: int, stock: int, warehouse: int, quantity: Decimal, *names: Any) -> Held:
    line = partly(Line, order_id=order_id, **dict(zip(("id", "position", "product_id"), names[:3], strict=True)))
    line.product = partly(Product, **dict(zip(("id", "name", "name_en", "unit_id"), names[3:7], strict=True)))
    line.product.unit = partly(Unit, **dict(zip(("id", "name", "name_en"), names[7:], strict=True)))
    return Held(line, stock, warehouse, quantity)


def hand_out(held: Iterable[Held], wanted: Mapping[Line, Decimal], *, by: User, reference: str) -> None:
    """Hand out so many base units of each line, out of what `held_for` answered, and count them as collected.

    Raises Refused where more is wanted than is held.
    """
    rest = dict(wanted)
    parts: list[Part] = []
    for row in held:
        part = min(row.quantity, rest.get(row.line, ZERO))
        if part > 0:
            parts.append((row.line.pk, row.stock_id, part))
            rest[row.line] -= part
    for line, quantity in rest.items():
        if quantity > 0:
            raise Refused(
                "not_reserved",
                _("Of %(product)s %(quantity)s more are handed over than are reserved.")
                % {"product": line.product, "quantity": f"{quantity.normalize():f}"},
                _("Reserve more, or hand over less."),
            )
    moved = (-1, Movement.Kind.HANDOVER, clock.now(), by.pk, "", reference)
    _book(statements.HAND_OUT, parts, moved)


def take_back(reference: str, *, by: User, reason: str, into: str) -> None:
    """Book back what was handed out under the document `reference`, under the document `into`, and reserve it again."""
    moved = list(Movement.objects.filter(reference=reference, kind=Movement.Kind.HANDOVER))
    there = Q()
    for row in moved:
        there |= Q(warehouse=row.warehouse_id, product=row.product_id, batch=row.batch)
    stock = {(row.warehouse_id, row.product_id, row.batch): row.pk for row in lock(there)} if moved else {}
    parts = [
        (row.line_id, stock[row.warehouse_id, row.product_id, row.batch], -row.quantity)
        for row in moved
        if row.line_id is not None
    ]
    _book(statements.TAKE_BACK, parts, (1, Movement.Kind.RETURN, clock.now(), by.pk, reason, into))


@dataclass(frozen=True)
class Back:
    """So much of a line came back of a batch, in base units; of it so much is not fit to be sold any more."""

    line: Line
    batch: str
    quantity: Decimal
    defective: Decimal = ZERO


def come_back(rows: Iterable[Back], warehouse: Warehouse, *, by: User, reason: str, reference: str) -> None:
    """Book in what a customer gave back, under the document `reference`; it is free for anybody (KC 5.2.3.2).

    What is not fit to be sold comes in as well and is written off at once, by a movement of its own. The order must be
    locked; its lines count the goods as returned.
    """
    rows = list(rows)
    places = {(row.line.product_id, row.batch) for row in rows}
    for product, batch in sorted(places):
        Stock.objects.get_or_create(warehouse=warehouse, product_id=product, batch=batch)
    there = Q()
    for product, batch in places:
        there |= Q(warehouse=warehouse, product=product, batch=batch)
    stock = {(row.product_id, row.batch): row.pk for row in lock(there)} if places else {}
    parts = [(row.line.pk, stock[row.line.product_id, row.batch], row.quantity) for row in rows]
    _book(statements.COME_BACK, parts, (1, Movement.Kind.COMEBACK, clock.now(), by.pk, reason, reference))
    for row in rows:
        if row.defective:
            move(
                warehouse,
                row.line.product,
                -row.defective,
                by=by,
                kind=Movement.Kind.WRITE_OFF,
                batch=row.batch,
                reason=reason,
                reference=reference,
            )


def _book(statement: str, parts: list[Part], moved: Sequence[Any] = ()) -> None:
    """Book the parts; `moved` is what the statement says of its movements, where it writes any."""
    if parts:
        kinds = [*statements.PART_KINDS, *(statements.MOVED_KINDS if moved else ())]
        kept(statement, kinds, [*map(list, zip(*parts, strict=True)), *moved])


def disagreements() -> list[tuple[Stock, Decimal]]:
    """Stock that is not the sum of its movements, with that sum; empty is how it should be."""
    sums = {
        (row["warehouse"], row["product"], row["batch"]): row["total"]
        for row in Movement.objects.values("warehouse", "product", "batch").annotate(total=Sum("quantity")).order_by()
    }
    found = []
    for stock in Stock.objects.select_related("warehouse", "product").iterator():
        total = sums.get((stock.warehouse_id, stock.product_id, stock.batch), ZERO)
        if total != stock.quantity:
            found.append((stock, total))
    return found
