"""A week of pickup windows at one counter, as a calendar: who is expected, who is there, who has his goods."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from pickup.models import Pickup, Window
from pickup.stock.models import Warehouse

S = Pickup.Status
# What a day at the counter is counted by; cancelled ones are nobody's matter any more.
STANDS = [
    ("expected", _("expected"), "neutral", (S.PLANNED, S.NOTIFIED, S.CONFIRMED)),
    ("arrived", _("has arrived"), "soon", (S.ARRIVED,)),
    ("done", _("done"), "done", (S.HANDED_OVER,)),
    ("missed", _("did not come"), "late", (S.MISSED, S.REVERSED)),
]
NEARLY, HALF = 0.75, 0.5  # of the room in a window


@dataclass(frozen=True)
class Slot:
    """One window: how much of it is taken, and how many of its pickups stand where."""

    window: Window
    parts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """How full it is, as a tone; the numbers say it."""
        return fullness(self.window.taken, self.window.capacity)

    @property
    def url(self) -> str:
        """The pickups in it."""
        return f"{reverse('pickups')}?window={self.window.pk}"


@dataclass(frozen=True)
class Day:
    """One day of the week with the windows that begin at each of the week's times, None where there is none."""

    day: date
    slots: list[Slot | None]

    @property
    def is_today(self) -> bool:
        """Whether it is the present day."""
        return self.day == clock.today()


def fullness(taken: int, capacity: int) -> str:
    """The tone of a window that is so full: free, half, nearly, or altogether."""
    share = taken / capacity if capacity else 1.0
    return "late" if share >= 1 else "soon" if share >= NEARLY else "active" if share >= HALF else "neutral"


def week(place: Warehouse, monday: date, user: User) -> tuple[list[time], list[Day]]:
    """The times at which windows begin in the week, and its days; two queries, whatever is in it.

    Windows are no secret; of the pickups in them those are counted that `user` may see. Saturday and Sunday are left
    out where nothing is open.
    """
    windows = Window.objects.filter(
        warehouse=place, starts_at__gte=begin_of(monday), starts_at__lt=begin_of(monday + timedelta(days=7))
    )
    found = {timezone.localtime(each.starts_at): each for each in windows.order_by("starts_at")}
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Pickup.objects.visible_to(user).filter(warehouse=place, window__in=[each.pk for each in found.values()])
    for pk, status, number in rows.values_list("window", "status").annotate(number=Count("pk")).order_by():
        counts[pk][status] = number
    times = sorted({moment.time() for moment in found})
    by_place = {(moment.date(), moment.time()): each for moment, each in found.items()}
    days = []
    for each in range(7):
        day = monday + timedelta(days=each)
        slots = [_slot(by_place.get((day, begins)), counts) for begins in times]
        if each < 5 or any(slots):
            days.append(Day(day, slots))
    return times, days


def _slot(window: Window | None, counts: dict[int, dict[str, int]]) -> Slot | None:
    if window is None:
        return None
    parts = []
    for key, label, tone, states in STANDS:
        number = sum(counts[window.pk].get(state, 0) for state in states)
        if number:
            parts.append({"key": key, "label": label, "tone": tone, "number": number})
    return Slot(window, parts)
