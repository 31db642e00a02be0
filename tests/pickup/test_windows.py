"""Windows: made by weekly patterns on working days, and full when they are full (P3)."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import clock
from crm.deadlines.seeding import seed_calendar
from pickup import actions as pickup
from pickup.forms import PlanForm
from pickup.models import Pickup, Window, WindowPattern
from pickup.windows import give_back, make_windows, take
from tests.world import World, refused, shanghai


def days() -> list[date]:
    return sorted({timezone.localdate(window.starts_at) for window in Window.objects.all()})


@pytest.fixture
def patterns(world: World) -> None:
    seed_calendar([2026])
    for weekday in range(5):
        WindowPattern.objects.create(
            warehouse=world.warehouse, weekday=weekday, start=time(9), end=time(11), capacity=3
        )


def test_windows_are_made_for_the_working_days_of_four_weeks(world: World, patterns: None) -> None:
    assert make_windows() == 21  # the 23rd of November to the 21st of December, Mondays both
    assert (days()[0], days()[-1]) == (date(2026, 11, 23), date(2026, 12, 21))
    assert {day.weekday() for day in days()} == {0, 1, 2, 3, 4}
    first = Window.objects.first()
    assert (first.starts_at, first.ends_at, first.capacity) == (shanghai(23, 9), shanghai(23, 11), 3)


def test_making_them_again_makes_none_twice(world: World, patterns: None) -> None:
    make_windows()
    assert make_windows() == 0


def test_holidays_have_none_and_a_shifted_working_day_has_a_fridays(world: World, patterns: None) -> None:
    with clock.at(shanghai(17, 8, month=9)):
        make_windows()
    made = days()
    assert date(2026, 9, 20) in made  # a Sunday on which people work
    assert date(2026, 9, 25) not in made  # the Mid-Autumn festival
    assert not {date(2026, 10, day) for day in range(1, 8)} & set(made)
    assert date(2026, 10, 10) in made


def test_one_counter_open_on_saturdays_does_not_take_the_shifted_day_from_another(world: World, patterns: None) -> None:
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    WindowPattern.objects.create(warehouse=other, weekday=6, start=time(10), end=time(12), capacity=1)
    with clock.at(shanghai(17, 8, month=9)):
        make_windows()
    sunday = [window.warehouse for window in Window.objects.all() if window.starts_at.date() == date(2026, 9, 20)]
    assert sorted(place.code for place in sunday) == ["south", "yubei"]


def test_taking_the_last_place_leaves_none(world: World) -> None:
    window = world.window(capacity=1)
    take(window)
    with refused("window_full"):
        take(window)
    give_back(window)
    take(window)
    window.refresh_from_db()
    assert (window.taken, window.capacity) == (1, 1)


def test_giving_back_never_goes_below_nothing(world: World) -> None:
    window = world.window()
    give_back(window)
    window.refresh_from_db()
    assert window.taken == 0


def test_a_window_that_has_begun_is_refused(world: World) -> None:
    window = world.window()
    with clock.at(shanghai(23, 10)), refused("window_past"):
        take(window)


def test_a_full_window_is_not_offered_and_not_taken(world: World) -> None:
    order = world.ready()
    window = world.window(capacity=1)
    Window.objects.filter(pk=window.pk).update(taken=1)
    form = PlanForm({"window": window.pk}, by=world.root, obj=order)
    assert [error["code"] for error in form.problems()["window"]] == ["invalid_choice"]
    with refused("window_full"):
        pickup.plan_pickup(order, by=world.root, window=window)
    assert not Pickup.objects.exists()


def test_only_windows_of_two_weeks_and_of_the_goods_warehouse_are_offered(world: World) -> None:
    order = world.ready()
    near, far = world.window(hours=24), world.window(hours=24 * 15)
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    elsewhere = Window.objects.create(
        warehouse=other, starts_at=near.starts_at, ends_at=near.ends_at + timedelta(hours=1), capacity=9
    )
    offered = list(PlanForm(by=world.root, obj=order).fields["window"].queryset)
    assert offered == [near]
    assert far not in offered and elsewhere not in offered


def test_who_moves_locks_both_windows_by_one_query_and_in_one_order(world: World) -> None:
    """Two customers who change places would otherwise wait for each other crosswise."""
    told = world.notified()
    later = world.window(hours=30)
    with CaptureQueriesContext(connection) as asked:
        pickup.move_pickup(told, by=world.root, window=later)
    told_of = [each["sql"] for each in asked.captured_queries if '"pickup_window"' in each["sql"]]
    locks = [sql for sql in told_of if "FOR NO KEY UPDATE" in sql]
    assert len(locks) == 1 and 'ORDER BY "pickup_window"."id" ASC' in locks[0]
    assert told_of.index(locks[0]) < min(number for number, sql in enumerate(told_of) if sql.startswith("UPDATE"))
