"""China's public holidays with their make-up working days, from the list that the program brings, into the tables.

The list for a year exists only after the State Council has published it, usually in November of the year before. A year
that is on the list without a make-up day is not announced yet: it looks complete and is not.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import holidays
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from crm import clock
from crm.accounts.models import User
from crm.deadlines.basis import USUAL_HOURS
from crm.deadlines.models import CalendarDay, CalendarYear, WorkCalendar, WorkInterval
from crm.deadlines.notices import UNANNOUNCED
from crm.outbox.queue import notify

DECEMBER = 12
WORKED_FOR_IT = re.compile(r"\d{4}-\d\d-\d\d")  # in the name of a day off: the weekend day that is worked instead


class OfficialDay(NamedTuple):
    """A day as the State Council announced it."""

    working: bool
    name: str
    name_en: str


@transaction.atomic
def seed_calendar(years: Iterable[int] | None = None) -> WorkCalendar:
    """Make the company's calendar where there is none, and bring in the official days of `years`.

    Without `years` it is last year to next year. Days that the company entered or changed itself stay, and a year that
    is marked as announced stays so.
    """
    this = clock.today().year
    calendar = WorkCalendar.objects.filter(department=None).first()
    if calendar is None:
        calendar = WorkCalendar.objects.create(name="公司日历")
        WorkInterval.objects.bulk_create(
            WorkInterval(calendar=calendar, weekday=weekday, start=start, end=end)
            for weekday in range(5)
            for start, end in USUAL_HOURS
        )
    for year in years or (this - 1, this, this + 1):
        _seed_year(calendar, year)
    calendar.changed()
    return calendar


def official_days(year: int) -> dict[date, OfficialDay]:
    """A year's public holidays, the days off that go with them, and the days worked for these, in both languages."""
    chinese = holidays.country_holidays("CN", years=year, language="zh_CN")
    english = holidays.country_holidays("CN", years=year, language="en_US")
    days: dict[date, OfficialDay] = {}
    holiday = ("", "")
    for day, name in sorted(chinese.items()):
        worked = WORKED_FOR_IT.search(name)
        if worked is None:
            days[day] = OfficialDay(False, name, english.get(day, ""))
            holiday = (name.partition("（")[0], english.get(day, "").partition(" (")[0])
            continue
        days[day] = OfficialDay(False, f"{holiday[0]}调休", f"{holiday[1]}, worked {worked[0][5:]} instead")
        days[date.fromisoformat(worked[0])] = OfficialDay(
            True, f"{holiday[0]}调休上班", f"Working day instead of {day:%m-%d}"
        )
    for day in chinese.weekend_workdays:
        if day.year == year:
            days.setdefault(day, OfficialDay(True, "调休上班", "Make-up working day"))
    return {day: found for day, found in days.items() if day.year == year}


def _seed_year(calendar: WorkCalendar, year: int) -> None:
    days = official_days(year)
    make_up = any(found.working for found in days.values())
    kept = set(calendar.days.filter(date__year=year, source=CalendarDay.Source.COMPANY).values_list("date", flat=True))
    calendar.days.filter(date__year=year, source=CalendarDay.Source.OFFICIAL).exclude(date__in=days).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                calendar=calendar,
                date=day,
                working=found.working,
                name=found.name[:60],
                name_en=found.name_en[:60],
                source=CalendarDay.Source.OFFICIAL,
            )
            for day, found in sorted(days.items())
            if day not in kept
        ],
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=["working", "name", "name_en", "source"],
    )
    row, made = CalendarYear.objects.get_or_create(calendar=calendar, year=year, defaults={"announced": make_up})
    if not made and make_up and not row.announced:
        CalendarYear.objects.filter(pk=row.pk).update(announced=True)


def unannounced(year: int) -> bool:
    """Whether the company's calendar lacks the official days of `year`."""
    return not CalendarYear.objects.filter(calendar__department=None, year=year, announced=True).exists()


def complete() -> None:
    """Make the calendar, and bring in the years that are not in it yet."""
    this = clock.today().year
    known = set(CalendarYear.objects.filter(calendar__department=None).values_list("year", flat=True))
    if missing := [year for year in (this - 1, this, this + 1) if year not in known]:
        seed_calendar(missing)


def after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Called by Django after migrating: a new installation begins with a calendar."""
    tables = set(connections[using].introspection.table_names())
    if {model._meta.db_table for model in (WorkCalendar, WorkInterval, CalendarDay, CalendarYear)} <= tables:
        complete()


def remind() -> int:
    """In December, tell the administrators once a week that next year's holidays are missing; answers how many."""
    today = clock.today()
    next_year = today.year + 1
    if today.month != DECEMBER or not unannounced(next_year):
        return 0
    seed_calendar([next_year])  # a newer list may have come with an update of the program
    if not unannounced(next_year):
        return 0
    people = User.objects.administrators()
    week = "-".join(str(part) for part in today.isocalendar()[:2])
    for user in people:
        notify(user, UNANNOUNCED.key, about=None, context={"year": next_year}, key=f"calendar-{next_year}-{week}")
    return len(people)
