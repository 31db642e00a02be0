"""How far a contract is carried out: what of each line was collected under its order."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orders.catalog.money import fen
from orders.contracts.amended import lines_now
from orders.contracts.models import Contract
from orders.models import Line

NONE = Decimal(0)


@dataclass(frozen=True)
class Done:
    """One line of a contract, in base units and money with tax."""

    line: Any
    ordered: Decimal
    executed: Decimal
    executed_amount: Decimal

    @property
    def open(self) -> Decimal:
        """What is still to come; never less than nothing."""
        return max(self.ordered - self.executed, NONE)


@dataclass(frozen=True)
class Progress:
    """All lines of a contract, and their sums."""

    lines: list[Done] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)


def progress_of(contract: Contract) -> Progress:
    """What of the contract is executed and open.

    What was collected of a product goes to the contract's lines of it in their order; of a product that was agreed on
    in place of another (a substitute) it counts in the sums.
    """
    collected: dict[int, Decimal] = defaultdict(Decimal)
    worth = Decimal("0.00")
    for sold in Line.objects.filter(order=contract.order_id):
        collected[sold.product_id] += sold.collected
        worth += sold.worth(sold.collected)
    total = sum(collected.values(), NONE)
    rows = lines_now(contract)
    last = {row.product_id: row.position for row in rows}
    found = []
    for row in rows:
        ordered = (row.quantity * row.factor).quantize(Decimal("0.001"))
        there = collected[row.product_id]
        executed = there if last[row.product_id] == row.position else min(there, ordered)
        collected[row.product_id] -= executed
        amount = row.amount if executed >= ordered else fen(row.amount * executed / ordered)
        found.append(Done(row, ordered, executed, amount))
    totals = {
        "ordered": contract.quantity,
        "executed": total,
        "open": contract.quantity - total,
        "amount": contract.total,
        "executed_amount": worth,
        "open_amount": contract.total - worth,
    }
    return Progress(found, totals)
