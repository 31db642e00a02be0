"""Every pickup customer is visited once a quarter, on days that are spread fairly over his owner's working days."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines.models import Deadline
from satisfaction.visits import actions, tasks
from satisfaction.visits.models import Visit, last_day, quarter_of
from satisfaction.visits.planning import spread, working_days
from tests.satisfaction.conftest import customer, taken_over
from tests.world import MORNING, World, refused, shanghai


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


def visit(world: World) -> Visit:
    by = User.objects.system("clock")
    return actions.plan_visit(world.customer, by=by, owner=world.root, planned_on=clock.today())


def page(world: World, record: Any) -> str:
    client = Client()
    client.force_login(world.root)
    return client.get(record.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 6, 30), date(2027, 4, 1), date(2027, 6, 30)),
    ],
)
def test_a_quarter_has_its_days(day: date, first: date, last: date) -> None:
    assert (quarter_of(day), last_day(quarter_of(day))) == (first, last)


def test_whoever_collected_goods_is_planned_once_a_quarter_and_again_in_the_next(world: World) -> None:
    pickup = world.handed_over()
    assert [tasks.plan_visits(), tasks.plan_visits()] == [1, 0]
    found = Visit.objects.get()
    assert (found.customer, found.owner, found.quarter) == (pickup.customer, world.root, date(2026, 10, 1))
    assert found.planned_on in working_days(clock.today())
    row = Deadline.objects.about(found).get(rule="visit.quarterly")
    assert row.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 12, 31)
    with clock.at(MORNING.replace(year=2027, month=1, day=4)):
        assert tasks.plan_visits() == 1
    with clock.at(MORNING.replace(year=2028, month=1, day=4)):
        assert tasks.plan_visits() == 0  # he has collected nothing for a year


def test_who_collected_by_an_order_that_was_taken_over_is_visited_as_well(world: World) -> None:
    asked = customer(world, 1)
    taken_over(world, asked, clock.today() - timedelta(days=300))
    assert tasks.plan_visits() == 1
    assert Visit.objects.get().customer == asked


def test_days_on_which_the_owner_is_away_are_left_out(world: World) -> None:
    world.handed_over()
    days = working_days(clock.today())
    Absence.objects.create(user=world.root, first_day=days[0], last_day=days[-2])
    assert tasks.plan_visits() == 1
    assert Visit.objects.get().planned_on == days[-1]


@pytest.mark.parametrize("number", [1, 3, 10, 25, 60])
def test_visits_are_spread_evenly(number: int) -> None:
    days = [date(2026, 10, 1) + timedelta(days=each) for each in range(20)]
    counts = Counter(spread(number, days, Counter()))
    each = [counts[day] for day in days]
    assert sum(each) == number
    assert max(each) - min(each) <= 1


def test_days_that_are_full_already_get_less() -> None:
    days = [date(2026, 10, each) for each in (1, 2, 3)]
    assert spread(3, days, Counter({days[0]: 5})) == [days[1], days[2], days[2]]


def test_what_he_said_is_recorded_and_meets_the_quarter(world: World) -> None:
    made = visit(world)
    given = {"channel": "phone", "level": "fair", "use": "安装中", "needs": "下月再订", "suggestions": "希望早点通知"}
    actions.record_visit(made, by=world.root, **given)
    assert (made.status, made.level, made.done_at) == ("done", "fair", clock.now())
    assert Deadline.objects.about(made).get(rule="visit.quarterly").outcome == "met"
    assert "希望早点通知" in page(world, made)
    assert made.number in page(world, made.customer)
    client = Client()
    client.force_login(world.root)
    assert client.get("/visits/").status_code == 200


def test_who_was_not_reached_is_tried_again_within_the_quarter(world: World) -> None:
    made = visit(world)
    actions.note_not_reached(made, by=world.root, planned_on=date(2026, 12, 1))
    assert (made.status, made.attempts, made.planned_on) == ("planned", 1, date(2026, 12, 1))
    form = actions.note_not_reached.bind(by=world.root, obj=made, data={"planned_on": "2027-01-04"})
    assert [each["code"] for each in form.problems()["planned_on"]] == ["after_quarter"]


def test_what_came_up_becomes_a_complaint_once(world: World) -> None:
    made = visit(world)
    actions.record_visit(made, by=world.root, channel="visit", level="not_satisfied", suggestions="外箱破损")
    complaint = actions.complain_from_visit(made, by=world.root, category="packaging")
    assert (complaint.customer, complaint.channel, complaint.content) == (made.customer, "visit", "外箱破损")
    assert Visit.objects.get().complaint == complaint
    with refused("already_complaint"):
        actions.complain_from_visit(made, by=world.root, category="packaging")
    with refused("already_complaint"):
        actions.suggest_from_visit(made, by=world.root, kind="wish", about="packaging")
    assert f'href="{made.get_absolute_url()}"' in page(world, complaint)


def test_what_he_needs_becomes_feedback_once(world: World) -> None:
    made = visit(world)
    actions.record_visit(made, by=world.root, channel="phone", level="satisfied", needs="希望有小包装")
    feedback = actions.suggest_from_visit(made, by=world.root, kind="wish", about="packaging")
    assert (feedback.customer, feedback.channel, feedback.content) == (made.customer, "visit", "希望有小包装")
    assert (feedback.kind, feedback.about, Visit.objects.get().feedback) == ("wish", "packaging", feedback)
    with refused("already_feedback"):
        actions.complain_from_visit(made, by=world.root, category="packaging")
    assert f'href="{made.get_absolute_url()}"' in page(world, feedback)
    assert feedback.number in page(world, made)


def test_nothing_said_is_neither(world: World) -> None:
    made = visit(world)
    actions.record_visit(made, by=world.root, channel="phone", level="satisfied")
    with refused("nothing_said"):
        actions.complain_from_visit(made, by=world.root, category="packaging")
    with refused("nothing_said"):
        actions.suggest_from_visit(made, by=world.root, kind="wish", about="packaging")


def test_an_owner_sees_his_own_visits_alone(world: World) -> None:
    with clock.at(shanghai(23, 10)):
        made = visit(world)
        with pytest.raises(Visit.DoesNotExist):
            actions.record_visit(made, by=world.alice, channel="phone", level="fair")
