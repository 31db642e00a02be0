"""A calendar's year as twelve months to look at and to click."""

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language

from crm import clock
from crm.deadlines import basis
from crm.deadlines.models import CalendarDay, WorkCalendar
from crm.words import WEEKDAYS


@dataclass(frozen=True)
class Day:
    """One date: its kind (work, weekend, holiday, makeup, hours), name, address, and whether the company decided it."""

    date: date
    kind: str
    name: str
    url: str
    own: bool
    today: bool


@dataclass(frozen=True)
class Year:
    """The months of a year, each a list of weeks of seven days (None outside the month), and what they add up to."""

    year: int
    announced: bool
    weekdays: list[str]
    months: list[tuple[str, list[list[Day | None]]]]
    working_days: int
    days_off: int
    made_up: int


def year_view(row: WorkCalendar, year: int) -> Year:
    """The year of one calendar, with what it has from the company's."""
    calendar = basis.current().calendar_of(row.pk)
    own = {day.date: day for day in CalendarDay.objects.filter(calendar=row, date__year=year)}
    english = (get_language() or "").startswith("en")
    counts = {"work": 0, "weekend": 0, "holiday": 0, "makeup": 0, "hours": 0}

    def day_of(day: date) -> Day | None:
        if day.year != year:
            return None
        different = calendar.exceptions.get(day)
        usual = bool(calendar.week[day.weekday()])
        name = ((different.name_en if english else "") or different.name) if different else ""
        if different is None:
            kind = "work" if usual else "weekend"
        elif not different.working:
            kind = "holiday"
        else:
            kind = "makeup" if not usual else "hours" if different.intervals else "work"
        counts[kind] += 1
        if day in own:
            url = reverse("admin:deadlines_calendarday_change", args=[own[day].pk])
        else:
            working = "" if calendar.intervals(day) else "on"
            url = reverse("admin:deadlines_calendarday_add") + f"?calendar={row.pk}&date={day}&working={working}"
        company = day in own and own[day].source == CalendarDay.Source.COMPANY
        return Day(day, kind, name, url, company, day == clock.today())

    months = []
    for month in range(1, 13):
        weeks = Months().monthdatescalendar(year, month)
        days = [[day_of(day) if day.month == month else None for day in week] for week in weeks]
        months.append((date_format(date(year, month, 1), "F"), days))
    return Year(
        year,
        year in calendar.announced,
        [str(name) for name in WEEKDAYS],
        months,
        counts["work"] + counts["makeup"] + counts["hours"],
        counts["holiday"],
        counts["makeup"],
    )
