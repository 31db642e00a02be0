"""How much less arrived than was loaded, and where on the way it was lost (KC 5.2.1.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from complaints.verification.models import Weighing

PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class Difference:
    """Two weighings; `lost` in kilograms is negative where there was more, `percent` is of the earlier one."""

    before: Weighing
    after: Weighing

    @property
    def lost(self) -> Decimal:
        """How much less the later weighing found, in kilograms."""
        return self.before.net - self.after.net

    @property
    def percent(self) -> Decimal:
        """How much less in percent of the earlier weighing."""
        return (self.lost * 100 / self.before.net).quantize(PERCENT, ROUND_HALF_UP)


def valid(weighings: Iterable[Weighing]) -> list[Weighing]:
    """Those that were not struck out, in the order in which they were weighed."""
    return sorted((each for each in weighings if not each.struck_because), key=lambda each: (each.at, each.pk))


def overall(weighings: Iterable[Weighing]) -> Difference | None:
    """What was loaded first against what arrived last, or None where one of both is missing."""
    rows = valid(weighings)
    loaded = [each for each in rows if each.stage == Weighing.Stage.LOADED]
    arrived = [each for each in rows if each.stage == Weighing.Stage.ARRIVED]
    return Difference(loaded[0], arrived[-1]) if loaded and arrived else None


def stretches(weighings: Iterable[Weighing]) -> dict[int, Difference]:
    """The difference of each weighing to the one before it, by the key of the later one."""
    rows = valid(weighings)
    return {after.pk: Difference(before, after) for before, after in pairwise(rows)}
