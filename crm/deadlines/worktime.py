"""Working time: adding to a moment, taking from it, and measuring between two. Pure functions, no database.

Units: `wh` working hours, `wd` working days, `h` hours, `d` days. Everything goes in and out as aware datetimes; the
walk itself is done where the calendar is, so that a working day is the people's day and not Greenwich's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

UNITS = ("wh", "wd", "h", "d")
WORKING_UNITS = ("wh", "wd")
MIDNIGHT = time(0)
DAY = timedelta(days=1)
MOST_KEPT = 2000  # dates of a calendar
LONGEST_PAUSE = 400  # days without any working time after which a calendar is taken to be empty

Interval = tuple[time, time]  # from, to; a `to` of 00:00 is the midnight at which the day ends
Stretch = tuple[datetime, datetime]


class EmptyCalendar(ValueError):
    """The calendar has no working time where some was looked for."""


class Amount(NamedTuple):
    """So many of a unit, as in `4 wh`."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.number.normalize():f} {self.unit}"

    @property
    def working(self) -> bool:
        """Whether nights, lunch and days off are left out."""
        return self.unit in WORKING_UNITS


def amount(text: str) -> Amount:
    """Read `"4 wh"`. Raises ValueError for anything but a positive number and one of the four units."""
    number, _space, unit = text.partition(" ")
    try:
        return checked(Amount(Decimal(number), unit))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no amount of time, such as '4 wh'.") from error


def checked(given: Amount) -> Amount:
    """The amount itself, or ValueError where it is none: not positive, of no known unit, or part of a working day."""
    number, unit = given
    if unit not in UNITS or not number.is_finite() or number <= 0:
        raise ValueError(f"'{number} {unit}' is no amount of time, such as '4 wh'.")
    if unit == "wd" and number != number.to_integral_value():
        raise ValueError("Working days are whole; use working hours for less.")
    return given


@dataclass(frozen=True)
class DayException:
    """A date that differs from its weekday: a holiday, a day off of the company, a make-up working day, other hours."""

    working: bool
    name: str = ""
    name_en: str = ""
    intervals: tuple[Interval, ...] = ()  # own hours of this day; empty means those of an ordinary working day


@dataclass(frozen=True)
class Calendar:
    """When people work: intervals for each weekday (Monday first), and the dates that differ.

    `announced` are the years whose holidays are official. `pk` and `version` say which state of which calendar this is.
    """

    week: tuple[tuple[Interval, ...], ...]
    zone: ZoneInfo
    exceptions: Mapping[date, DayException] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    pk: int | None = None
    version: int = 0
    _kept: dict[date, list[Stretch]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The working intervals of a date, in order. A make-up day has the hours of the first working weekday."""
        usual = self.week[day.weekday()]
        different = self.exceptions.get(day)
        if different is None:
            return usual
        if not different.working:
            return ()
        return different.intervals or usual or next((each for each in self.week if each), ())

    def stretches(self, day: date) -> list[Stretch]:
        """The working intervals of a date as moments in UTC; not to be changed, for they are found once for each date.

        A list of fifty deadlines that lie a month ahead asks for some thousand of them.
        """
        found = self._kept.get(day)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[day] = [
                (self.moment(day, start), self.moment(day + DAY if end == MIDNIGHT else day, end))
                for start, end in self.intervals(day)
            ]
        return found

    def moment(self, day: date, at: time) -> datetime:
        """A local date and time as a moment in UTC."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()


class Span(NamedTuple):
    """A piece of the way from start to due.

    `note` says what it is: "work" counted, "makeup" counted on a make-up day, "days" whole working days counted,
    "running" time that runs day and night, "closed" before or after hours, "weekend" and "holiday" not
    counted, "paused" not counted, "unannounced" a year whose holidays are not official yet; and where the due time is
    not counted from the start, "date" up to a given date, "before" the time that it lies before such a date, "period"
    up to the end of a month or another period. `minutes` and `days` are
    what was counted.
    """

    start: datetime
    end: datetime
    note: str
    minutes: int = 0
    days: int = 0
    name: str = ""
    name_en: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        row: dict[str, Any] = {"from": self.start.isoformat(), "to": self.end.isoformat(), "note": self.note}
        row.update(
            (key, value) for key, value in self._asdict().items() if key not in ("start", "end", "note") and value
        )
        return row

    @classmethod
    def restored(cls, row: Mapping[str, Any]) -> "Span":
        """The span that `stored` wrote."""
        return cls(
            datetime.fromisoformat(row["from"]),
            datetime.fromisoformat(row["to"]),
            row["note"],
            row.get("minutes", 0),
            row.get("days", 0),
            row.get("name", ""),
            row.get("name_en", ""),
        )


def add(calendar: Calendar, start: datetime, number: Decimal, unit: str) -> tuple[datetime, list[Span]]:
    """The moment that lies `number` `unit` after `start`, in UTC, and the way there.

    `wh`: only working intervals count; an amount that ends exactly with an interval is due at that end, not at the next
    beginning. `wd`: a start outside working time counts from the next working moment; due is the same time of day that
    many working days later, clipped to that day's working time (to the end of the interval before, where the time falls
    into a break or after the last one). `h`: hours on the clock. `d`: the same time of day, days later.

    Raises ValueError for an amount that is none, EmptyCalendar where the calendar has no working time.
    """
    checked(Amount(number, unit))
    start = start.astimezone(UTC)
    if unit == "wh":
        return _add_hours(calendar, start, timedelta(seconds=round(float(number * 3600))))
    if unit == "wd":
        return _add_days(calendar, start, int(number))
    due = _plain(calendar, start, number, unit)
    return due, [Span(start, due, "running", minutes=minutes_of(due - start))]


def add_time(calendar: Calendar, start: datetime, length: timedelta) -> tuple[datetime, list[Span]]:
    """Like `add`, for a length of working time that was measured before."""
    if length <= timedelta():
        return start, []
    return _add_hours(calendar, start.astimezone(UTC), length)


def subtract(calendar: Calendar, end: datetime, number: Decimal, unit: str) -> datetime:
    """The moment that lies `number` `unit` before `end`, in UTC: the mirror of `add`, for warnings and for "before"."""
    checked(Amount(number, unit))
    end = end.astimezone(UTC)
    if unit == "wh":
        return subtract_time(calendar, end, timedelta(seconds=round(float(number * 3600))))
    if unit == "wd":
        end = previous_working(calendar, end)
        target, left = calendar.day_of(end), int(number)
        for day in _days(calendar, target - DAY, -DAY):
            if calendar.intervals(day):
                target, left = day, left - 1
                if not left:
                    break
        return _clipped(calendar, target, end.astimezone(calendar.zone).time())
    return _plain(calendar, end, -number, unit)


def subtract_time(calendar: Calendar, end: datetime, length: timedelta) -> datetime:
    """The moment from which to `end` there is exactly this much working time."""
    for day in _days(calendar, calendar.day_of(end), -DAY):
        for opens, closes in reversed(calendar.stretches(day)):
            closes = min(closes, end)
            if closes - opens >= length:
                return closes - length
            length -= max(closes - opens, timedelta())
    raise AssertionError("unreachable")


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; negative where `end` is the earlier one."""
    if end < start:
        return -between(calendar, end, start)
    total = timedelta()
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last:
        for opens, closes in calendar.stretches(day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += DAY
    return total


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many working days begin after the day of `start`, up to and with the day of `end`."""
    day, last, days = calendar.day_of(start) + DAY, calendar.day_of(end), 0
    while day <= last:
        days += bool(calendar.intervals(day))
        day += DAY
    return days


def is_working(calendar: Calendar, moment: datetime) -> bool:
    """Whether people are at work at `moment`; the end of an interval still counts."""
    return any(opens <= moment <= closes for opens, closes in calendar.stretches(calendar.day_of(moment)))


def next_working(calendar: Calendar, moment: datetime) -> datetime:
    """`moment` itself where people work then, else when they begin again."""
    for day in _days(calendar, calendar.day_of(moment), DAY):
        for opens, closes in calendar.stretches(day):
            if moment <= closes:
                return max(opens, moment.astimezone(UTC))
    raise AssertionError("unreachable")


def previous_working(calendar: Calendar, moment: datetime) -> datetime:
    """`moment` itself where people work then, else when they last stopped."""
    for day in _days(calendar, calendar.day_of(moment), -DAY):
        for opens, closes in reversed(calendar.stretches(day)):
            if opens <= moment:
                return min(closes, moment.astimezone(UTC))
    raise AssertionError("unreachable")


def _add_hours(calendar: Calendar, start: datetime, left: timedelta) -> tuple[datetime, list[Span]]:
    spans: list[Span] = []
    for day in _days(calendar, calendar.day_of(start), DAY):
        different = calendar.exceptions.get(day)
        stretches = calendar.stretches(day)
        if not stretches:
            _skip(calendar, spans, day, start)
        elif not spans and not (stretches[0][0] <= start <= stretches[-1][1]):
            _note_closed(calendar, spans, day, start, stretches)
        for opens, closes in stretches:
            begin = max(opens, start)
            if begin >= closes:
                continue
            end = min(closes, begin + left)
            note = "makeup" if different else "work"
            name, name_en = (different.name, different.name_en) if different else ("", "")
            spans.append(Span(begin, end, note, minutes=minutes_of(end - begin), name=name, name_en=name_en))
            left -= end - begin
            if not left:
                return end, _with_unannounced(calendar, spans, start, end)
    raise AssertionError("unreachable")


def _add_days(calendar: Calendar, start: datetime, left: int) -> tuple[datetime, list[Span]]:
    spans: list[Span] = []
    begin = next_working(calendar, start)
    first = calendar.day_of(start)
    if begin != start:
        stretches = calendar.stretches(first)
        if stretches:
            _note_closed(calendar, spans, first, start, stretches)
        day = first if not stretches else first + DAY
        while day < calendar.day_of(begin):
            _skip(calendar, spans, day, start)
            day += DAY
    at = begin.astimezone(calendar.zone).time()
    for day in _days(calendar, calendar.day_of(begin) + DAY, DAY):
        if not calendar.intervals(day):
            _skip(calendar, spans, day, start)
            continue
        left -= 1
        due = _clipped(calendar, day, at)
        different = calendar.exceptions.get(day)
        last = spans[-1] if spans else None
        opens = calendar.moment(day, MIDNIGHT)
        if different:
            spans.append(Span(opens, due, "makeup", days=1, name=different.name, name_en=different.name_en))
        elif last and last.note == "days" and calendar.day_of(last.end) == day - DAY:
            spans[-1] = last._replace(end=due, days=last.days + 1)
        else:
            spans.append(Span(opens, due, "days", days=1))
        if not left:
            return due, _with_unannounced(calendar, spans, start, due)
    raise AssertionError("unreachable")


def _clipped(calendar: Calendar, day: date, at: time) -> datetime:
    """The time of day on a working day, or the end of the interval before it, or the day's beginning."""
    moment = calendar.moment(day, at)
    stretches = calendar.stretches(day)
    reached = [(opens, closes) for opens, closes in stretches if opens <= moment]
    return min(reached[-1][1], moment) if reached else stretches[0][0]


def _plain(calendar: Calendar, start: datetime, number: Decimal, unit: str) -> datetime:
    """Clock time: hours as they pass, days as the same time of day on another date."""
    if unit == "h":
        return start + timedelta(seconds=round(float(number * 3600)))
    local = start.astimezone(calendar.zone)
    whole = int(number)
    rest = timedelta(seconds=round(float((number - whole) * 86400)))
    return (local + timedelta(days=whole)).astimezone(UTC) + rest


def _skip(calendar: Calendar, spans: list[Span], day: date, start: datetime) -> None:
    """Note a day off, joined to the days off of the same kind before it."""
    different = calendar.exceptions.get(day)
    note, name, name_en = ("holiday", different.name, different.name_en) if different else ("weekend", "", "")
    opens, closes = calendar.moment(day, MIDNIGHT), calendar.moment(day + DAY, MIDNIGHT)
    last = spans[-1] if spans else None
    if last and last.end == opens and (last.note, last.name, last.name_en) == (note, name, name_en):
        spans[-1] = last._replace(end=closes)
    else:
        spans.append(Span(max(opens, start), closes, note, name=name, name_en=name_en))


def _note_closed(
    calendar: Calendar, spans: list[Span], day: date, start: datetime, stretches: list[tuple[datetime, datetime]]
) -> None:
    """Note that the start lies before or after the working hours of its day."""
    if start < stretches[0][0]:
        spans.append(Span(start, stretches[0][0], "closed"))
    elif start > stretches[-1][1]:
        spans.append(Span(start, calendar.moment(day + DAY, MIDNIGHT), "closed"))


def _with_unannounced(calendar: Calendar, spans: list[Span], start: datetime, due: datetime) -> list[Span]:
    """Add a note for each year on the way whose holidays are not official yet."""
    for year in range(calendar.day_of(start).year, calendar.day_of(due).year + 1):
        if year not in calendar.announced:
            opens = calendar.moment(date(year, 1, 1), MIDNIGHT)
            spans.append(Span(opens, calendar.moment(date(year + 1, 1, 1), MIDNIGHT), "unannounced", name=str(year)))
    return spans


def minutes_of(length: timedelta) -> int:
    """A length of time in whole minutes, rounded."""
    return round(length.total_seconds() / 60)


def _days(calendar: Calendar, day: date, step: timedelta) -> Iterator[date]:
    """The date and those after (or before) it. Raises EmptyCalendar where none of them is ever a working day."""
    idle = 0
    while idle <= LONGEST_PAUSE:
        idle = 0 if calendar.intervals(day) else idle + 1
        yield day
        day += step
    raise EmptyCalendar("This calendar has no working time.")


def read_hours(text: str) -> tuple[Interval, ...]:
    """Read `"08:30-12:00, 13:30-17:30"`. Raises ValueError where it cannot be read, or is not in order."""
    found: list[Interval] = []
    for part in filter(None, (each.strip() for each in text.replace("，", ",").split(","))):
        start, _dash, end = part.partition("-")
        interval = (time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
        if not (interval[0] < interval[1] or interval[1] == MIDNIGHT):
            raise ValueError(f"{part!r} ends before it begins.")
        if found and (found[-1][1] == MIDNIGHT or found[-1][1] > interval[0]):
            raise ValueError(f"{part!r} overlaps what stands before it.")
        found.append(interval)
    return tuple(found)
