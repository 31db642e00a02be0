"""An order's versions as people compare them: kept ones, and the change that is under way as the next."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.words import exact, money, quantity
from customers.models import Customer
from orders.changes.models import Change
from orders.models import Order, OrderVersion
from orders.versions import content_of, first_cause


@dataclass(frozen=True)
class Shown:
    """One version: its number, what it is called, when and by whom it came about, and what it says."""

    number: int
    label: Any
    reference: str
    at: datetime | None
    by: Any
    content: dict[str, Any]
    url: str = ""
    under_way: bool = False


def shown_versions(order: Order) -> list[Shown]:
    """The versions of an order, the oldest first, then what is under way; at most three queries and its lines."""
    rows = OrderVersion.objects.filter(order=order).select_related("by").order_by("number")
    found = [
        Shown(row.number, row.get_cause_display(), row.reference, row.at, _person(row.by), row.content) for row in rows
    ]
    change = Change.objects.filter(order=order, status__in=Change.OPEN).select_related("drafted_by").first()
    if change is None:
        return found
    now = content_of(order)
    if not found:
        found.append(Shown(1, first_cause(order).label, "", order.confirmed_at, order.owner, now))
    last = found[-1].number + 1
    label, content = _("under way"), _with(change, now)
    url = change.get_absolute_url()
    found.append(Shown(last, label, change.number, change.drafted_at, change.drafted_by, content, url, under_way=True))
    return found


def _person(user: User) -> User | None:
    """Who brought it about, unless it followed by itself from the paper that it refers to."""
    return None if user.is_system else user


def _with(change: Change, content: dict[str, Any]) -> dict[str, Any]:
    """What the order would say with the change."""
    lines = {line["position"]: dict(line) for line in content["lines"]}
    for row in change.lines.select_related("product", "unit").order_by("position"):
        lines[row.position] = {
            "position": row.position,
            "product": row.product_id,
            "name": row.product.name,
            "name_en": row.product.name_en,
            "specification": row.specification,
            "unit": row.unit.name,
            "unit_en": row.unit.name_en,
            "quantity": str(row.quantity),
            "price": str(row.price),
            "amount": str(row.amount),
        }
        if not row.quantity:
            del lines[row.position]
    wanted_on = change.wanted_on.isoformat() if change.wanted_on else content["wanted_on"]
    ordered = [] if change.cancels else [lines[position] for position in sorted(lines)]
    return {**content, "lines": ordered, "wanted_on": wanted_on, "total": str(change.total)}


def _own(line: dict[str, Any], name: str) -> str:
    english = (get_language() or "").startswith("en")
    return line[f"{name}_en"] if english and line.get(f"{name}_en") else line[name]


def line_words(line: dict[str, Any] | None) -> dict[str, str]:
    """A line of a version: its goods, and how much of them at which price."""
    if line is None:
        return {}
    amounts = f"{quantity(Decimal(line['quantity']), _own(line, 'unit'))} × {money(Decimal(line['price']))}"
    return {
        "goods": " · ".join(filter(None, [_own(line, "name"), line["specification"]])),
        "amounts": f"{amounts} = {money(Decimal(line['amount']))}",
    }


def _terms(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    days = content["payment_days"]
    terms = str(Customer.Terms(content["payment_terms"]).label) if content["payment_terms"] else ""
    return [
        (_("wanted on"), exact(date.fromisoformat(content["wanted_on"]))),
        (_("pickup or delivery"), str(Order.Fulfilment(content["fulfilment"]).label)),
        (_("place"), content["place"]),
        (_("payment terms"), f"{terms} · {days}" if days else terms),
        (_("customer's order number"), content["reference"]),
        (_("total with tax"), money(Decimal(content["total"]))),
    ]


def compared(left: Shown, right: Shown) -> dict[str, Any]:
    """Both versions line by line and term by term; a line is the same where place and product are."""
    both = [{(line["position"], line["product"]): line for line in each.content["lines"]} for each in (left, right)]
    lines = []
    for key in sorted({*both[0], *both[1]}):
        cells = [line_words(each.get(key)) for each in both]
        lines.append({"position": key[0], "cells": cells, "differs": cells[0] != cells[1]})
    terms = [
        {"label": label, "cells": [before, after], "differs": before != after}
        for (label, before), (_label, after) in zip(_terms(left.content), _terms(right.content), strict=True)
    ]
    return {"lines": lines, "terms": terms, "same": not any(row["differs"] for row in [*lines, *terms])}
