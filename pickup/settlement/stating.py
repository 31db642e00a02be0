"""What of an order is to be stated, and what each line of a record costs: parts add up to the order's line exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone

from crm.statements import insert
from orders.catalog.money import fen
from orders.exposure import HAD
from orders.models import Allowance, Line, Order
from pickup.models import DeliveryLine, RecordLine
from pickup.settlement.models import Statement, StatementLine

ZERO, SIX = Decimal(0), Decimal("0.000001")
CARRIED = (  # what a line keeps in the next version of its statement
    "position",
    "line_id",
    "record_line_id",
    "delivery_line_id",
    "allowance_id",
    "day",
    "source",
    "product_id",
    "specification",
    "unit_id",
    "base_quantity",
    "quantity",
    "price",
    "tax_rate",
    "amount",
    "tax",
    "adjusts",
    "reason",
    "answer",
    "his_quantity",
    "his_amount",
    "his_words",
    "reply",
    "replied_by_id",
)


@dataclass(frozen=True)
class Source:
    """So many base units of a line left (or came back, negative) at a moment, as a paper says."""

    line: Line
    at: datetime
    number: str
    quantity: Decimal
    record_line: int | None = None
    delivery_line: int | None = None
    reason: str = ""

    @property
    def day(self) -> date:
        """The day in the company's time zone."""
        return timezone.localtime(self.at).date()


def _recorded(order_id: int) -> Any:
    stated = StatementLine.objects.filter(counts=True, record_line=OuterRef("pk"))
    return RecordLine.objects.filter(~Exists(stated), line__order=order_id).exclude(quantity=0)


def _brought(order_id: int) -> Any:
    stated = StatementLine.objects.filter(counts=True, delivery_line=OuterRef("pk"))
    return DeliveryLine.objects.filter(~Exists(stated), line__order=order_id).exclude(quantity=0)


def _taken_off(order_id: int) -> Any:
    """What was taken off by agreement and is not stated; it is once all has left, for it is off the whole price."""
    stated = StatementLine.objects.filter(counts=True, allowance=OuterRef("pk"))
    return Allowance.objects.filter(~Exists(stated), order=order_id, order__status__in=HAD)


def is_unstated(order_id: int) -> bool:
    """Whether something left, came back, or was taken off the price, that stands in no statement yet."""
    unstated_ = Exists(_recorded(order_id)) | Exists(_brought(order_id)) | Exists(_taken_off(order_id))
    return Order.objects.filter(unstated_, pk=order_id).exists()


def unstated(order_id: int) -> list[Source]:
    """What left or came back under the order and stands in no statement yet, in the order in which it did."""
    parts = ("line__product__unit", "line__unit")
    found = [
        Source(each.line, each.record.at, each.record.number, each.quantity, each.pk, None, each.record.reason)
        for each in _recorded(order_id).select_related("record", *parts)
    ]
    found += [
        Source(each.line, each.delivery.at, each.delivery.number, each.quantity, None, each.pk)
        for each in _brought(order_id).select_related("delivery", *parts)
    ]
    return sorted(found, key=lambda each: (each.at, each.record_line or 0, each.delivery_line or 0))


def tax_in(amount: Decimal, rate: Decimal) -> Decimal:
    """The tax of `rate` percent in an amount, to the fen."""
    return fen(amount * rate / (100 + rate))


def _stated_before(order_id: int) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Of each line how many base units are stated, and at which amount and tax; adjustments are beside it."""
    rows = (
        StatementLine.objects.filter(line__order=order_id, counts=True, adjusts=None, allowance=None)
        .order_by()
        .values("line")
    )
    sums = rows.annotate(whole=Sum("base_quantity"), cost=Sum("amount"), taxed=Sum("tax"))
    return {row["line"]: (row["whole"], row["cost"], row["taxed"]) for row in sums}


def _adjusted_before(order_id: int) -> dict[int, tuple[Decimal, Decimal]]:
    """Of each line what was taken off, of amount and tax, by adjusting what left of it and was taken back."""
    rows = StatementLine.objects.filter(line__order=order_id, counts=True).order_by()
    back = set(
        rows.filter(base_quantity__gt=0, record_line__record__reversal__isnull=False).values_list(
            "statement", "position"
        )
    )
    found: dict[int, tuple[Decimal, Decimal]] = {}
    adjustments = rows.exclude(adjusts=None).values_list("statement", "adjusts", "line", "amount", "tax")
    for statement, adjusts, line, amount, tax in adjustments:
        if (statement, adjusts) in back:
            whole, taxed = found.get(line, (ZERO, ZERO))
            found[line] = (whole - amount, taxed - tax)
    return found


def _shared_before(order_id: int) -> dict[int, tuple[Decimal, Decimal]]:
    """Of each line what is taken off, of amount and tax, for what was adjusted of goods that the customer gave back.

    Of a handover of which a part came back its adjustments are taken off in that proportion.
    """
    rows = StatementLine.objects.filter(line__order=order_id, counts=True).order_by()
    adjustments = list(rows.exclude(adjusts=None).values_list("statement", "adjusts", "line", "amount", "tax"))
    if not adjustments:
        return {}
    left: dict[tuple[int, int | None], tuple[Decimal, Decimal]] = {}
    papers = ("record_line__record", "delivery_line__delivery")
    stated = rows.filter(base_quantity__gt=0, adjusts=None)
    back = _given_back(order_id)
    for statement, position, line, quantity, record, delivery in stated.values_list(
        "statement", "position", "line", "base_quantity", *papers
    ):
        left[statement, position] = (quantity, back.get((line, record, delivery), ZERO))
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for statement, adjusts, line, amount, tax in adjustments:
        quantity, came = left.get((statement, adjusts), (ZERO, ZERO))
        if came:
            whole, taxed = found.get(line, (ZERO, ZERO))
            found[line] = (whole - fen(amount * came / quantity), taxed - fen(tax * came / quantity))
    return found


def _given_back(order_id: int) -> dict[tuple[int, int | None, int | None], Decimal]:
    """How much the customer gave back, by line and the record or delivery with which it had left, in base units."""
    found: dict[tuple[int, int | None, int | None], Decimal] = {}
    records = RecordLine.objects.filter(line__order=order_id).exclude(record__returns=None)
    for line, record, quantity in records.values_list("line", "record__returns", "quantity"):
        found[line, record, None] = found.get((line, record, None), ZERO) - quantity
    deliveries = DeliveryLine.objects.filter(line__order=order_id).exclude(delivery__returns=None)
    for line, delivery, quantity in deliveries.values_list("line", "delivery__returns", "quantity"):
        found[line, None, delivery] = found.get((line, None, delivery), ZERO) - quantity
    return found


def priced(order_id: int, sources: Iterable[Source]) -> list[dict[str, Any]]:
    """The lines of a statement for these sources, each the difference that it makes to what its line costs so far.

    So the parts of a line add up to its amount and tax whenever all of it has left, however it was parted, and what
    comes back takes with it what it brought, and what that was adjusted by.
    """
    sources, before = list(sources), _stated_before(order_id)
    adjusted = _adjusted_before(order_id) if any(each.quantity < 0 for each in sources) else {}
    shared = _shared_before(order_id)
    rows = []
    for each in sources:
        line = each.line
        quantity, amount, tax = before.get(line.pk, (ZERO, ZERO, ZERO))
        quantity += each.quantity
        now = line.worth(quantity)
        taxed = line.tax if now == line.amount else tax_in(now, line.tax_rate)
        if each.quantity < 0:
            cost, cost_tax = adjusted.get(line.pk, (ZERO, ZERO))
            now, taxed = now + cost, taxed + cost_tax
        share, share_tax = shared.get(line.pk, (ZERO, ZERO))
        now, taxed = now + share, taxed + share_tax
        rows.append(
            {
                "line_id": line.pk,
                "record_line_id": each.record_line,
                "delivery_line_id": each.delivery_line,
                "day": each.day,
                "source": each.number,
                "product_id": line.product_id,
                "specification": line.specification,
                "unit_id": line.unit_id,
                "base_quantity": each.quantity,
                "quantity": (each.quantity / line.factor).quantize(SIX, ROUND_HALF_UP),
                "price": line.price,
                "tax_rate": line.tax_rate,
                "amount": now - amount,
                "tax": taxed - tax,
                "reason": each.reason,
            }
        )
        before[line.pk] = (quantity, now, taxed)
    return rows


def rows_to_state(order_id: int) -> list[dict[str, Any]]:
    """The lines that a statement of the order needs now: what left and came back, then what was taken off."""
    return [*priced(order_id, unstated(order_id)), *allowed(_taken_off(order_id).order_by("pk"))]


def allowed(allowances: Iterable[Allowance]) -> list[dict[str, Any]]:
    """The lines of a statement for what was taken off, each amount spread over the order's lines by what they cost.

    The parts add up to the amount exactly; the tax in each is that of its line.
    """
    rows = []
    for each in allowances:
        lines = [line for line in Line.objects.filter(order=each.order_id).order_by("position") if line.amount]
        whole, left = sum((line.amount for line in lines), ZERO), each.amount
        for line in lines:
            part = left if line is lines[-1] else fen(each.amount * line.amount / whole)
            left -= part
            if not part:
                continue
            rows.append(
                {
                    "line_id": line.pk,
                    "allowance_id": each.pk,
                    "day": each.agreed_on,
                    "source": each.reference[:30],
                    "product_id": line.product_id,
                    "specification": line.specification,
                    "unit_id": line.unit_id,
                    "tax_rate": line.tax_rate,
                    "amount": -part,
                    "tax": -tax_in(part, line.tax_rate),
                    "reason": each.reason,
                }
            )
    return rows


def write(statement: Statement, rows: Iterable[dict[str, Any]]) -> Statement:
    """Save a new statement with these lines; those without a position stand below the others."""
    made = [StatementLine(**row) for row in rows]
    last = max((each.position or 0 for each in made), default=0)
    for each in made:
        if each.position is None:
            each.position = last = last + 1
    statement.total = sum((each.amount for each in made), ZERO)
    statement.tax = sum((each.tax for each in made), ZERO)
    statement.save()
    for each in made:
        each.statement = statement
    insert(made)
    return statement


def carried(statement: Statement) -> list[dict[str, Any]]:
    """The lines of a statement as its next version keeps them, with what was answered."""
    return [{name: getattr(each, name) for name in CARRIED} for each in statement.lines.order_by("position")]


def is_stale(statement: Statement) -> bool:
    """Whether something left or came back since an open statement was made, so that it does not say all."""
    return statement.is_open and is_unstated(statement.order_id)


def settled_amount(order: Order) -> Decimal | None:
    """What the order costs as reconciled; None while something is to be delivered, to be stated or to be agreed."""
    if order.status not in HAD:
        return None
    rows = StatementLine.objects.filter(line__order=order.pk, counts=True)
    sums = rows.order_by().aggregate(
        whole=Sum("amount"), open=Sum("position", filter=Q(statement__status__in=Statement.OPEN))
    )
    if sums["whole"] is None or sums["open"] is not None or is_unstated(order.pk):
        return None
    return sums["whole"]
