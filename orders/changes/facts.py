"""What a change is in words: to the customer, to its approver, on paper; each thing before and after."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm.approvals.facts import Fact
from crm.words import exact, money, quantity
from orders.changes.drafting import lines_of
from orders.changes.models import Change, ChangeLine, How
from orders.models import Line

_text: Callable[..., Any] = lazy(lambda make: make(), str)
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One thing that changes: what it is called, what it was, what it is to be."""

    key: str
    label: Any
    before: Any
    after: Any

    @property
    def arrow(self) -> Any:
        """Before and after in one text."""
        return _text(lambda: f"{self.before or NOTHING} → {self.after or NOTHING}")


def rows_of(change: Change) -> list[ChangeLine]:
    """The change's lines, with what their words need."""
    return list(change.lines.select_related("product__unit", "unit").order_by("position"))


def goods(quantity_: Any, unit: Any, price: Any, specification: str) -> str:
    """A line in short: how much, at which price, in which specification."""
    return " · ".join(filter(None, [f"{quantity(quantity_, str(unit))} × {money(price)}", specification]))


def _before(row: ChangeLine, there: Line | None) -> Any:
    if there is None:
        return ""
    return _text(lambda: goods(there.quantity, there.unit, there.price, there.specification))


def _after(row: ChangeLine) -> Any:
    if not row.quantity:
        return _("line removed")
    return _text(lambda: goods(row.quantity, row.unit, row.price, row.specification))


def differences(change: Change, rows: Iterable[ChangeLine] | None = None, *, live: bool = False) -> list[Difference]:
    """Everything that changes; `live` says what it was by the order as it is at this moment."""
    order, found = change.order, list(rows_of(change) if rows is None else rows)
    now = lines_of(order) if live else {}
    shown = []
    for row in found:
        before = _before(row, now.get(row.position)) if live else _kept_before(row)
        shown.append(Difference(f"line-{row.position}", _text(lambda row=row: str(row)), before, _after(row)))
    if change.wanted_on is not None:
        day = order.wanted_on if live else change.wanted_before
        shown.append(Difference("wanted_on", _("Wanted on"), _day(day), _day(change.wanted_on)))
    if change.cancels:
        shown.append(Difference("cancel", _("The whole order"), _("is carried out"), _("is cancelled")))
    if change.total != change.total_before:
        total = order.total if live else change.total_before
        shown.append(Difference("total", _("Total with tax"), _money(total), _money(change.total)))
    return shown


def _kept_before(row: ChangeLine) -> Any:
    if row.is_new:
        return ""
    return _text(lambda: goods(row.quantity_before, row.unit, row.price_before, row.specification_before))


def _day(day: Any) -> Any:
    return _text(lambda: exact(day)) if day else ""


def _money(amount: Any) -> Any:
    return _text(lambda: money(amount))


def change_facts(change: Change, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What the department manager approves: each line and date before and after, why, and the customer's word."""
    rows = rows_of(change)
    yield Fact("order", _("Order"), change.order.number)
    yield Fact("customer", _("Customer"), change.order.customer)
    yield Fact("wish", _("Initiated by"), Change.Wish(change.wish).label)
    yield Fact("why", _("Why"), change.why)
    products = {f"line-{row.position}": row.product for row in rows}
    for each in differences(change, rows, live=True):
        # The label is for people: only what stands in the value is signed.
        yield Fact(each.key, each.label, [products[each.key], each.arrow] if each.key in products else each.arrow)
    there = lines_of(change.order)
    for row in rows:
        now = there.get(row.position)
        if now is not None and now.collected:
            label = _text(lambda row=row: f"{row}: {Line._meta.get_field('collected').verbose_name}")
            yield Fact(f"collected-{row.position}", label, now.collected, "quantity")
        lowest = _lowest(row, now)
        if lowest is not None and row.quantity and row.price < lowest:
            label = _text(lambda row=row: f"{row}: {Line._meta.get_field('lowest').verbose_name}")
            yield Fact(f"lowest-{row.position}", label, lowest, "money")
    yield Fact("contact", _("Confirmed by"), change.contact)
    yield Fact("how", _("How he confirmed"), How(change.confirmed_how).label if change.confirmed_how else "")
    yield Fact("confirmed_at", _("Confirmed"), change.confirmed_at)
    yield Fact("answer", _("What the customer said"), change.answer)
    if change.wanted_on is not None:
        yield Fact("shift_plan", _("Move the plan along"), change.shift_plan)


def _lowest(row: ChangeLine, now: Line | None) -> Any:
    if now is not None:
        return now.lowest
    listed = row.product.price_on()
    return listed.lowest * row.factor if listed else None
