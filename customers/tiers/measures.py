"""What tiers are worked out from: measures that apps register, each for many customers by one query.

    @measure("frequency", _("Frequency"), definition=_("…"), unit=_("times"), weight=15, steps=(1, 3, 6, 12, 24))
    def frequency(customers: list[int], span: Span) -> dict[int, Decimal]: ...

An app says its own in `measures.py`. A customer whom a measure does not name has no figure and gets no points for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.days import begin_of
from crm.words import money, quantity
from customers.tiers.models import Judgement

MONEY = "money"  # the unit of a figure that is an amount


@dataclass(frozen=True)
class Span:
    """The time that is looked at: so many whole months before `today`."""

    today: date
    months: int

    def ago(self, months: int) -> datetime:
        """The beginning of the day that lies so many months before today; the last of a shorter month."""
        number = self.today.year * 12 + self.today.month - 1 - months
        year, month = number // 12, number % 12 + 1
        day = self.today.day
        while True:
            try:
                return begin_of(date(year, month, day))
            except ValueError:
                day -= 1

    @property
    def until(self) -> datetime:
        """The end of today."""
        return begin_of(self.today + timedelta(days=1))

    @property
    def since(self) -> datetime:
        """Where it begins."""
        return self.ago(self.months)

    @property
    def before(self) -> datetime:
        """Where an equally long time before it begins."""
        return self.ago(2 * self.months)


Figures = Callable[[list[int], Span], dict[int, Decimal]]


@dataclass(frozen=True)
class Measure:
    """One measure: `weight` and `steps` are its defaults, where no scheme says otherwise.

    `steps` are the figures from which on it gives one point, two, up to five; falling ones mean that less is better.
    """

    key: str
    label: Any
    definition: Any
    unit: Any
    weight: int
    steps: tuple[Decimal, ...]
    figures: Figures = field(compare=False)

    def words(self, figure: Decimal) -> str:
        """The figure as people read it."""
        return money(figure) if self.unit == MONEY else quantity(figure, self.unit)


MEASURES: dict[str, Measure] = {}


def measure(
    key: str, label: Any, *, definition: Any, unit: Any, weight: int, steps: Iterable[int | str]
) -> Callable[[Figures], Figures]:
    """Register the function that works a measure out; see Measure for the words. Raises TypeError for a second one."""

    def declare(figures: Figures) -> Figures:
        if key in MEASURES:
            raise TypeError(f"two measures are named {key}")
        MEASURES[key] = Measure(key, label, definition, unit, weight, tuple(map(Decimal, steps)), figures)
        return figures

    return declare


def points(figure: Decimal | None, steps: Sequence[Decimal]) -> int:
    """How many of the steps a figure reaches: 0 to 5; none without a figure."""
    if figure is None:
        return 0
    if steps[0] < steps[-1]:
        return sum(figure >= step for step in steps)
    return sum(figure <= step for step in steps)


def _judged(customers: list[int], name: str) -> dict[int, Decimal]:
    rows = Judgement.objects.filter(customer__in=customers).order_by("customer_id", "-pk").distinct("customer_id")
    return {customer: Decimal(value) for customer, value in rows.values_list("customer_id", name)}


@measure(
    "potential",
    _("Purchase potential"),
    definition=_("How much more the customer could buy, as a colleague judges it: 0 to 5, entered with a reason."),
    unit=_("of 5"),
    weight=10,
    steps=(1, 2, 3, 4, 5),
)
def potential(customers: list[int], span: Span) -> dict[int, Decimal]:
    """The potential of the last judgement."""
    return _judged(customers, "potential")


@measure(
    "need",
    _("Need"),
    definition=_("How much the customer needs our service, as a colleague judges it: 0 to 5, entered with a reason."),
    unit=_("of 5"),
    weight=5,
    steps=(1, 2, 3, 4, 5),
)
def need(customers: list[int], span: Span) -> dict[int, Decimal]:
    """The need of the last judgement."""
    return _judged(customers, "need")
