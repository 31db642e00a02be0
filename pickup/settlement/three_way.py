"""Each line of an order four ways: ordered, handed over, invoiced, paid; and where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from crm.words import money, quantity
from orders.models import Line, Order
from pickup.models import DeliveryLine, RecordLine
from pickup.settlement.models import Statement, StatementLine
from pickup.settlement.stating import SIX, ZERO

INVOICED = Q(statement__status=Statement.Status.INVOICED)
AGREED = Q(statement__status__in=Statement.AGREED)
GOODS = Q(adjusts=None, allowance=None)
WAYS = ("ordered", "handed", "invoiced", "paid")
TONES = {"ordered": "neutral", "handed": "active", "invoiced": "soon", "paid": "done"}
LONG, BAR, GAP = 200, 8, 3  # of a line's four bars, in units of the drawing


@dataclass(frozen=True)
class Way:
    """So much of a line, in the unit that is priced, and what it costs with tax."""

    amount: Decimal
    quantity: Decimal | None = None


@dataclass
class Standing:
    """One line of an order."""

    line: Line
    ordered: Way
    handed: Way
    invoiced: Way
    adjusted: Decimal = ZERO
    paid: Way = field(default_factory=lambda: Way(ZERO))

    @property
    def costs(self) -> Decimal:
        """What is to be invoiced of it by now: what left, with what was adjusted by agreement."""
        return self.handed.amount + self.adjusted

    @property
    def marks(self) -> list[str]:
        """Where the ways differ, in words."""
        found, unit = [], str(self.line.unit)
        ordered, handed = self.ordered.quantity or ZERO, self.handed.quantity or ZERO
        back = self.line.returned / self.line.factor
        if back:
            found.append(_("%(what)s returned by the customer") % {"what": quantity(back, unit)})
        if handed < ordered - back:
            found.append(_("%(what)s not handed over") % {"what": quantity(ordered - back - handed, unit)})
        elif handed > ordered:
            found.append(_("%(what)s more than ordered") % {"what": quantity(handed - ordered, unit)})
        if self.adjusted:
            found.append(_("adjusted by %(amount)s") % {"amount": money(self.adjusted)})
        if self.costs > self.invoiced.amount:
            found.append(_("%(amount)s not invoiced") % {"amount": money(self.costs - self.invoiced.amount)})
        elif self.costs < self.invoiced.amount:
            found.append(_("%(amount)s invoiced too much") % {"amount": money(self.invoiced.amount - self.costs)})
        if self.paid.amount < self.invoiced.amount:
            found.append(_("%(amount)s not paid") % {"amount": money(self.invoiced.amount - self.paid.amount)})
        return found


@dataclass(frozen=True)
class ThreeWay:
    """The lines of an order, their sums, and what was paid beyond all of them."""

    rows: list[Standing]
    totals: dict[str, Decimal]
    beyond: Decimal = ZERO

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The bars of each line, side by side in one scale: (tone, y, length)."""
        most = max([Decimal("0.01"), *(getattr(each, way).amount for each in self.rows for way in WAYS)])
        drawn = []
        for each in self.rows:
            bars = []
            for place, way in enumerate(WAYS):
                amount = getattr(each, way).amount
                length = f"{max(float(amount / most) * LONG, 1.0 if amount else 0.0):.1f}"
                bars.append({"tone": TONES[way], "y": place * (BAR + GAP), "length": length, "said": money(amount)})
            drawn.append({"standing": each, "bars": bars})
        return drawn


def _sums(rows: Any) -> dict[int, Decimal]:
    found = rows.order_by().values("line").annotate(whole=Sum("quantity"))
    return {row["line"]: row["whole"] for row in found}


def three_way(order: Order) -> ThreeWay:
    """How each line of the order stands; five queries.

    Money is paid for the order as a whole: it is counted against what left, line by line, then against the rest.
    """
    lines = list(order.lines.select_related("product__unit", "unit").order_by("position"))
    recorded, brought = _sums(RecordLine.objects.filter(line__order=order.pk)), _sums(_brought(order))
    stated = StatementLine.objects.filter(line__order=order.pk, counts=True).order_by().values("line")
    sums: dict[int, Any] = {
        row["line"]: row
        for row in stated.annotate(
            invoiced_quantity=Sum("quantity", filter=INVOICED & GOODS),
            invoiced_amount=Sum("amount", filter=INVOICED),
            adjusted=Sum("amount", filter=AGREED & ~GOODS),
        )
    }
    rows = []
    for line in lines:
        base = recorded.get(line.pk, ZERO) + brought.get(line.pk, ZERO)
        found = sums.get(line.pk, {})
        rows.append(
            Standing(
                line,
                ordered=Way(line.amount, line.quantity),
                handed=Way(line.worth(base), (base / line.factor).quantize(SIX, ROUND_HALF_UP)),
                invoiced=Way(found.get("invoiced_amount") or ZERO, found.get("invoiced_quantity") or ZERO),
                adjusted=found.get("adjusted") or ZERO,
            )
        )
    beyond = _spread(rows, order.paid)
    totals = {way: sum((getattr(each, way).amount for each in rows), ZERO) for way in WAYS}
    totals["paid"] += beyond
    return ThreeWay(rows, totals, beyond)


def _brought(order: Order) -> Any:
    return DeliveryLine.objects.filter(line__order=order.pk)


def _spread(rows: Iterable[Standing], money_in: Decimal) -> Decimal:
    """Count what was paid against the lines; answers what is beyond all of them."""
    rows, left = list(rows), max(money_in, ZERO)
    for each in rows:
        part = min(left, max(each.costs, each.invoiced.amount, ZERO))
        each.paid, left = Way(part), left - part
    for each in rows:
        part = min(left, max(each.ordered.amount - each.paid.amount, ZERO))
        each.paid, left = Way(each.paid.amount + part), left - part
    return left
