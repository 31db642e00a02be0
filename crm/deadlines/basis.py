"""What due times are computed from, calendars and rules' values, read once and kept until one of them changes."""

import time as clock_of_machine
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from crm.accounts.models import Department
from crm.deadlines.models import BasisStamp, CalendarDay, CalendarYear, RuleVersion, WorkCalendar, WorkInterval
from crm.deadlines.rules import Rule
from crm.deadlines.worktime import Amount, Calendar, DayException, Interval
from crm.statements import Statement

USUAL_HOURS: tuple[Interval, ...] = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
FRESH_ENOUGH = 5.0  # seconds for which pages do not ask again whether something changed


@dataclass(frozen=True)
class Rulings:
    """What a rule's values are for one deadline: how long, when it warns, whether it is in force at all."""

    limit: Amount | None
    warn: Amount | None
    enabled: bool = True
    version: int | None = None  # key of the RuleVersion, None for the default in the code


@dataclass(frozen=True)
class Basis:
    """All calendars and all values of rules at one moment."""

    stamp: UUID | None
    company: Calendar
    of_department: Mapping[int, Calendar] = field(default_factory=dict)
    by_pk: Mapping[int, Calendar] = field(default_factory=dict)
    versions: Mapping[str, list[RuleVersion]] = field(default_factory=dict)  # of each rule, the newest first

    def calendar(self, department: int | None) -> Calendar:
        """The calendar of a department: its own, or that of the nearest one above it, or the company's."""
        if not self.of_department or department is None:
            return self.company
        if department in self.of_department:
            return self.of_department[department]
        above = dict(Department.objects.values_list("pk", "parent_id"))
        seen: set[int] = set()
        while department is not None and department not in seen:
            if department in self.of_department:
                return self.of_department[department]
            seen.add(department)
            department = above.get(department)
        return self.company

    def calendar_of(self, pk: int | None) -> Calendar:
        """The calendar with this key, or the company's where it is gone."""
        return self.by_pk.get(pk, self.company) if pk else self.company

    def has_tiers(self, rule: Rule) -> bool:
        """Whether any value of the rule is for one tier only."""
        return any(row.tier for row in self.versions.get(rule.key, ()))

    def rulings(self, rule: Rule, day: date, tier: str = "") -> Rulings:
        """The rule's values for a deadline that starts on `day`; those of the tier go before those for everybody."""
        rows = [row for row in self.versions.get(rule.key, ()) if row.valid_from <= day]
        found = next((row for row in rows if row.tier and row.tier == tier), None)
        found = found or next((row for row in rows if not row.tier), None)
        return rulings_of(rule, found)


def rulings_of(rule: Rule, version: RuleVersion | None) -> Rulings:
    """The rule's values as one version of them has it; what it leaves empty is as in the code."""
    if version is None:
        return Rulings(rule.default, rule.default_warn)
    limit = Amount(version.amount, version.unit) if version.amount is not None else rule.default
    warn = Amount(version.warn_amount, version.warn_unit) if version.warn_amount is not None else rule.default_warn
    return Rulings(limit, warn, version.enabled, version.pk)


STAMP = Statement(lambda: BasisStamp.objects.filter(pk=1).values_list("stamp"))
_kept: list[tuple[float, Basis]] = []  # at most one: when it was last found to be current, and what it is


def current() -> Basis:
    """The calendars and values as the database has them now: one small query, more only after a change."""
    stamp = next((stamp for (stamp,) in STAMP()), None)
    basis = _kept[0][1] if _kept else None
    if basis is None or basis.stamp != stamp or stamp is None:
        basis = _read(stamp)
    _kept[:] = [(clock_of_machine.monotonic(), basis)]
    return basis


def recent(calendar: int | None) -> Basis:
    """Like `current`, but for showing: asks the database only every few seconds, and where `calendar` is unknown."""
    if _kept and clock_of_machine.monotonic() - _kept[0][0] < FRESH_ENOUGH:
        basis = _kept[0][1]
        if calendar is None or calendar in basis.by_pk:
            return basis
    return current()


def _read(stamp: UUID | None) -> Basis:
    rows = list(WorkCalendar.objects.all())
    week: dict[int, dict[int, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for each in WorkInterval.objects.order_by("calendar", "weekday", "start"):
        week[each.calendar_id][each.weekday].append((each.start, each.end))
    days: dict[int, dict[date, DayException]] = defaultdict(dict)
    for day in CalendarDay.objects.all():
        days[day.calendar_id][day.date] = DayException(day.working, day.name, day.name_en, day.intervals())
    years: dict[int, set[int]] = defaultdict(set)
    for year in CalendarYear.objects.filter(announced=True):
        years[year.calendar_id].add(year.year)
    company_row = next((row for row in rows if row.department_id is None), None)
    company = _calendar(company_row, week, days, years)
    by_pk, of_department = {}, {}
    for row in rows:
        made = company if row is company_row else _calendar(row, week, days, years, company)
        by_pk[row.pk] = made
        if row.department_id is not None:
            of_department[row.department_id] = made
    versions: dict[str, list[RuleVersion]] = defaultdict(list)
    for version in RuleVersion.objects.order_by("-valid_from"):
        versions[version.rule].append(version)
    return Basis(stamp, company, of_department, by_pk, dict(versions))


def _calendar(
    row: WorkCalendar | None,
    week: Mapping[int, Mapping[int, list[Interval]]],
    days: Mapping[int, Mapping[date, DayException]],
    years: Mapping[int, set[int]],
    above: Calendar | None = None,
) -> Calendar:
    """A calendar's rows as the pure one: what a department's leaves out comes from the company's."""
    zone = ZoneInfo(settings.TIME_ZONE)
    pk = row.pk if row else None
    own = week.get(pk, {}) if pk else {}
    if own:
        hours = tuple(tuple(own.get(weekday, ())) for weekday in range(7))
    else:
        hours = above.week if above else (USUAL_HOURS,) * 5 + ((), ())
    exceptions = {**(above.exceptions if above else {}), **days.get(pk or 0, {})}
    announced = frozenset(years.get(pk or 0, ())) | (above.announced if above else frozenset())
    return Calendar(hours, zone, exceptions, announced, pk, row.version if row else 0)
