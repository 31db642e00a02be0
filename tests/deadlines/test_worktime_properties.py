"""What must hold for every start, every amount and every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.deadlines import worktime
from crm.deadlines.worktime import Calendar, DayException
from tests.deadlines.calendars import COMPANY, SHANGHAI

MINUTE = timedelta(minutes=1)

moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1)).map(
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=UTC)
)
hours = st.integers(1, 60 * 60).map(lambda minutes: Decimal(minutes) / 60)
days = st.integers(1, 60).map(Decimal)


@st.composite
def intervals(draw):
    """One to three intervals of a day, in order, with breaks between them."""
    marks = sorted(draw(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple((time(*divmod(start, 60)), time(*divmod(end, 60))) for start, end in pairs)


@st.composite
def calendars(draw):
    """A week with at least one working day, and a few dates that differ."""
    week = draw(st.lists(st.one_of(st.just(()), intervals()), min_size=7, max_size=7).filter(any))
    dates = draw(st.lists(st.dates(date(2025, 12, 1), date(2027, 3, 1)), max_size=12, unique=True))
    exceptions = {day: DayException(draw(st.booleans()), "x") for day in dates}
    return Calendar(tuple(week), SHANGHAI, exceptions, frozenset({2025, 2026, 2027}))


any_calendar = st.one_of(st.just(COMPANY), calendars())


@given(any_calendar, moments, hours)
@settings(max_examples=300, deadline=None)
def test_the_working_time_up_to_the_due_time_is_the_amount(calendar, start, number):
    due, spans = worktime.add(calendar, start, number, "wh")
    wanted = timedelta(seconds=round(float(number * 3600)))
    assert worktime.between(calendar, start, due) == wanted
    assert sum(span.minutes for span in spans) == wanted / MINUTE
    assert worktime.is_working(calendar, due)


@given(any_calendar, moments, hours)
@settings(max_examples=200, deadline=None)
def test_subtracting_undoes_adding_up_to_time_off(calendar, start, number):
    due, _spans = worktime.add(calendar, start, number, "wh")
    back = worktime.subtract(calendar, due, number, "wh")
    assert worktime.between(calendar, back, start) == timedelta()
    assert worktime.between(calendar, back, due) == timedelta(seconds=round(float(number * 3600)))


@given(any_calendar, moments, hours, hours)
@settings(max_examples=200, deadline=None)
def test_two_amounts_in_a_row_are_their_sum(calendar, start, first, second):
    middle, _spans = worktime.add(calendar, start, first, "wh")
    step_by_step, _spans = worktime.add(calendar, middle, second, "wh")
    assert step_by_step == worktime.add(calendar, start, first + second, "wh")[0]


@given(any_calendar, moments, st.timedeltas(timedelta(), timedelta(days=20)), st.sampled_from(["wh", "wd"]), days)
@settings(max_examples=200, deadline=None)
def test_who_starts_later_is_never_due_earlier(calendar, start, later, unit, number):
    first = worktime.add(calendar, start, number, unit)[0]
    second = worktime.add(calendar, start + later, number, unit)[0]
    assert second >= first


@given(any_calendar, moments, days)
@settings(max_examples=200, deadline=None)
def test_as_many_working_days_lie_on_the_way_as_were_asked_for(calendar, start, number):
    due, spans = worktime.add(calendar, start, number, "wd")
    begin = worktime.next_working(calendar, start)
    assert worktime.working_days_between(calendar, begin, due) == number
    assert sum(span.days for span in spans) == number
    assert worktime.is_working(calendar, due)


@given(any_calendar, moments, hours)
@settings(max_examples=200, deadline=None)
def test_the_way_goes_forward_without_overlap_and_ends_at_the_due_time(calendar, start, number):
    due, spans = worktime.add(calendar, start, number, "wh")
    spans = [span for span in spans if span.note != "unannounced"]
    assert spans[-1].end == due
    assert spans[0].start >= start
    for earlier, later in pairwise(spans):
        assert earlier.end <= later.start


@given(any_calendar, moments, moments, moments)
@settings(max_examples=200, deadline=None)
def test_working_time_adds_up_over_a_moment_in_between(calendar, a, b, c):
    whole = worktime.between(calendar, a, c)
    assert worktime.between(calendar, a, b) + worktime.between(calendar, b, c) == whole


@given(any_calendar, moments)
@settings(max_examples=200, deadline=None)
def test_no_work_lies_before_the_next_working_moment_nor_after_the_previous_one(calendar, moment):
    following, previous = worktime.next_working(calendar, moment), worktime.previous_working(calendar, moment)
    assert previous <= moment <= following
    assert worktime.between(calendar, previous, following) == timedelta()
