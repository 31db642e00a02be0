"""Customers, products and stock of the Northwind files, brought in by the product's own doors."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from pickup.play.northwind import FOLDER
from pickup.play.rest import Refusal, Rest
from pickup.play.stage import PIECE, Set

PATIENCE = 180  # seconds for the worker to do one step of an import
BATCH = "NW"


class WorkerAway(Exception):
    """An import was not worked on: there is no worker."""


def bring_in(rest: Rest, stage: Set, folder: Path = FOLDER) -> dict[str, dict[str, int]]:
    """Import customers and products; answers the counts of each, as the import has them."""
    token = stage.token("sales_manager")
    piece = [{"column": "unit", "value": PIECE}]
    return {
        "customers": _import(rest, token, "customers", folder / "customers.csv", {}),
        "products": _import(rest, token, "products", folder / "products.csv", {"values": piece}),
    }


def _import(rest: Rest, token: str, kind: str, file: Path, mapping: dict[str, Any]) -> dict[str, int]:
    made = rest.upload(token, "exchange.upload_import/", {"kind": kind}, {"file": (file.name, file.read_bytes())})
    address = f"imports/{made['pk']}/"
    _wait(rest, token, address, "read")
    rest.post(token, f"{address}exchange.map_import/", {"existing": "skip", **mapping}, step="import")
    rest.post(token, f"{address}exchange.check_import/", step="import")
    checked = _wait(rest, token, address, "checked")
    if checked["counts"].get("good"):
        rest.post(token, f"{address}exchange.run_import/", {"mode": "good"}, step="import")
        checked = _wait(rest, token, address, "done")
    return checked["counts"]


def _wait(rest: Rest, token: str, address: str, state: str) -> dict[str, Any]:
    """Look until the worker has brought the import to a state."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = rest.get(token, address, step="import")
        if found["status"] == state:
            return found
        if found["status"] == "unusable":
            raise Refusal(409, "unusable", found["problem"])
        time.sleep(0.2)
    raise WorkerAway


def settle_terms(rest: Rest, stage: Set, customers: dict[str, int]) -> None:
    """Let every second customer buy on account; the others pay before they collect."""
    for number, pk in enumerate(sorted(customers.values())):
        terms = {"payment_terms": "credit", "payment_days": 30} if number % 2 else {"payment_terms": "prepay"}
        rest.post(stage.token("finance"), f"customers/{pk}/customers.set_payment_terms/", terms, step="payment terms")


def receive(rest: Rest, stage: Set, products: dict[str, int], needed: dict[str, Decimal]) -> Decimal:
    """Book in what all orders need together; answers how many pieces."""
    lines = [
        {"product": products[code], "quantity": str(quantity), "batch": BATCH}
        for code, quantity in sorted(needed.items())
        if code in products
    ]
    body = {"warehouse": stage.warehouse.pk, "reference": "Northwind", "lines": lines}
    rest.post(stage.token("warehouse"), "stock.receive_goods/", body, step="receive goods")
    return sum(needed.values(), Decimal(0))
