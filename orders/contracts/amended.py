"""A contract as it was signed, as it is amended by now, and as it was on any day between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orders.contracts.models import TERMS, Contract, DateMove, Supplement

CARRIED = ("position", "product", "specification", "unit", "quantity", "factor", "price", "tax_rate", "amount", "tax")


@dataclass(frozen=True)
class Agreed:
    """One line as it is agreed at some time."""

    position: int
    product: Any
    specification: str
    unit: Any
    quantity: Decimal
    factor: Decimal
    price: Decimal
    tax_rate: Decimal
    amount: Decimal
    tax: Decimal

    @property
    def product_id(self) -> int:
        """The product's key."""
        return int(self.product.pk)


@dataclass(frozen=True)
class AsOf:
    """A contract on a day: its lines, its terms by name as JSON keeps them, and what it comes to."""

    lines: list[Agreed]
    terms: dict[str, Any]

    @property
    def total(self) -> Decimal:
        """What all lines cost, with tax."""
        return sum((line.amount for line in self.lines), Decimal(0))


def _line(row: Any) -> Agreed:
    return Agreed(**{name: getattr(row, name) for name in CARRIED})


def applied(contract: Contract) -> list[Supplement]:
    """The supplementary agreements that count, in the order in which they were applied."""
    rows = contract.supplements.filter(status=Supplement.Status.APPLIED)
    return list(rows.prefetch_related("lines__product__unit", "lines__unit").order_by("applied_at", "pk"))


def agreed_anew(contract: Contract) -> list[Supplement | DateMove]:
    """Everything that changed the contract since it was signed, in the order in which it was applied."""
    found: list[Any] = [*applied(contract), *contract.moves.all()]
    return sorted(found, key=lambda each: each.at if isinstance(each, DateMove) else each.applied_at)


def kept(value: Any) -> Any:
    """A term as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(value: Any) -> Any:
    """A term as it is read: browsers send the ends of lines in their own way."""
    return "\n".join(value.splitlines()).strip() if isinstance(value, str) else value


def differing(contract: Contract, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Of `terms` by name those that are not as the contract has them; one that is empty stays as it is."""
    return {
        name: value
        for name, value in terms.items()
        if name in TERMS and value not in (None, "") and _read(value) != _read(getattr(contract, name))
    }


def as_of(contract: Contract, agreed: Iterable[Supplement | DateMove], day: date | None) -> AsOf:
    """The contract on `day` (None: as signed), where `agreed` is what was applied since, in order (agreed_anew).

    Who needs nothing but the lines may leave out the dates that were moved.
    """
    rows = contract.lines.select_related("product__unit", "unit").order_by("position")
    lines = {row.position: _line(row) for row in rows}
    terms = {name: kept(getattr(contract, name)) for name in TERMS}
    found = list(agreed)
    later = [each for each in found if day is None or each.effective_on > day]
    for each in reversed(later):  # the columns say what counts by now; back to what was before
        terms |= {name: change["before"] for name, change in each.terms.items()}
    for each in found:
        if each not in later:
            lines |= {row.position: _line(row) for row in each.lines.all()} if isinstance(each, Supplement) else {}
            terms |= {name: change["after"] for name, change in each.terms.items()}
    return AsOf([lines[position] for position in sorted(lines)], terms)


def lines_now(contract: Contract) -> list[Agreed]:
    """The lines that count by now: of every supplementary agreement that was applied, whenever it counts from."""
    return as_of(contract, applied(contract), date.max).lines


def total_with(supplement: Supplement) -> Decimal:
    """What the contract comes to once the draft is applied."""
    amounts = {line.position: line.amount for line in lines_now(supplement.contract)}
    amounts |= {row.position: row.amount for row in supplement.lines.all()}
    return sum(amounts.values(), Decimal(0))


def terms_with(supplement: Supplement) -> tuple[str, int]:
    """How the contract is paid once the draft is applied: the terms, and the days to pay."""
    contract = supplement.contract
    after = {name: change["after"] for name, change in supplement.terms.items()}
    return after.get("payment_terms", contract.payment_terms), after.get("payment_days", contract.payment_days)
