"""What a report says: each contract that is open or moved, and each order without one that moved (KC 5.1.11.10).

Goods count on the day on which they were handed over, brought or taken back, money on the day on which it was received.
What was entered only after the report before had been issued, for a day that it had told of already, stands as "late".
A few queries, however many contracts and records there are: the database sums up.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone

from crm import clock
from crm.days import begin_of
from orders.catalog.money import fen
from orders.contracts.models import Contract, ShipmentRequest
from orders.models import Order, Payment
from orders.models.money import WRITE_OFF
from orders.payments.models import Invoice
from pickup.execution.models import Report
from pickup.stock.models import Movement

NONE = Decimal(0)
GOODS = (Movement.Kind.HANDOVER, Movement.Kind.RETURN, Movement.Kind.COMEBACK)
PLACE = Decimal("0.001")
CENT = Decimal("0.01")

# Of each line what had left by the end, what of it left in the days, what of it the report before knew, what left by
# the contract's date, and how often anything moved in the days. A delivery counts when it was made.
LINES = """
SELECT l.id, l.order_id, p.name, u.name, l.amount, round(l.quantity * l.factor, 3),
    coalesce(sum(m.quantity) FILTER (WHERE m.counts_at < %(end)s), 0),
    coalesce(sum(m.quantity) FILTER (WHERE m.counts_at >= %(begin)s AND m.counts_at < %(end)s), 0),
    coalesce(sum(m.quantity) FILTER (WHERE m.counts_at < %(known_until)s AND m.at <= %(known_at)s), 0),
    coalesce(sum(m.quantity) FILTER (
        WHERE m.counts_at < least(%(end)s, (c.delivery_on + 1)::timestamp AT TIME ZONE %(zone)s)), 0),
    count(m.at) FILTER (WHERE m.counts_at >= %(begin)s AND m.counts_at < %(end)s)
FROM orders_line l
JOIN catalog_product p ON p.id = l.product_id
JOIN catalog_unit u ON u.id = p.unit_id
LEFT JOIN contracts_contract c ON c.order_id = l.order_id AND c.status IN ('in_force', 'executed')
LEFT JOIN LATERAL (
    SELECT -m.quantity AS quantity, m.at, coalesce(d.at, m.at) AS counts_at
    FROM stock_movement m
    LEFT JOIN pickup_delivery d ON d.number = m.reference
    WHERE m.line_id = l.id AND m.kind = ANY(%(kinds)s) AND m.at <= %(now)s
) m ON true
WHERE l.order_id = ANY(%(orders)s)
GROUP BY l.id, p.name, u.name
ORDER BY l.order_id, l.position
"""


@dataclass(frozen=True)
class Days:
    """The days of a report, and what was told before: until when, as of which moment, and of which orders how much."""

    first: date
    last: date
    known_until: datetime
    known_at: datetime
    told: dict[int, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def begin(self) -> datetime:
        """The moment at which the first day begins."""
        return begin_of(self.first)

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over."""
        return begin_of(self.last + timedelta(days=1))


def issued_before(report: Report) -> Report | None:
    """The last report of its kind that was issued for days before those of `report`."""
    rows = Report.objects.filter(kind=report.kind, status=Report.Status.ISSUED, last__lt=report.first)
    found: Report | None = rows.select_related("figures").order_by("-last").first()
    return found


def days_of(report: Report) -> Days:
    """The days of `report` and what the last one issued before it told, its corrections included; three queries."""
    before = issued_before(report)
    if before is None or before.issued_at is None:
        begin = begin_of(report.first)
        return Days(report.first, report.last, begin, clock.now())
    told = {
        row["order"]: {name: Decimal(row[name]["done"]) for name in ("quantity", "amount", "paid")}
        for row in before.figures.rows
    }
    for correction in before.corrections.all():
        for row in correction.rows:
            told[row["order"]] = {name: Decimal(row["done"][name]) for name in ("quantity", "amount", "paid")}
    # Of an order that it does not name nothing was entered between the end of its days and its issue that it could see;
    # what was being entered just then it could not, and that is late here.
    return Days(report.first, report.last, before.over_at, before.over_at, told)


def reckon(days: Days) -> list[dict[str, Any]]:
    """The rows of a report, by number; money to the fen, quantities in base units, all as text that JSON keeps."""
    moved = _moved_since(days)
    contracts = _contracts(days, moved)
    others = moved - {each["order_id"] for each in contracts}
    rows = [_row(each, days) for each in [*contracts, *_orders(others)]]
    orders = [row["order"] for row in rows]
    lines, paid, asked = _lines(days, orders), _paid(days, orders), _asked(days, contracts)
    invoiced = _invoiced(days, orders)
    found = []
    for row in rows:
        told = days.told.get(row["order"])
        goods = lines.get(row["order"], [])
        money = paid.get(row["order"], (NONE, NONE, NONE, 0))
        _fill_in(row, goods, money, told)
        row["invoiced"] = invoiced.get(row["order"], {"now": "0.00", "done": "0.00"})
        row["requests"], row["requested"] = asked.get(row["contract"], (0, "0.00"))
        late = any(Decimal(row[name]["late"]) for name in ("quantity", "paid"))
        if row.pop("open") or row["moves"] or late:
            found.append(row)
    return sorted(found, key=lambda row: (not row["contract"], row["number"]))


def written(rows: Any) -> str:
    """The rows as the one text that their hash is made of."""
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(rows: Any) -> str:
    """The SHA-256 of the rows, by which anybody can see that nothing was changed."""
    return hashlib.sha256(written(rows).encode()).hexdigest()


def _moved_since(days: Days) -> set[int]:
    """The orders of which goods or money were entered since the report before; two queries by an index."""
    now = clock.now()
    goods = Movement.objects.filter(kind__in=GOODS, at__gte=days.known_until, at__lte=now, line__isnull=False)
    money = Payment.objects.filter(entered_at__gte=days.known_until, entered_at__lte=now)
    return {
        *goods.order_by().values_list("line__order", flat=True).distinct(),
        *money.order_by().values_list("order", flat=True).distinct(),
    }


NAMES = {
    "customer": "customer_id",
    "customer_name": "customer__name",
    "owner": "owner_id",
    "owner_name": "owner__name",
    "department": "department_id",
    "department_name": "department__name",
}


def _contracts(days: Days, moved: set[int]) -> list[dict[str, Any]]:
    """The contracts that were in force at some time of the days, and those whose orders moved."""
    open_then = Q(executed_at=None) | Q(executed_at__gte=days.begin)
    rows = Contract.objects.filter(status__in=Contract.BINDING, returned_at__lt=days.end)
    names = ("pk", "number", "kind", "order_id", "order__number", "delivery_on", "quantity", "total", "executed_at")
    return list(rows.filter(open_then | Q(order__in=moved)).order_by().values(*names, *NAMES.values()))


def _orders(pks: set[int]) -> list[dict[str, Any]]:
    """Orders without a contract in force, in the same shape."""
    rows = Order.objects.filter(pk__in=pks).order_by()
    return [
        {**row, "order_id": row["pk"], "order__number": row["number"], "delivery_on": row["wanted_on"], "pk": None}
        for row in rows.values("pk", "number", "wanted_on", "total", *NAMES.values())
    ]


def _row(found: dict[str, Any], days: Days) -> dict[str, Any]:
    return {
        "contract": found["pk"],
        "number": found["number"],
        "kind": found.get("kind", ""),
        "order": found["order_id"],
        "order_number": found["order__number"],
        **{name: found[path] if found[path] is not None else "" for name, path in NAMES.items()},
        "date": found["delivery_on"].isoformat() if found["delivery_on"] else "",
        "contracted": found.get("quantity"),
        "total": found["total"],
        "open": "executed_at" in found and (found["executed_at"] is None or found["executed_at"] >= days.begin),
    }


@dataclass(frozen=True)
class _Sold:
    """What became of one line, in base units; `amount` is what all of it costs with tax."""

    name: str
    unit: str
    amount: Decimal
    whole: Decimal
    done: Decimal
    now: Decimal
    known: Decimal
    in_time: Decimal
    moves: int

    def worth(self, name: str) -> Decimal:
        """What so much of it costs with tax as is `done`, `now` or `known`, to the fen, as orders have it.

        What left now is the difference to what left before, so that the parts add up to the line.
        """
        if name == "now":
            return self._cost(self.done) - self._cost(self.done - self.now)
        return self._cost(getattr(self, name))

    def _cost(self, quantity: Decimal) -> Decimal:
        return self.amount if quantity >= self.whole else fen(self.amount * quantity / self.whole)


def _lines(days: Days, orders: list[int]) -> dict[int, list[_Sold]]:
    given: dict[str, Any] = {
        "begin": days.begin,
        "end": days.end,
        "known_until": days.known_until,
        "known_at": days.known_at,
        "now": clock.now(),
        "zone": settings.TIME_ZONE,
        "kinds": [str(each) for each in GOODS],
        "orders": orders,
    }
    found: dict[int, list[_Sold]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LINES, given)
        for _line, order, *facts in cursor.fetchall():
            found[order].append(_Sold(*facts))
    return found


def _paid(days: Days, orders: list[int]) -> dict[int, tuple[Decimal, Decimal, Decimal, int]]:
    """Of each order what was paid by the end, in the days, and as far as the report before knew; how many payments."""
    until = timezone.localdate(days.known_until)
    in_days = Q(received_on__gte=days.first, received_on__lte=days.last)
    rows = (
        Payment.objects.filter(order__in=orders, entered_at__lte=clock.now())
        .exclude(method=WRITE_OFF)
        .values("order")
        .annotate(
            done=Sum("amount", filter=Q(received_on__lte=days.last), default=NONE),
            now=Sum("amount", filter=in_days, default=NONE),
            known=Sum("amount", filter=Q(received_on__lt=until, entered_at__lte=days.known_at), default=NONE),
            moves=Count("pk", filter=in_days),
        )
        .order_by()
    )
    return {row["order"]: (row["done"], row["now"], row["known"], row["moves"]) for row in rows}


def _invoiced(days: Days, orders: list[int]) -> dict[int, dict[str, str]]:
    """Of each order what was invoiced in the days and by their end; cancelled invoices are none."""
    rows = (
        Invoice.objects.filter(order__in=orders, entered_at__lte=clock.now(), issued_on__lte=days.last)
        .exclude(status=Invoice.Status.CANCELLED)
        .values("order")
        .annotate(done=Sum("amount"), now=Sum("amount", filter=Q(issued_on__gte=days.first), default=NONE))
        .order_by()
    )
    return {row["order"]: {name: f"{row[name]:.2f}" for name in ("now", "done")} for row in rows}


def _asked(days: Days, contracts: list[dict[str, Any]]) -> dict[int, tuple[int, str]]:
    """How many requests for shipment of each contract wait to be taken up, and what they come to."""
    waiting = (ShipmentRequest.Status.REQUESTED, ShipmentRequest.Status.SHORT)
    rows = (
        ShipmentRequest.objects.filter(contract__in=[each["pk"] for each in contracts], status__in=waiting)
        .filter(called_at__lt=days.end)
        .values("contract")
        .annotate(number=Count("pk"), worth=Sum("amount"))
        .order_by()
    )
    return {row["contract"]: (row["number"], f"{row['worth']:.2f}") for row in rows}


def _fill_in(
    row: dict[str, Any],
    goods: list[_Sold],
    money: tuple[Decimal, Decimal, Decimal, int],
    told: dict[str, Decimal] | None,
) -> None:
    """Write the figures of one row: before, late, in the days, to date, and what is open."""
    told = told or {}
    contracted = row.pop("contracted")
    whole = sum((each.whole for each in goods), NONE) if contracted is None else contracted
    sums = {name: sum((getattr(each, name) for each in goods), NONE) for name in ("done", "now", "known")}
    quantity = _account(sums["done"], sums["now"], told.get("quantity", sums["known"]))
    worth = {name: sum((each.worth(name) for each in goods), NONE) for name in sums}
    amount = _account(worth["done"], worth["now"], told.get("amount", worth["known"]))
    if not quantity["late"] and abs(amount["late"]) <= CENT:  # a cent that comes of rounding parts is not late
        amount |= {"now": amount["now"] + amount["late"], "late": NONE}
    done, now, known, payments = money
    paid = _account(done, now, told.get("paid", known))
    row["goods"] = [[each.name, each.unit, _text(each.whole), _text(each.now), _text(each.done)] for each in goods]
    row["quantity"] = {name: _text(value) for name, value in {"whole": whole, **quantity}.items()}
    row["quantity"]["open"] = _text(whole - quantity["done"])
    row["amount"] = {name: f"{value:.2f}" for name, value in {"whole": row.pop("total"), **amount}.items()}
    row["amount"]["open"] = f"{Decimal(row['amount']['whole']) - amount['done']:.2f}"
    row["paid"] = {name: f"{value:.2f}" for name, value in paid.items()}
    row["in_time"] = _text(min(sum((each.in_time for each in goods), NONE), whole))
    row["moves"] = sum(each.moves for each in goods) + payments


def _account(done: Decimal, now: Decimal, before: Decimal) -> dict[str, Decimal]:
    """What was told before, what comes late, what is of the days, and all together."""
    return {"before": before, "late": done - now - before, "now": now, "done": done}


def _text(quantity: Decimal) -> str:
    return f"{quantity.quantize(PLACE).normalize():f}"
