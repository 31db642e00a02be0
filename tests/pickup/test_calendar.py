"""The calendar of pickups and the figures of the counters: what is taken, who is where, and how long steps take."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from crm.days import monday_of
from crm.deadlines.models import Deadline
from pickup import actions
from pickup.figures import handovers_by_week, step_times, windows_today, windows_week
from pickup.lists import PICKUPS
from pickup.models import Pickup, Window
from pickup.stock.models import Warehouse
from pickup.week import fullness, week
from tests.world import HANDED, MORNING, World

MONDAY = date(2026, 11, 23)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(user)
        return client

    return sign_in


def test_a_window_says_how_much_is_taken_and_who_is_where(world: World) -> None:
    first, second = world.notified(), world.handed_over()
    actions.arrive(first, by=world.root)
    world.window(hours=24)
    times, days = week(world.warehouse, MONDAY, world.root)
    assert [f"{each:%H:%M}" for each in times] == ["09:30", "10:00"]
    assert [each.day.isoformat() for each in days] == [f"2026-11-{day}" for day in range(23, 28)]
    assert [each.is_today for each in days] == [True, False, False, False, False]
    slot = days[0].slots[1]
    assert slot is not None and slot.window == second.window and (slot.window.taken, slot.tone) == (2, "active")
    assert [(part["key"], part["number"]) for part in slot.parts] == [("arrived", 1), ("done", 1)]
    assert days[0].slots[0] is None and days[1].slots[0] is not None and days[1].slots[0].parts == []
    assert PICKUPS.filtered(world.root, QueryDict(slot.url.partition("?")[2])).count() == 2


def test_a_saturday_is_shown_when_something_is_open(world: World) -> None:
    Window.objects.create(
        warehouse=world.warehouse,
        starts_at=MORNING + timedelta(days=5),
        ends_at=MORNING + timedelta(days=5, hours=1),
        capacity=1,
    )
    _times, days = week(world.warehouse, MONDAY, world.root)
    assert [each.day.weekday() for each in days] == [0, 1, 2, 3, 4, 5]


def test_a_pickup_that_one_may_not_see_is_not_counted(world: World) -> None:
    world.notified()
    for user, parts in ((world.root, 1), (world.clerk, 1), (world.stranger, 0)):
        _times, days = week(world.warehouse, MONDAY, user)
        slot = days[0].slots[0]
        assert slot is not None and len(slot.parts) == parts


def test_the_page_shows_a_week_of_the_place_and_leads_to_others(
    world: World, client_of: Callable[[User], Client]
) -> None:
    world.notified()
    other = Warehouse.objects.create(code="nanan", name="南岸自提点")
    world.warehouse.clerks.clear()  # whoever is put to no counter sees them all
    client = client_of(world.root)
    html = client.get("/pickups/calendar/", {"place": world.warehouse.pk}).content.decode()
    assert "1 expected" in html and f"?place={other.pk}&amp;week=2026-11-23" in html
    html = client.get("/pickups/calendar/", {"place": world.warehouse.pk, "week": "2026-12-02"}).content.decode()
    assert "No windows in this week" in html and "This week" in html
    assert all(f"?place={world.warehouse.pk}&amp;week=2026-{day}" in html for day in ("11-23", "11-30", "12-07"))
    for odd in ({"week": "nonsense"}, {"week": "0001-01-01"}, {"place": "9" * 30}, {"place": "x"}):
        assert client.get("/pickups/calendar/", odd).status_code == 200


def test_the_calendar_is_for_whoever_sees_pickups(world: World, client_of: Callable[[User], Client]) -> None:
    assert client_of(world.stranger).get("/pickups/calendar/").status_code == 403
    clerk = client_of(world.clerk)
    Warehouse.objects.create(code="nanan", name="南岸自提点")
    html = clerk.get("/pickups/calendar/").content.decode()
    assert "南岸自提点" not in html  # a clerk is put to his counter
    assert clerk.get("/pickups/").content.decode().count("/pickups/calendar/") == 1


def test_a_week_costs_the_same_however_many_come(world: World, client_of: Callable[[User], Client]) -> None:
    counts = []
    for _round in range(2):
        world.notified()
        world.window(hours=24 * (1 + len(counts)))
        with CaptureQueriesContext(connection) as queries:
            week(world.warehouse, MONDAY, world.root)
        counts.append(len(queries))
    assert counts == [2, 2]


def test_today_is_a_map_of_counters_and_windows(world: World) -> None:
    world.notified()
    world.window(hours=3, capacity=1)
    found = windows_today(world.root)
    assert [label for label, _tone in found.series] == ["10:00", "12:30"]
    assert [(row.label, [value and value.text for value in row.values]) for row in found.rows] == [
        ("渝北自提点", ["1/4", "0/1"])
    ]
    url = found.rows[0].values[0].url
    assert PICKUPS.filtered(world.root, QueryDict(url.partition("?")[2])).count() == 1
    with CaptureQueriesContext(connection) as queries:
        windows_today(world.root)
    assert len(queries) == 3


def test_the_week_sums_the_windows_of_each_day(world: World) -> None:
    world.notified()
    world.window(hours=3, capacity=2)
    world.window(hours=24, capacity=5)
    found = windows_week(world.root)
    assert [label for label, _tone in found.series] == ["Mon 11-23", "Tue 11-24"]
    assert [value.text for value in found.rows[0].values] == ["1/6", "0/5"]
    assert found.rows[0].values[0].url == f"/pickups/calendar/?place={world.warehouse.pk}&week=2026-11-23"


def test_where_nothing_is_open_there_is_a_sentence(world: World) -> None:
    assert windows_today(world.root).rows == []
    assert windows_today(world.root).empty == "No counter is open today."


@pytest.mark.parametrize(
    ("taken", "capacity", "tone"),
    [(0, 4, "neutral"), (1, 4, "neutral"), (2, 4, "active"), (3, 4, "soon"), (4, 4, "late"), (0, 0, "late")],
)
def test_how_full_is_said_in_four_tones(taken: int, capacity: int, tone: str) -> None:
    assert fullness(taken, capacity) == tone


def test_a_step_is_told_by_its_median_beside_that_of_its_limit(world: World) -> None:
    Deadline.objects.all().delete()
    began, user = MORNING - timedelta(days=3), world.root
    for number, (hours, outcome) in enumerate([(1, "met"), (2, "met"), (9, "met"), (1, "cancelled")]):
        Deadline.objects.create(
            rule="order.review",
            subject_pk=number,
            started_at=began,
            warn_at=began,
            due_at=began + timedelta(hours=4),
            closed_at=began + timedelta(hours=hours),
            outcome=outcome,
        )
    with CaptureQueriesContext(connection) as queries:
        found = step_times(user)
    assert len(queries) == 1
    (row,) = found.rows
    assert (row.label, row.values[0].number, row.mark, row.total) == ("Review an application", 2.0, 4.0, "2.0 of 4.0 h")
    assert [value.number for value in row.more] == [3, 1]


def test_a_handover_is_done_and_a_missed_one_did_not_come(world: World) -> None:
    told = world.notified()
    actions.hand_over(told, by=world.root, **HANDED)
    with clock.at(MORNING + timedelta(hours=4)):
        _times, days = week(world.warehouse, MONDAY, world.root)
    assert [part["key"] for part in days[0].slots[0].parts] == ["done"]
    Pickup.objects.update(status="missed")
    _times, days = week(world.warehouse, MONDAY, world.root)
    assert [part["key"] for part in days[0].slots[0].parts] == ["missed"]
    assert monday_of(date(2026, 11, 29)) == MONDAY


def test_handovers_are_counted_by_week_and_counter_with_the_records_behind_them(
    world: World, client_of: Callable[[User], Client], django_assert_num_queries: Callable[[int], Any]
) -> None:
    with clock.at(MORNING - timedelta(weeks=2)):
        world.handed_over()
    told = [world.handed_over() for _each in range(2)]
    actions.reverse_later(told[0], by=world.root, reason="拿错")
    world.root.has_perm("pickup.view_record")
    with django_assert_num_queries(2):
        figure = handovers_by_week(world.root)
    [row] = figure.rows
    assert (row.label, [each.number if each else None for each in row.values]) == (
        "渝北自提点",
        [None, None, None, 1, None, 2],
    )
    assert [label for label, _tone in figure.series][-3:] == ["11-09", "11-16", "11-23"]
    assert [each.number for each in row.more if each] == [3, 3]
    client = client_of(world.root)
    for value, number in ((row.values[3], 1), (row.values[5], 2), (row.more[0], 3)):
        assert value is not None
        html = client.get(value.url).content.decode()
        assert len(set(re.findall(r"PR2026-\d+", html))) == number


def test_handovers_of_other_counters_are_not_counted_for_a_clerk(world: World) -> None:
    world.handed_over()
    elsewhere = world.person("elsewhere", "counter")
    Warehouse.objects.create(code="south", name="南岸自提点").clerks.add(elsewhere)
    assert len(handovers_by_week(world.clerk).rows) == 1
    assert handovers_by_week(elsewhere).rows == []
