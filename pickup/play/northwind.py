"""The Northwind files: orders of 1996 to 1998, moved by a constant so that they lie ahead."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "northwind"
NOTICE = timedelta(days=7)  # from today until the first goods are wanted
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """So much of a product at a price, its discount taken off."""

    product: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class Case:
    """One order as it is to be entered."""

    number: str
    customer: str
    wanted_on: date
    lines: tuple[Line, ...]


def cases(most: int, today: date, folder: Path = FOLDER) -> list[Case]:
    """The first `most` orders, all their dates shifted by one constant, so that the earliest lies ahead of `today`.

    Raises FileNotFoundError where the files are not there.
    """
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in _rows(folder / "order_details.csv"):
        price = Decimal(row["unitPrice"]) * (1 - Decimal(row["discount"]))
        price = price.quantize(FEN, rounding=ROUND_HALF_UP)
        lines[row["orderID"]].append(Line(row["productID"], Decimal(row["quantity"]), price))
    rows = [row for row in _rows(folder / "orders.csv") if lines[row["orderID"]]][:most]
    wanted = [date.fromisoformat(row["requiredDate"][:10]) for row in rows]
    shift = today + NOTICE - min(wanted)
    return [
        Case(row["orderID"], row["customerID"], day + shift, tuple(lines[row["orderID"]]))
        for row, day in zip(rows, wanted, strict=True)
    ]


def quantities(chosen: list[Case]) -> dict[str, Decimal]:
    """How much of each product these orders need together."""
    needed: dict[str, Decimal] = defaultdict(Decimal)
    for case in chosen:
        for line in case.lines:
            needed[line.product] += line.quantity
    return dict(needed)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
