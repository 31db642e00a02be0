"""Keeping what an order says, each time that something is agreed on anew."""

from typing import Any

from django.db.models import Max

from crm import clock
from crm.accounts.models import User
from crm.statements import Statement, insert, related
from orders.models import Line, Order, OrderVersion

NUMBERS = ("quantity", "factor", "price", "tax_rate", "amount", "tax")
LINES = Statement(lambda order: Line.objects.filter(order=order).select_related("product", "unit").order_by("position"))
TERMS = ("fulfilment", "place", "payment_terms", "payment_days", "reference")


def _number(value: Any) -> str:
    """A number as equal numbers are written alike, whatever they were read from."""
    return f"{value.normalize() + 0:f}"


def _line(line: Line) -> dict[str, Any]:
    return {
        "position": line.position,
        "product": line.product_id,
        "name": line.product.name,
        "name_en": line.product.name_en,
        "specification": line.specification,
        "unit": line.unit.name,
        "unit_en": line.unit.name_en,
        **{name: _number(getattr(line, name)) for name in NUMBERS},
    }


def content_of(order: Order) -> dict[str, Any]:
    """The order as a version keeps it: lines, date, terms and what it comes to; goods by their names of this day."""
    lines = [_line(line) for line in LINES(order.pk)]
    return {
        "lines": lines,
        "wanted_on": order.wanted_on.isoformat(),
        **{name: getattr(order, name) for name in TERMS},
        "total": _number(order.total),
        "tax": _number(order.tax),
    }


def first_cause(order: Order) -> OrderVersion.Cause:
    """How the first version of an order came about that is only kept now: its customer has confirmed it, or not yet."""
    return OrderVersion.Cause.CONFIRMED if order.confirmed_at else OrderVersion.Cause.ORDERED


def keep_first(order: Order) -> None:
    """Keep the order as it is as its first version, where there is none yet; call it before anything changes."""
    if not OrderVersion.objects.filter(order=order).exists():
        by = related(order, "owner") or related(order, "applied_by")
        _keep(order, 1, first_cause(order), "", by, order.confirmed_at or clock.now())


def keep_version(order: Order, cause: str, *, by: User, reference: str = "") -> None:
    """Keep the order as it is now as its next version; it must be locked, and its lines be written."""
    last = OrderVersion.objects.filter(order=order).aggregate(found=Max("number"))["found"] or 0
    _keep(order, last + 1, cause, reference, by, clock.now())


def _keep(order: Order, number: int, cause: str, reference: str, by: User, at: Any) -> None:
    content = content_of(order)
    insert([OrderVersion(order=order, number=number, cause=cause, reference=reference, by=by, at=at, content=content)])
