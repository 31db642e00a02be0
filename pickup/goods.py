"""The goods of a handover: what is due, what was counted, what of it leaves, and in which words sales hears of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.refusals import Refused
from crm.statements import insert
from orders.models import Line
from pickup.models import Pickup, Record, RecordLine
from pickup.stock import ledger

ZERO = Decimal(0)


@dataclass(frozen=True)
class Counted:
    """One line at the counter, in base units: what was due, what was counted, and why that differs."""

    line: Line
    due: Decimal
    quantity: Decimal
    difference: str = ""

    def __str__(self) -> str:
        return f"{self.line}: {_plain(self.quantity)} {self.line.product.unit}"

    @property
    def differs(self) -> bool:
        """Whether something else was counted than was due."""
        return self.quantity != self.due

    @property
    def difference_in_words(self) -> str:
        """What was counted, what was due, and why."""
        return f"{self.line}: {_plain(self.quantity)} / {_plain(self.due)} ({self.difference})"


def count(pickup: Pickup, held: Iterable[ledger.Held], given: Iterable[dict[str, Any]]) -> list[Counted]:
    """What leaves of each line: what was counted, or all that is `held` here where nothing was said.

    Raises Refused for a difference without a reason, and where nothing leaves at all.
    """
    due: dict[Line, Decimal] = {}
    for row in held:
        if row.warehouse_id == pickup.warehouse_id:
            due[row.line] = due.get(row.line, ZERO) + row.quantity
    said = {each["line"]: each for each in given}
    found = []
    for line in sorted({*due, *said}, key=lambda line: line.pk):
        owed, each = due.get(line, ZERO), said.get(line, {})
        quantity = owed if each.get("quantity") is None else each["quantity"]
        counted = Counted(line, owed, quantity, each.get("difference") or "")
        if counted.differs and not counted.difference:
            raise Refused(
                "difference",
                _("%(line)s: %(due)s are due, %(quantity)s were counted.")
                % {"line": line, "due": _plain(owed), "quantity": _plain(quantity)},
                _("Write down why."),
            )
        if owed or quantity:
            found.append(counted)
    if not any(each.quantity for each in found):
        raise Refused("nothing_handed_over", _("Nothing was handed over."), _("Enter what leaves."))
    return found


def move(record: Record, held: Iterable[ledger.Held], counted: list[Counted], *, by: User) -> None:
    """Book the counted goods out under the record's number, and write its lines."""
    here = [row for row in held if row.warehouse_id == record.pickup.warehouse_id]
    leaving = {each.line: each.quantity for each in counted if each.quantity}
    ledger.hand_out(here, leaving, by=by, reference=record.number)
    insert(
        [
            RecordLine(record=record, line=each.line, due=each.due, quantity=each.quantity, difference=each.difference)
            for each in counted
        ]
    )


def are_left(held: Iterable[ledger.Held], counted: list[Counted]) -> bool:
    """Whether more is held for the order, here or elsewhere, than leaves now."""
    return sum(row.quantity for row in held) > sum(each.quantity for each in counted)


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
