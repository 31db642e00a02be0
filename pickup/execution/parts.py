"""What of a report somebody sees: the rows of the contracts and orders that he may see, filtered, and their sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.accounts.models import User
from crm.small import whole as number_in
from orders.contracts.models import Contract
from orders.models import Order
from pickup.execution.models import Report
from pickup.execution.reckoning import days_of, reckon

FILTERS = ("customer", "department", "owner")
SUMS = {
    "quantity": ("whole", "before", "late", "now", "done", "open"),
    "amount": ("whole", "before", "late", "now", "done", "open"),
    "paid": ("before", "late", "now", "done"),
    "invoiced": ("now", "done"),
}


@dataclass(frozen=True)
class Part:
    """The rows that somebody sees, what he may filter by, whether that is all, and what was asked for."""

    rows: list[dict[str, Any]]
    choices: dict[str, list[tuple[int, str]]]
    asked: dict[str, str]
    whole: bool

    @property
    def sums(self) -> dict[str, dict[str, Decimal]]:
        """The sum of each column, exactly that of the rows."""
        return sums_of(self.rows)


def sums_of(rows: list[dict[str, Any]]) -> dict[str, dict[str, Decimal]]:
    """The sum of each column of figures."""
    return {
        name: {each: sum((Decimal(row[name][each]) for row in rows), Decimal(0)) for each in columns}
        for name, columns in SUMS.items()
    }


def rows_of(report: Report) -> list[dict[str, Any]]:
    """All rows: of an issued report as they were issued, of a draft as they are at this moment."""
    if report.status == Report.Status.ISSUED:
        rows: list[dict[str, Any]] = report.figures.rows
        return rows
    return reckon(days_of(report))


def seen_by(user: User, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the rows whose contract, or order where there is none, the user may see; at most two queries."""
    contracts = {row["contract"] for row in rows if row["contract"]}
    orders = {row["order"] for row in rows if not row["contract"]}
    mine = set(Contract.objects.visible_to(user).filter(pk__in=contracts).values_list("pk", flat=True)) & contracts
    mine_too = set(Order.objects.visible_to(user).filter(pk__in=orders).values_list("pk", flat=True)) & orders
    return [row for row in rows if (row["contract"] in mine if row["contract"] else row["order"] in mine_too)]


def part_of(report: Report, user: User, asked: Mapping[str, str] | None = None) -> Part:
    """What `user` sees of the report, filtered by customer, department and owner (their keys), and by `only`.

    `only` is "contracts", "orders" (those without a contract) or "moved".
    """
    every = rows_of(report)
    mine = seen_by(user, every)
    choices = {
        name: sorted({(row[name], row[f"{name}_name"]) for row in mine if row[name]}, key=lambda each: each[1])
        for name in FILTERS
    }
    given = {name: str(asked.get(name, "")) for name in (*FILTERS, "only")} if asked else {}
    rows = mine
    for name in FILTERS:
        if (key := number_in(given.get(name, ""))) is not None:
            rows = [row for row in rows if row[name] == key]
    rows = [row for row in rows if _wanted(row, given.get("only", ""))]
    return Part(rows, choices, given, len(mine) == len(every))


def as_shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its figures as numbers, which pages write as their reader's language does."""
    figures = {name: {each: Decimal(value) for each, value in row[name].items()} for name in SUMS}
    return {**row, **figures, "requested": Decimal(row["requested"])}


def _wanted(row: dict[str, Any], only: str) -> bool:
    match only:
        case "contracts":
            return bool(row["contract"])
        case "orders":
            return not row["contract"]
        case "moved":
            return bool(row["moves"])
    return True


@dataclass(frozen=True)
class OnTime:
    """Of the contracts whose date lies in the days: what was contracted, and what of it was executed by the date."""

    due: Decimal
    kept: Decimal

    @property
    def share(self) -> Decimal | None:
        """In percent with one decimal, None where nothing was due."""
        return (self.kept * 100 / self.due).quantize(Decimal("0.1")) if self.due else None


def on_time(rows: list[dict[str, Any]], first: date, last: date) -> OnTime:
    """How much of what was to be executed in these days was executed by the contract's date."""
    due = [
        row for row in rows if row["contract"] and row["date"] and first.isoformat() <= row["date"] <= last.isoformat()
    ]
    return OnTime(
        sum((Decimal(row["quantity"]["whole"]) for row in due), Decimal(0)),
        sum((Decimal(row["in_time"]) for row in due), Decimal(0)),
    )


@dataclass(frozen=True)
class OfCustomer:
    """A customer's contracts of a month, with their sums."""

    key: int
    name: str
    rows: list[dict[str, Any]]
    sums: dict[str, dict[str, Decimal]]
    on_time: OnTime


def by_customer(rows: list[dict[str, Any]], first: date, last: date) -> list[OfCustomer]:
    """The rows by customer, who got the most in the days first."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["customer"], []).append(row)
    found = [
        OfCustomer(key, each[0]["customer_name"], each, sums_of(each), on_time(each, first, last))
        for key, each in groups.items()
    ]
    return sorted(found, key=lambda each: (-each.sums["amount"]["now"], each.name))


def by_product(rows: list[dict[str, Any]]) -> list[tuple[str, str, Decimal, Decimal]]:
    """Name, unit, how much was executed in the days and to date of each product, the most moved first."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows:
        for name, unit, _contracted, now, done in row["goods"]:
            there = sums.setdefault((name, unit), [Decimal(0), Decimal(0)])
            there[0] += Decimal(now)
            there[1] += Decimal(done)
    found = [(name, unit, now, done) for (name, unit), (now, done) in sums.items() if now or done]
    return sorted(found, key=lambda each: (-each[2], each[0]))
