"""Windows: made from the counters' weekly patterns for the working days to come, and taken one by one."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis
from crm.refusals import Refused
from crm.words import WEEKDAYS
from pickup.models import Window, WindowPattern
from pickup.stock.models import Warehouse

DAYS_AHEAD = 28
FRIDAY = 4


def told(window: Window) -> str:
    """A window as people are told of it: `2026-09-21 09:00-11:00 (Mon)`."""
    return f"{window} ({WEEKDAYS[timezone.localtime(window.starts_at).weekday()]})"


def make_windows() -> int:
    """Make the windows of the coming weeks that do not exist yet, on working days; answers how many."""
    patterns: dict[int, dict[int, list[WindowPattern]]] = {}  # by warehouse and weekday
    for pattern in WindowPattern.objects.filter(warehouse__active=True, warehouse__counter=True):
        patterns.setdefault(pattern.warehouse_id, {}).setdefault(pattern.weekday, []).append(pattern)
    calendar = basis.current().company
    rows = []
    for ahead in range(DAYS_AHEAD + 1):
        day = clock.today() + timedelta(days=ahead)
        if not calendar.intervals(day):
            continue
        for week in patterns.values():
            # On a working Saturday or Sunday a counter that is closed then keeps the hours of a Friday.
            made_up = week.get(FRIDAY, []) if day.weekday() > FRIDAY else []
            for pattern in week.get(day.weekday(), made_up):
                rows.append(
                    Window(
                        warehouse_id=pattern.warehouse_id,
                        starts_at=timezone.make_aware(datetime.combine(day, pattern.start)),
                        ends_at=timezone.make_aware(datetime.combine(day, pattern.end)),
                        capacity=pattern.capacity,
                    )
                )
    before = Window.objects.count()
    Window.objects.bulk_create(rows, ignore_conflicts=True)
    return Window.objects.count() - before


def counters_of(user: User) -> QuerySet[Warehouse]:
    """The counters that `user` is put to as a clerk; all that are in use where he is put to none."""
    counters = Warehouse.objects.filter(active=True, counter=True).order_by("code")
    own = counters.filter(clerks=user)
    return own if own.exists() else counters


def take(window: Window) -> None:
    """Take a place in a window. Raises Refused where it is full or past."""
    if window.starts_at <= clock.now():
        raise Refused("window_past", _("This window has begun already."), _("Choose a later one."))
    if not Window.objects.filter(pk=window.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1):
        raise Refused("window_full", _("This window is full."), _("Choose another one."))


def change(old: Window, new: Window, *, held: bool) -> None:
    """Take a place in `new` and, where one in `old` is `held`, give that back. Raises Refused as `take` does.

    Both are locked in one order, so that two customers who change places never wait for each other crosswise.
    """
    list(Window.objects.filter(pk__in=[old.pk, new.pk]).order_by("pk").select_for_update(no_key=True))
    take(new)
    if held:
        give_back(old)


def give_back(window: Window) -> None:
    """Give a place in a window back."""
    Window.objects.filter(pk=window.pk, taken__gt=0).update(taken=F("taken") - 1)
