"""The one place that changes stock: every change is a movement, every promise a reservation, under one lock order."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.refusals import Refused
from orders.catalog.models import Product
from orders.models import Line, Order
from pickup.stock.models import Movement, Reservation, Stock, Warehouse

ZERO = Decimal(0)


def lock(warehouse: Warehouse, products: Iterable[Product | int]) -> list[Stock]:
    """Lock the stock of some products in a warehouse, always in the same order, so that two never wait crosswise."""
    keys = {each if isinstance(each, int) else each.pk for each in products}
    rows = Stock.objects.filter(warehouse=warehouse, product__in=keys).order_by("warehouse", "product", "batch")
    return list(rows.select_for_update(of=("self",), no_key=True))


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
    line: Line | None = None,
) -> Movement:
    """Book goods in (positive) or out (negative), in base units. Raises Refused where there is not so much."""
    there: dict[str, Any] = {"warehouse": warehouse, "product": product, "batch": batch}
    locked = Stock.objects.select_for_update(of=("self",), no_key=True)
    stock = locked.filter(**there).first()
    if stock is None:
        stock = locked.get(pk=Stock.objects.get_or_create(**there)[0].pk)
    if stock.quantity + quantity < stock.reserved:
        raise Refused(
            "not_enough",
            _("There is not enough of %(product)s: %(free)s are free.")
            % {"product": product, "free": f"{stock.free.normalize():f}"},
        )
    Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") + quantity)
    return Movement.objects.create(
        warehouse=warehouse,
        product=product,
        batch=batch,
        quantity=quantity,
        kind=kind,
        by=by,
        reason=reason,
        reference=reference,
        line=line,
    )


def reserve(order: Order, warehouse: Warehouse, *, partly: bool = False) -> dict[int, Decimal]:
    """Reserve what the order's lines still need, and answer what is missing, by line, in base units.

    Nothing is reserved where something is missing, unless `partly`. What was reserved before is given free first.
    """
    release(order)
    lines = [line for line in order.lines.select_related("product") if line.open_quantity > 0]
    stock = lock(warehouse, [line.product_id for line in lines])
    free = {row.pk: row.free for row in stock}
    taken: list[tuple[Line, Stock, Decimal]] = []
    missing: dict[int, Decimal] = {}
    for line in lines:
        wanted = line.open_quantity
        for row in stock:
            if row.product_id != line.product_id or wanted <= 0:
                continue
            part = min(free[row.pk], wanted)
            if part > 0:
                taken.append((line, row, part))
                free[row.pk] -= part
                wanted -= part
        if wanted > 0:
            missing[line.pk] = wanted
    if not missing or partly:
        Reservation.objects.bulk_create([Reservation(line=line, stock=row, quantity=part) for line, row, part in taken])
        for _line, row, part in taken:
            Stock.objects.filter(pk=row.pk).update(reserved=F("reserved") + part)
    return missing


def release(order: Order) -> None:
    """Give free what is reserved for an order."""
    rows = list(Reservation.objects.filter(line__order=order).select_related("stock"))
    if not rows:
        return
    for warehouse_id in sorted({row.stock.warehouse_id for row in rows}):
        products = [row.stock.product_id for row in rows if row.stock.warehouse_id == warehouse_id]
        lock(Warehouse.objects.get(pk=warehouse_id), products)
    for row in rows:
        Stock.objects.filter(pk=row.stock_id).update(reserved=F("reserved") - row.quantity)
    Reservation.objects.filter(pk__in=[row.pk for row in rows]).delete()


def take(line: Line, quantity: Decimal, warehouse: Warehouse, *, by: User, reference: str) -> None:
    """Hand out `quantity` base units of what is reserved for a line there. Raises Refused where less is reserved."""
    rows = list(
        Reservation.objects.filter(line=line, stock__warehouse=warehouse)
        .select_related("stock__warehouse", "stock__product")
        .order_by("stock__batch")
    )
    lock(warehouse, {row.stock.product_id for row in rows})
    for row in rows:
        part = min(row.quantity, quantity)
        if part <= 0:
            break
        Stock.objects.filter(pk=row.stock_id).update(reserved=F("reserved") - part)
        if part == row.quantity:
            row.delete()
        else:
            Reservation.objects.filter(pk=row.pk).update(quantity=F("quantity") - part)
        stock = row.stock
        move(
            stock.warehouse,
            stock.product,
            -part,
            by=by,
            kind=Movement.Kind.HANDOVER,
            batch=stock.batch,
            reference=reference,
            line=line,
        )
        quantity -= part
    if quantity > 0:
        raise Refused(
            "not_reserved",
            _("Of %(product)s %(quantity)s more are handed over than are reserved.")
            % {"product": line.product, "quantity": f"{quantity.normalize():f}"},
            _("Reserve more, or hand over less."),
        )


def keep(line: Line, stock: Stock, quantity: Decimal) -> None:
    """Reserve a part of one batch for a line."""
    row, made = Reservation.objects.get_or_create(line=line, stock=stock, defaults={"quantity": quantity})
    if not made:
        Reservation.objects.filter(pk=row.pk).update(quantity=F("quantity") + quantity)
    Stock.objects.filter(pk=stock.pk).update(reserved=F("reserved") + quantity)


def reserved_for(line: Line, warehouse: Warehouse) -> Decimal:
    """What is reserved for a line in a warehouse, in base units."""
    return (
        Reservation.objects.filter(line=line, stock__warehouse=warehouse).aggregate(total=Sum("quantity"))["total"]
        or ZERO
    )


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
