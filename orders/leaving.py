"""What of an order may leave though it is not paid, and what has left: every way out asks here (KC 5.1.11.1).

The goods of an order that is paid first leave up to what was paid, and beyond it as far as somebody released them. Who
does that are apps above: they register here what they release (RELEASES), and are told where goods have left, or come
back, beyond what is paid (MOVED), in the transaction of the verb and under the lock of the order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model

from customers.models import Customer
from orders.models import Line, Order

NOTHING = Decimal(0)
PAID_FIRST = (Customer.Terms.PREPAY, Customer.Terms.CASH)


@dataclass(frozen=True)
class Release:
    """Goods that may leave before they are paid, worth at most `amount` beyond the money; `words` say it at a counter.

    Of what was released and is no more the amount is nothing, and the words say why.
    """

    amount: Decimal
    words: Callable[[], str]


@dataclass(frozen=True)
class Shortfall:
    """What must be paid before goods leave: the amount, and what was released of it or is no more, in words."""

    amount: Decimal
    words: tuple[str, ...]


Moved = Callable[[Order, Model, Decimal, Decimal], None]

RELEASES: list[Callable[[Order], Release | None]] = []
MOVED: list[Moved] = []  # called with the order, the paper of the movement, and what was beyond the money before and is


def worth_of(order_id: int, leaving: Mapping[int, Decimal] | None = None) -> Decimal:
    """What the goods of an order cost that have left, together with so many base units of each line."""
    return _worth(Line.objects.filter(order=order_id), leaving or {})


def _worth(lines: Iterable[Line], leaving: Mapping[int, Decimal]) -> Decimal:
    total = NOTHING
    for line in lines:
        total += line.worth(line.collected + leaving.get(line.pk, NOTHING))
    return total


def released(order: Order) -> Decimal:
    """What the goods may be worth that leave beyond what is paid."""
    return sum((each.amount for each in _releases(order)), NOTHING)


def _releases(order: Order) -> list[Release]:
    found = [release(order) for release in RELEASES]
    return [each for each in found if each is not None]


def shortfall(order: Order, leaving: Mapping[int, Decimal]) -> Shortfall | None:
    """What is missing for so many base units of each line to leave, or None where they may.

    What was released is looked for only where the money does not suffice.
    """
    if order.payment_terms not in PAID_FIRST:
        return None
    missing = worth_of(order.pk, leaving) - order.allowance - order.paid
    if missing <= 0:
        return None
    found = _releases(order)
    missing -= sum((each.amount for each in found), NOTHING)
    return Shortfall(missing, tuple(each.words() for each in found)) if missing > 0 else None


def note_moved(order: Order, paper: Model, moved: Mapping[int, Decimal]) -> None:
    """Tell whoever releases goods that so many base units of each line have left, or come back (below nothing).

    `paper` is the record of it. Call it after the goods were booked. Of what is paid in full nobody is told anything.
    """
    if order.payment_terms not in PAID_FIRST or order.paid >= order.total - order.taken_off:
        return
    lines = list(Line.objects.filter(order=order.pk))
    covered = order.paid + order.allowance
    before = max(_worth(lines, {pk: -quantity for pk, quantity in moved.items()}) - covered, NOTHING)
    now = max(_worth(lines, {}) - covered, NOTHING)
    if before != now:
        for tell in MOVED:
            tell(order, paper, before, now)
