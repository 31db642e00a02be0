"""Figures of pickups: how full the counters are, and how long each step takes on the way to the handover."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of, monday_of
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.deadlines.taken import hours_bar, taken_by
from crm.reports.charts import BARS, HEAT, Figure, Row, Value, report
from pickup.models import Record, Window
from pickup.stock.models import Warehouse
from pickup.week import fullness
from pickup.windows import counters_of

RIGHT = "pickup.view_window"
AT_WORK = ["pickup.hand_over", "pickup.check_stock"]  # whose day begins with how full the counters are
DAYS = 90
WEEKS = 6
# The steps from the inquiry to the handover, in their order. The notice is none of them: its limit follows the window,
# and may be over before the step begins.
STEPS = [
    "inquiry.reply",
    "inquiry.application",
    "order.review",
    "order.allocate",
    "order.accept",
    "order.confirm",
    "stock.check",
    "pickup.plan",
    "pickup.confirm",
    "pickup.serve",
]


@report(
    "windows-today",
    gettext_lazy("Counters today"),
    definition=gettext_lazy("Places taken of those that there are, for each window of today. Full ones take no more."),
    kind=HEAT,
    right=RIGHT,
    order=10,
    starts=AT_WORK,
)
def windows_today(user: User) -> Figure:
    """Each counter's windows of today; three queries."""
    today = clock.today()
    windows = _windows(user, today, 1)
    times = sorted({begins.time() for each in windows.values() for begins in each})
    rows = []
    for place, found in windows.items():
        by_time = {begins.time(): row for begins, row in found.items()}
        cells = [
            _cell(by_time[at], f"{reverse('pickups')}?window={by_time[at]['pk']}") if at in by_time else None
            for at in times
        ]
        rows.append(Row(str(place), cells))
    series = [(f"{at:%H:%M}", "neutral") for at in times]
    return Figure(_("Counter"), series, rows if times else [], empty=_("No counter is open today."))


@report(
    "windows-week",
    gettext_lazy("Counters this week"),
    definition=gettext_lazy("Places taken of those that there are, for each day of this week: all windows together."),
    kind=HEAT,
    right=RIGHT,
    order=11,
    starts=AT_WORK,
)
def windows_week(user: User) -> Figure:
    """Each counter's days of this week; three queries."""
    monday = monday_of(clock.today())
    windows = _windows(user, monday, 7)
    days = sorted({begins.date() for each in windows.values() for begins in each})
    rows = []
    for place, found in windows.items():
        calendar = f"{reverse('pickup-calendar')}?{urlencode({'place': place.pk, 'week': monday.isoformat()})}"
        sums: dict[date, dict[str, int]] = defaultdict(lambda: {"taken": 0, "capacity": 0})
        for begins, row in found.items():
            for name in ("taken", "capacity"):
                sums[begins.date()][name] += row[name]
        rows.append(Row(str(place), [_cell(sums[day], calendar) if day in sums else None for day in days]))
    series = [(f"{date_format(day, 'D')} {day:%m-%d}", "neutral") for day in days]
    return Figure(_("Counter"), series, rows if days else [], empty=_("No counter is open this week."))


@report(
    "handovers-by-week",
    gettext_lazy("Handovers by week"),
    definition=gettext_lazy(
        "Handovers at each counter by the week in which they happened, those that were taken back later too; the lines"
        " are those of their records."
    ),
    kind=HEAT,
    right="pickup.view_record",
    order=50,
)
def handovers_by_week(user: User) -> Figure:
    """The handovers of the last six weeks; two queries."""
    monday = monday_of(clock.today())
    weeks = [monday - timedelta(weeks=each) for each in reversed(range(WEEKS))]
    rows = (
        Record.objects.visible_to(user)
        .filter(kind=Record.Kind.HANDOVER, at__gte=begin_of(weeks[0]))
        .annotate(week=TruncWeek("at", tzinfo=timezone.get_default_timezone()))
        .values("week", "pickup__warehouse")
        .annotate(number=Count("pk", distinct=True), lines=Count("lines"))
        .order_by()
    )
    counts = {(row["pickup__warehouse"], row["week"].date()): (row["number"], row["lines"]) for row in rows}
    found = []
    for place in Warehouse.objects.filter(pk__in={place for place, _week in counts}).order_by("name", "pk"):
        each = [counts.get((place.pk, week), (0, 0)) for week in weeks]
        cells = [
            _handed(number, place, week, week + timedelta(days=6)) if number else None
            for week, (number, _lines) in zip(weeks, each, strict=True)
        ]
        whole, lines = (sum(column) for column in zip(*each, strict=True))
        last = weeks[-1] + timedelta(days=6)
        more = [_handed(whole, place, weeks[0], last), Value(lines, f"{lines:,}")]
        found.append(Row(str(place), cells, more=more))
    series = [(f"{week:%m-%d}", "neutral") for week in weeks]
    more_heads = [_("Handovers"), _("Lines")]
    return Figure(_("Counter"), series, found, more=more_heads, empty=_("Nothing was handed over in these weeks."))


def _handed(number: int, place: Warehouse, first: date, last: date) -> Value:
    """So many handovers at a counter in a stretch of days, with the records behind them."""
    asked = {"kind": "handover", "warehouse": place.pk, "since": first.isoformat(), "until": last.isoformat()}
    return Value(number, f"{number:,}", f"{reverse('pickup-records')}?{urlencode(asked)}", "neutral")


@report(
    "step-times",
    gettext_lazy("From the inquiry to the handover"),
    definition=gettext_lazy(
        "How long each step took, and how long its rule allowed: the median, in hours by the clock with nights and"
        " holidays in both, of the deadlines that were due in the last ninety days and were met."
    ),
    kind=BARS,
    right="deadlines.view_deadline",
    order=55,
)
def step_times(user: User) -> Figure:
    """The median of each step beside that of its limit; one query."""
    today = clock.today()
    since = today - timedelta(days=DAYS)
    rows = Deadline.objects.visible_to(user).filter(rule__in=STEPS, due_at__gte=begin_of(since))
    found = taken_by(rows.filter(due_at__lt=begin_of(today + timedelta(days=1))), "rule")
    bars = []
    for key in (each for each in STEPS if each in found):
        asked = {"rule": key, "due_from": since.isoformat(), "due_until": today.isoformat()}
        bars.append(hours_bar(str(RULES[key].label), found[key], f"{reverse('deadlines')}?{urlencode(asked)}"))
    return Figure(
        _("Step"),
        [(_("Hours taken"), "active")],
        bars,
        more=[_("Cases"), _("Late")],
        mark=_("Hours allowed"),
        empty=_("Nothing was due in these days."),
    )


def _windows(user: User, first: date, days: int) -> dict[Any, dict[datetime, dict[str, Any]]]:
    """The windows of some days by counter and by when they begin, where the company is."""
    places = {each.pk: each for each in counters_of(user)}
    rows = Window.objects.filter(
        warehouse__in=list(places),
        starts_at__gte=begin_of(first),
        starts_at__lt=begin_of(first + timedelta(days=days)),
    ).order_by("starts_at")
    found: dict[Any, dict[datetime, dict[str, Any]]] = {place: {} for place in places.values()}
    for row in rows.values("pk", "warehouse", "starts_at", "taken", "capacity"):
        found[places[row["warehouse"]]][timezone.localtime(row["starts_at"])] = {**row}
    return {place: windows for place, windows in found.items() if windows}


def _cell(row: dict[str, Any], url: str) -> Value:
    taken, capacity = row["taken"], row["capacity"]
    return Value(taken, f"{taken}/{capacity}", url, fullness(taken, capacity))
