"""Every pickup customer is visited once a quarter, on days that are spread fairly over his owner's working days."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines.models import Deadline
from crm.exchange.exporting import sorting
from customers import actions as customers
from customers.models import Customer
from satisfaction.visits import actions, tasks
from satisfaction.visits.before import known_before
from satisfaction.visits.lists import VISITS
from satisfaction.visits.models import Visit, last_day, quarter_of
from satisfaction.visits.planning import spread, working_days
from tests.satisfaction.conftest import customer, taken_over
from tests.world import MORNING, World, nothing_moves, refused, shanghai


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


FACTS = {
    "region": "重庆",
    "payment_terms": "credit",
    "address": "",
    "contacts": [{"name": "李", "mobile": "13900000000"}],
}


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


def test_a_visit_moves_to_a_day_on_which_its_owner_is_there_when_he_says_later_that_he_is_away(world: World) -> None:
    made = visit(world)
    days = working_days(clock.today())
    assert tasks.move_visits() == 0
    Absence.objects.create(user=world.root, first_day=days[0], last_day=days[-2])
    assert [tasks.move_visits(), tasks.move_visits()] == [1, 0]
    made.refresh_from_db()
    assert (made.planned_on, made.owner, made.status) == (days[-1], world.root, "planned")


def test_a_visit_that_he_missed_while_he_was_away_is_planned_anew_when_he_is_back(world: World) -> None:
    made = visit(world)
    with clock.at(shanghai(26, 9)):
        Absence.objects.create(user=world.root, first_day=date(2026, 11, 23), last_day=date(2026, 11, 27))
        assert tasks.move_visits() == 1
    made.refresh_from_db()
    assert made.planned_on >= date(2026, 11, 30)
    assert made.planned_on in working_days(clock.today())


def test_a_visit_that_he_missed_during_an_absence_that_is_told_afterwards_is_planned_anew_once(world: World) -> None:
    missed = visit(world)
    Visit.objects.filter(pk=missed.pk).update(planned_on=clock.today() - timedelta(days=3))
    first, last = clock.today() - timedelta(days=5), clock.today() - timedelta(days=1)
    Absence.objects.create(user=world.root, first_day=first, last_day=last)
    assert tasks.move_visits() == 1
    missed.refresh_from_db()
    assert missed.planned_on >= clock.today()
    with nothing_moves():
        assert tasks.move_visits() == 0


def test_visits_that_move_together_are_spread_over_the_days_that_are_left(world: World) -> None:
    days = working_days(clock.today())
    by = User.objects.system("clock")
    for number in range(4):
        made = customers.create_customer(by=world.root, code="", name=f"回访客户{number}", owner=world.root, **FACTS)
        actions.plan_visit(made, by=by, owner=world.root, planned_on=days[0])
    Absence.objects.create(user=world.root, first_day=days[0], last_day=days[-3])
    assert tasks.move_visits() == 4
    assert Counter(Visit.objects.values_list("planned_on", flat=True)) == {days[-2]: 2, days[-1]: 2}


def test_whoever_is_away_for_all_that_is_left_keeps_his_visits(world: World) -> None:
    made = visit(world)
    Absence.objects.create(user=world.root, first_day=clock.today(), last_day=date(2027, 1, 10))
    with nothing_moves():
        assert tasks.move_visits() == 0
    assert Visit.objects.get().planned_on == made.planned_on


def test_a_visit_follows_the_customer_to_his_new_owner(world: World) -> None:
    made = visit(world)
    Customer.objects.filter(pk=made.customer_id).update(owner=world.alice)
    assert [tasks.move_visits(), tasks.move_visits()] == [1, 0]
    made.refresh_from_db()
    assert (made.owner, made.department, made.planned_on) == (world.alice, world.alice.department, clock.today())
    assert Deadline.objects.about(made).get(rule="visit.quarterly").responsible == world.alice


def test_whoever_nobody_looks_after_is_visited_by_the_head_of_sales(world: World) -> None:
    assert world.boss
    pickup = world.handed_over()
    Customer.objects.filter(pk=pickup.customer_id).update(owner=None)
    assert tasks.plan_visits() == 1
    assert Visit.objects.get().owner == world.boss


def test_nobody_moves_a_visit_by_hand_to_somebody_else(world: World) -> None:
    made = visit(world)
    with nothing_moves(), refused("by_itself"):
        actions.move_visit(made, by=world.root, owner=world.alice, planned_on=clock.today())


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


def listed(world: World, view: str) -> list[str]:
    client = Client()
    client.force_login(world.root)
    page = client.get(f"/visits/?tab={view}").content.decode()
    return [each.number for each in Visit.objects.all() if each.number in page]


def test_who_was_not_reached_is_listed_until_he_is_also_when_it_was_given_up(world: World) -> None:
    made = visit(world)
    assert listed(world, "unreached") == []
    actions.note_not_reached(made, by=world.root, planned_on=date(2026, 12, 1))
    assert listed(world, "unreached") == [made.number]
    actions.drop_visit(made, by=world.root, reason="多次未联系上")
    assert listed(world, "unreached") == [made.number]


def test_who_was_missed_in_his_quarter_is_listed_and_may_still_be_visited_late(world: World) -> None:
    made = visit(world)
    assert listed(world, "missed") == []
    with clock.at(MORNING.replace(year=2027, month=1, day=4)):
        assert listed(world, "missed") == [made.number]
        actions.note_not_reached(made, by=world.root, planned_on=date(2027, 1, 6))
        form = actions.note_not_reached.bind(by=world.root, obj=made, data={"planned_on": "2027-04-01"})
        assert [each["code"] for each in form.problems()["planned_on"]] == ["after_quarter"]
        actions.record_visit(made, by=world.root, channel="phone", level="satisfied")
        assert (listed(world, "missed"), listed(world, "unreached")) == ([], [])
    row = Deadline.objects.about(made).get(rule="visit.quarterly")
    assert row.outcome == "met"
    assert row.due_at < made.done_at


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


def test_the_form_begins_with_the_main_contact_and_with_no_answer_that_nobody_gave(world: World) -> None:
    planned = visit(world)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.root)
    html = client.get(f"/do/visits.record_visit/{planned.pk}/").content.decode()
    main = world.customer.contacts.get(main=True)
    assert f'name="contact" value="{main.pk}"' in html
    assert '<option value="" selected>–</option>' in html
    with nothing_moves():
        form = actions.record_visit.bind(by=world.root, obj=planned, data={"channel": "phone", "level": ""})
        assert not form.is_valid()
    assert form.problems()["level"][0]["code"] == "required"


def test_whoever_is_going_to_call_sees_whom_to_ask_for_and_what_was_said_the_last_time(world: World) -> None:
    first = visit(world)
    said = {"level": "fair", "channel": "phone", "needs": "下月要三吨", "suggestions": "包装加护角"}
    actions.record_visit(first, by=world.root, **said)
    assert "The customer lately" not in page(world, first)  # his words are among the facts
    with clock.at(clock.now() + timedelta(days=60)):
        html = page(world, visit(world))
    shown = html[html.index("The customer lately") : html.index('id="story"')]
    contact = world.customer.contacts.get()
    assert contact.name in shown
    assert contact.mobile_tail in shown
    assert f'href="{first.get_absolute_url()}"' in shown
    for words in ("Fairly satisfied", "下月要三吨", "包装加护角"):
        assert words in shown


def test_of_another_owners_visit_nothing_is_told_before_a_call(world: World) -> None:
    before = visit(world)
    actions.record_visit(before, by=world.root, level="fair", channel="phone", needs="下月要三吨")
    with clock.at(clock.now() + timedelta(days=60)):
        by = User.objects.system("clock")
        planned = actions.plan_visit(world.customer, by=by, owner=world.alice, planned_on=clock.today())
        known = known_before(planned, world.alice)
    assert known["before"] is None
    assert known["said"] == []


def test_what_is_to_be_done_stands_by_its_day_in_the_tabs(world: World) -> None:
    by = User.objects.system("clock")
    other = customer(world, 1)
    late = actions.plan_visit(world.customer, by=by, owner=world.root, planned_on=date(2026, 12, 1))
    soon = actions.plan_visit(other, by=by, owner=world.root, planned_on=date(2026, 11, 27))
    client = Client()
    client.force_login(world.root)
    for path in ("/visits/?tab=mine", "/visits/?tab=mine&order=planned_on"):
        html = client.get(path).content.decode()
        assert html.index(soon.number) < html.index(late.number)
    for path in ("/visits/?tab=mine&order=-planned_on",):
        html = client.get(path).content.decode()
        assert html.index(late.number) < html.index(soon.number)
    rows = client.get("/api/v1/visits/?tab=mine").json()["results"]
    assert [row["number"] for row in rows] == [soon.number, late.number]
    query = QueryDict("tab=mine")
    assert sorting(VISITS, query) == ["planned_on", "pk"]
    assert sorting(VISITS, QueryDict("")) == ["-pk"]
