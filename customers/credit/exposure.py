"""How much a customer is trusted with at this moment: the sum of documents that the apps above know (C13, JD 7.1).

Customers know no orders and no invoices. An app above says in its own `exposure.py`, which is read when the apps are
ready, what of a customer's debt it knows:

    @exposure("overdue", _("Overdue"), order=30, kind=OVERDUE, documents=overdue_list)
    def overdue(customers: Sequence[int]) -> dict[int, Decimal]:
        return sums by customer's key; who owes nothing may be left out

with `overdue_list(customer: int) -> str`, the address of the list of exactly those documents. What two parts of one
kind say is added up, so no document may be in both: `orders.payments`, which knows when each invoice is due, takes what
is invoiced out of what orders say is overdue (`orders.exposure.INVOICED`). A key that is registered again replaces what
was registered before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.models import Customer

OPEN = "open"  # agreed, and not delivered yet
OWED = "owed"  # delivered, and not paid
OVERDUE = "overdue"  # what of OWED should have been paid already; it is not added a second time
NONE = Decimal("0.00")

Sums = Callable[[Sequence[int]], dict[int, Decimal]]


@dataclass(frozen=True)
class Part:
    """One kind of documents that a customer's exposure consists of."""

    key: str
    label: Any
    order: int
    kind: str
    sums: Sums
    documents: Callable[[int], str]
    right: str


PARTS: dict[str, Part] = {}


def exposure(
    key: str,
    label: Any,
    *,
    order: int,
    kind: str,
    documents: Callable[[int], str],
    right: str = "orders.view_order",
) -> Callable[[Sums], Sums]:
    """Declare a part of the exposure. A key that is declared again replaces the part declared before.

    The function takes the keys of many customers and answers what each owes, in the company's currency, with as many
    queries for a thousand as for one. `kind` is OPEN, OWED or OVERDUE; `documents` answers the address of the list of
    the documents behind a customer's sum, which whoever has `right` may open; `order` is its place. Raises TypeError
    for a kind that nobody knows.
    """
    if kind not in (OPEN, OWED, OVERDUE):
        raise TypeError(f"{key}: there is no kind of exposure {kind!r}")

    def declare(sums: Sums) -> Sums:
        PARTS[key] = Part(key, label, order, kind, sums, documents, right)
        return sums

    return declare


def parts() -> list[Part]:
    """What was declared, in its order."""
    return sorted(PARTS.values(), key=lambda each: each.order)


@dataclass(frozen=True)
class Exposure:
    """What one customer is trusted with, part by part; amounts with tax in the company's currency."""

    amounts: dict[str, Decimal]

    def _of(self, kind: str) -> Decimal:
        return sum((self.amounts.get(each.key, NONE) for each in PARTS.values() if each.kind == kind), NONE)

    @property
    def open_orders(self) -> Decimal:
        """Agreed on account, and not delivered yet."""
        return self._of(OPEN)

    @property
    def owed(self) -> Decimal:
        """Delivered, and not paid."""
        return self._of(OWED)

    @property
    def overdue(self) -> Decimal:
        """What of it should have been paid already."""
        return self._of(OVERDUE)

    @property
    def total(self) -> Decimal:
        """What counts against the limit: open orders and what is owed."""
        return self.open_orders + self.owed


def exposures(customers: Iterable[int], kinds: Sequence[str] = (OPEN, OWED, OVERDUE)) -> dict[int, Exposure]:
    """The exposure of each of these customers by key; one question for each part, however many they are.

    With `kinds` only parts of these kinds are asked, and the others count as nothing.
    """
    keys = list(customers)
    found: dict[int, dict[str, Decimal]] = {key: {} for key in keys}
    for part in parts() if keys else ():
        if part.kind in kinds:
            for customer, amount in part.sums(keys).items():
                found[customer][part.key] = amount
    return {key: Exposure(amounts) for key, amounts in found.items()}


def exposure_of(customer: Customer | int, kinds: Sequence[str] = (OPEN, OWED, OVERDUE)) -> Exposure:
    """The exposure of one customer, or of the one with this key, as it is now."""
    key = customer if isinstance(customer, int) else customer.pk
    return exposures([key], kinds)[key]
