"""Working time by hand: each due time here was worked out on paper from the calendar of 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.deadlines import worktime
from crm.deadlines.worktime import Amount, Calendar, DayException, EmptyCalendar, Span
from tests.deadlines.calendars import COMPANY, MORNING, SHANGHAI, WEEK, at, local


def due(start: str, amount: str, calendar: Calendar = COMPANY) -> str:
    return local(worktime.add(calendar, at(start), *worktime.amount(amount))[0])


def way(start: str, amount: str, calendar: Calendar = COMPANY) -> list[tuple[str, str, str, int]]:
    spans = worktime.add(calendar, at(start), *worktime.amount(amount))[1]
    return [(span.note, local(span.start), local(span.end), span.minutes or span.days) for span in spans]


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        # within a day, around lunch, and at the ends of intervals
        ("09-14 09:00", "2 wh", "2026-09-14 11:00"),
        ("09-14 11:00", "2 wh", "2026-09-14 14:30"),
        ("09-14 11:00", "1 wh", "2026-09-14 12:00"),
        ("09-14 12:00", "1 wh", "2026-09-14 14:30"),
        ("09-14 12:45", "1 wh", "2026-09-14 14:30"),
        ("09-14 16:30", "1 wh", "2026-09-14 17:30"),
        ("09-14 17:30", "1 wh", "2026-09-15 09:30"),
        ("09-14 17:00", "1 wh", "2026-09-15 09:00"),
        ("09-14 09:00", "0.5 wh", "2026-09-14 09:30"),
        ("09-14 08:30", "7.5 wh", "2026-09-14 17:30"),
        ("09-14 08:30", "16 wh", "2026-09-16 09:30"),
        # starts outside working time
        ("09-14 06:00", "2 wh", "2026-09-14 10:30"),
        ("09-14 21:00", "2 wh", "2026-09-15 10:30"),
        ("09-12 10:00", "2 wh", "2026-09-14 10:30"),
        ("09-14 06:00", "1 wd", "2026-09-15 08:30"),
        ("09-14 12:30", "1 wd", "2026-09-15 13:30"),
        ("09-14 21:00", "1 wd", "2026-09-16 08:30"),
        ("09-12 10:00", "1 wd", "2026-09-15 08:30"),
        # over a weekend
        ("09-11 16:10", "4 wh", "2026-09-14 11:10"),
        ("09-11 16:10", "1 wd", "2026-09-14 16:10"),
        ("09-11 17:30", "1 wd", "2026-09-14 17:30"),
        # Sunday 20 September is worked for National Day
        ("09-18 16:10", "4 wh", "2026-09-20 11:10"),
        ("09-18 16:10", "1 wd", "2026-09-20 16:10"),
        ("09-20 16:10", "1 wd", "2026-09-21 16:10"),
        # Mid-autumn Friday off, National Day 1 to 7 October, Saturday 10 October worked
        ("09-24 16:00", "2 wh", "2026-09-28 09:00"),
        ("09-30 16:00", "1 wh", "2026-09-30 17:00"),
        ("09-30 16:00", "2 wh", "2026-10-08 09:00"),
        ("09-30 16:00", "1 wd", "2026-10-08 16:00"),
        ("10-01 09:00", "4 wh", "2026-10-08 14:00"),
        ("10-01 09:00", "1 wd", "2026-10-09 08:30"),
        ("10-09 16:00", "2 wh", "2026-10-10 09:00"),
        ("10-09 16:00", "2 wd", "2026-10-12 16:00"),
        ("09-30 10:00", "16 wh", "2026-10-09 11:00"),
        ("09-28 10:00", "10 wd", "2026-10-16 10:00"),
        # Spring Festival 16 to 23 February, Saturdays 14 and 28 worked
        ("02-13 16:00", "1 wd", "2026-02-14 16:00"),
        ("02-14 16:00", "2 wh", "2026-02-24 09:00"),
        ("02-13 16:00", "2 wd", "2026-02-24 16:00"),
        ("02-27 17:00", "1 wh", "2026-02-28 09:00"),
        ("02-27 17:00", "8 wh", "2026-02-28 17:30"),
        ("02-27 09:00", "3 wd", "2026-03-03 09:00"),
        # Labour Day 1 to 5 May, Saturday 9 May worked
        ("04-30 15:00", "5 wd", "2026-05-11 15:00"),
        # New Year 2026 from the year before: 31 December is a Thursday, 1 to 3 January off, Sunday 4 worked
        ("2025-12-31 17:00", "1 wh", "2026-01-04 09:00"),
        # clock time runs through everything
        ("09-30 16:00", "12 h", "2026-10-01 04:00"),
        ("09-30 16:00", "3 d", "2026-10-03 16:00"),
        ("09-30 16:00", "1.5 d", "2026-10-02 04:00"),
        ("08-31 23:59", "180 d", "2027-02-27 23:59"),
    ],
)
def test_due_times_are_those_worked_out_by_hand(start, amount, expected):
    assert due(start, amount) == expected


def test_a_whole_year_of_working_days_is_counted_day_by_day():
    # 2026 has 248 working days: 261 weekdays, less 19 off on weekdays, plus 6 made up on weekends.
    weekdays = sum(
        date(2026, 1, 1).toordinal() + n and (date(2026, 1, 1) + timedelta(n)).weekday() < 5 for n in range(365)
    )
    off = [day for day, each in COMPANY.exceptions.items() if not each.working and day.weekday() < 5]
    made_up = [day for day, each in COMPANY.exceptions.items() if each.working]
    assert (weekdays, len(off), len(made_up)) == (261, 19, 6)
    assert due("2025-12-31 10:00", "248 wd") == "2026-12-31 10:00"


def test_the_way_names_the_hours_worked_and_the_days_off_but_not_nights_and_lunch():
    assert way("09-24 16:10", "7 wh") == [
        ("work", "2026-09-24 16:10", "2026-09-24 17:30", 80),
        ("holiday", "2026-09-25 00:00", "2026-09-26 00:00", 0),
        ("weekend", "2026-09-26 00:00", "2026-09-28 00:00", 0),
        ("work", "2026-09-28 08:30", "2026-09-28 12:00", 210),
        ("work", "2026-09-28 13:30", "2026-09-28 15:40", 130),
    ]


def test_the_way_names_make_up_days_and_starts_after_hours():
    assert way("02-27 19:00", "4 wh") == [
        ("closed", "2026-02-27 19:00", "2026-02-28 00:00", 0),
        ("makeup", "2026-02-28 08:30", "2026-02-28 12:00", 210),
        ("makeup", "2026-02-28 13:30", "2026-02-28 14:00", 30),
    ]


def test_the_way_in_working_days_joins_those_that_follow_each_other():
    assert way("09-29 10:00", "5 wd") == [
        ("days", "2026-09-30 00:00", "2026-09-30 10:00", 1),
        ("holiday", "2026-10-01 00:00", "2026-10-03 00:00", 0),
        ("weekend", "2026-10-03 00:00", "2026-10-05 00:00", 0),
        ("holiday", "2026-10-05 00:00", "2026-10-08 00:00", 0),
        ("days", "2026-10-08 00:00", "2026-10-09 10:00", 2),
        ("makeup", "2026-10-10 00:00", "2026-10-10 10:00", 1),
        ("weekend", "2026-10-11 00:00", "2026-10-12 00:00", 0),
        ("days", "2026-10-12 00:00", "2026-10-12 10:00", 1),
    ]


def test_a_start_on_a_day_off_says_which_days_passed_before_work_began():
    assert way("10-03 10:00", "1 wd") == [
        ("weekend", "2026-10-03 10:00", "2026-10-05 00:00", 0),
        ("holiday", "2026-10-05 00:00", "2026-10-08 00:00", 0),
        ("days", "2026-10-09 00:00", "2026-10-09 08:30", 1),
    ]


def test_a_year_that_is_not_announced_is_noted_on_the_way():
    notes = [
        span for span in worktime.add(COMPANY, at("12-31 17:00"), Decimal(1), "wh")[1] if span.note == "unannounced"
    ]
    assert [span.name for span in notes] == ["2027"]
    assert not [
        span for span in worktime.add(COMPANY, at("12-30 17:00"), Decimal(1), "wh")[1] if span.note == "unannounced"
    ]


def test_days_of_different_length_clip_the_time_of_day():
    short_friday = replace(COMPANY, week=(*WEEK[:4], (MORNING,), (), ()))
    assert due("09-10 16:00", "1 wd", short_friday) == "2026-09-11 12:00"
    assert due("09-10 11:00", "1 wd", short_friday) == "2026-09-11 11:00"
    late_tuesday = replace(COMPANY, week=(WEEK[0], ((time(10), time(18)),), *WEEK[2:]))
    assert due("09-14 09:00", "1 wd", late_tuesday) == "2026-09-15 10:00"
    assert due("09-14 12:30", "1 wd", late_tuesday) == "2026-09-15 13:30"


def test_a_day_may_have_its_own_hours():
    eve = {**COMPANY.exceptions, date(2026, 9, 30): DayException(True, "节前", intervals=(MORNING,))}
    assert due("09-30 11:00", "2 wh", replace(COMPANY, exceptions=eve)) == "2026-10-08 09:30"


def test_an_interval_may_end_at_midnight_and_others_may_begin_there():
    night = replace(COMPANY, week=(((time(0), time(6)), (time(22), time(0))),) * 7, exceptions={})
    assert due("09-14 23:00", "1 wh", night) == "2026-09-15 00:00"
    assert due("09-14 23:00", "2 wh", night) == "2026-09-15 01:00"
    assert due("09-14 07:00", "1 wh", night) == "2026-09-14 23:00"


def test_a_zone_with_summer_time_counts_the_hours_that_pass():
    berlin = Calendar((((time(0), time(0)),),) * 7, ZoneInfo("Europe/Berlin"), announced=frozenset({2026}))
    start = datetime(2026, 3, 28, 23, tzinfo=ZoneInfo("Europe/Berlin"))  # the night without the hour from 2 to 3
    assert worktime.add(berlin, start, Decimal(4), "wh")[0].astimezone(berlin.zone).hour == 4


def test_subtracting_goes_back_over_days_off():
    assert local(worktime.subtract(COMPANY, at("10-08 09:00"), Decimal(2), "wh")) == "2026-09-30 16:00"
    assert local(worktime.subtract(COMPANY, at("10-08 16:00"), Decimal(1), "wd")) == "2026-09-30 16:00"
    assert local(worktime.subtract(COMPANY, at("10-03 16:00"), Decimal(1), "wd")) == "2026-09-29 17:30"
    assert local(worktime.subtract(COMPANY, at("10-08 09:00"), Decimal(24), "h")) == "2026-10-07 09:00"
    assert local(worktime.subtract(COMPANY, at("10-08 09:00"), Decimal(30), "d")) == "2026-09-08 09:00"


def test_between_counts_working_time_only_and_is_negative_backwards():
    assert worktime.between(COMPANY, at("09-30 16:00"), at("10-08 09:00")) == timedelta(hours=2)
    assert worktime.between(COMPANY, at("10-08 09:00"), at("09-30 16:00")) == -timedelta(hours=2)
    assert worktime.between(COMPANY, at("10-01 00:00"), at("10-07 23:00")) == timedelta()


def test_working_days_between_two_moments_leave_out_the_first_day():
    assert worktime.working_days_between(COMPANY, at("09-30 10:00"), at("10-12 09:00")) == 4


def test_the_next_and_the_previous_working_moment():
    assert worktime.is_working(COMPANY, at("09-30 12:00")) and not worktime.is_working(COMPANY, at("09-30 12:01"))
    assert local(worktime.next_working(COMPANY, at("09-30 18:00"))) == "2026-10-08 08:30"
    assert local(worktime.next_working(COMPANY, at("09-30 16:00"))) == "2026-09-30 16:00"
    assert local(worktime.previous_working(COMPANY, at("10-08 08:00"))) == "2026-09-30 17:30"
    assert local(worktime.previous_working(COMPANY, at("10-08 12:30"))) == "2026-10-08 12:00"


@pytest.mark.parametrize("text", ["", "4", "four wh", "0 wh", "-1 wd", "4 weeks", "NaN h", "1.5 wd"])
def test_what_is_no_amount_of_time_is_refused(text):
    with pytest.raises(ValueError, match=r"is no amount of time|Working days are whole"):
        worktime.amount(text)


def test_amounts_are_written_as_they_are_read():
    assert [str(worktime.amount(text)) for text in ("4 wh", "1.50 h", "180 d")] == ["4 wh", "1.5 h", "180 d"]
    assert worktime.amount("10 wd") == Amount(Decimal(10), "wd")


def test_a_calendar_without_working_time_is_an_error_and_no_endless_search():
    empty = Calendar(((),) * 7, SHANGHAI)
    for look in (
        lambda: worktime.add(empty, at("09-14 09:00"), Decimal(1), "wh"),
        lambda: worktime.add(empty, at("09-14 09:00"), Decimal(1), "wd"),
        lambda: worktime.subtract(empty, at("09-14 09:00"), Decimal(1), "wh"),
        lambda: worktime.next_working(empty, at("09-14 09:00")),
    ):
        with pytest.raises(EmptyCalendar):
            look()


def test_hours_are_read_from_text_in_order_and_without_overlap():
    assert worktime.read_hours("08:30-12:00, 13:30-15:00") == ((time(8, 30), time(12)), (time(13, 30), time(15)))
    assert worktime.read_hours("20:00-00:00") == ((time(20), time(0)),)
    assert worktime.read_hours("") == ()
    for wrong in ("8-12", "12:00-08:30", "08:00-12:00, 11:00-13:00", "morning", "20:00-00:00, 21:00-22:00"):
        with pytest.raises(ValueError):
            worktime.read_hours(wrong)


def test_a_span_is_stored_without_what_is_empty_and_comes_back_the_same():
    span = Span(at("09-14 09:00"), at("09-14 10:00"), "work", minutes=60)
    assert span.stored() == {
        "from": "2026-09-14T01:00:00+00:00",
        "to": "2026-09-14T02:00:00+00:00",
        "note": "work",
        "minutes": 60,
    }
    assert Span.restored(span.stored()) == span
    assert span.start.tzinfo is UTC
