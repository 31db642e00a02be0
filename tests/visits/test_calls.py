"""After a delivery the customer is called in time, on a day of his owner, unless somebody spoke with him (KF 3.3.3)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines.models import Deadline, RuleVersion
from crm.reports.demo import Demo
from customers import actions as customers
from customers.models import Channel
from pickup.actions import taking_back
from pickup.models import Delivery, Record
from satisfaction.visits import actions, tasks
from satisfaction.visits.demo import calls_after_deliveries
from satisfaction.visits.models import Visit
from satisfaction.visits.planning import working_days
from tests.world import MORNING, World, nothing_moves, refused, shanghai

SPOKEN = {"direction": "out", "what": "介绍了新品，客户满意"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning, where the customer has just collected his goods."""
    with clock.at(MORNING):
        yield World()


def due(call: Visit) -> date:
    row = Deadline.objects.about(call).get(rule="call.delivered")
    return row.due_at.astimezone(MORNING.tzinfo).date()


def test_whoever_got_goods_is_called_within_ten_working_days_and_that_is_recorded(world: World) -> None:
    pickup = world.handed_over()
    assert [tasks.plan_calls(), tasks.plan_calls()] == [1, 0]
    call = Visit.objects.get()
    assert (call.customer, call.owner, call.occasion) == (pickup.customer, world.root, "delivery")
    assert call.delivered_at == pickup.records.get().at
    assert (due(call), call.due_on) == (date(2026, 12, 7), date(2026, 12, 7))
    assert call.planned_on in working_days(clock.today(), call.due_on)
    said = {"news": "新款配电箱", "questions": "问交期，答三周"}
    with clock.at(shanghai(25, 10)):
        actions.record_visit(call, by=world.root, channel="phone", level="satisfied", **said)
        assert tasks.plan_calls() == 0
    assert Deadline.objects.about(call).get().outcome == "met"
    assert (call.news, call.questions) == ("新款配电箱", "问交期，答三周")
    assert actions.suggest_from_visit(call, by=world.root, kind="wish", about="product").content == "问交期，答三周"


def test_the_next_delivery_is_called_about_again(world: World) -> None:
    world.handed_over()
    tasks.plan_calls()
    with clock.at(shanghai(24, 9)):
        actions.record_visit(Visit.objects.get(), by=world.root, channel="phone", level="satisfied")
    with clock.at(shanghai(26, 9)):
        second = world.handed_over()
        assert tasks.plan_calls() == 1
        assert Visit.objects.get(status="planned").delivered_at == second.records.get().at


def test_while_a_call_is_planned_further_deliveries_plan_none(world: World) -> None:
    world.handed_over()
    tasks.plan_calls()
    world.handed_over()
    with nothing_moves():
        assert tasks.plan_calls() == 0


@pytest.mark.parametrize(("channel", "planned"), [(Channel.PHONE, 0), (Channel.WECHAT, 0), (Channel.MAIL, 1)])
def test_with_whom_somebody_spoke_since_nobody_is_called(world: World, channel: str, planned: int) -> None:
    pickup = world.handed_over()
    with clock.at(shanghai(23, 15)):
        customers.log_contact(pickup.customer, by=world.root, channel=channel, at=clock.now(), **SPOKEN)
        assert tasks.plan_calls() == planned


def test_a_call_that_the_contact_log_says_was_made_is_over(world: World) -> None:
    pickup = world.handed_over()
    tasks.plan_calls()
    with clock.at(shanghai(24, 15)):
        assert tasks.end_calls() == 0
        customers.log_contact(pickup.customer, by=world.root, channel=Channel.PHONE, at=clock.now(), **SPOKEN)
        assert [tasks.end_calls(), tasks.end_calls()] == [1, 0]
        call = Visit.objects.get()
        assert (call.status, call.channel, call.visited_by, call.done_at) == ("done", "phone", world.root, clock.now())
    assert Deadline.objects.about(call).get().outcome == "met"


def test_a_talk_before_the_delivery_is_none_about_it(world: World) -> None:
    pickup = world.handed_over()
    before = clock.now() - timedelta(hours=1)
    customers.log_contact(pickup.customer, by=world.root, channel=Channel.PHONE, at=before, **SPOKEN)
    assert tasks.plan_calls() == 1


def test_whom_the_visit_of_the_quarter_reaches_in_time_is_not_called_beside_it(world: World) -> None:
    pickup, clock_user = world.handed_over(), User.objects.system("clock")
    visit = actions.plan_visit(pickup.customer, by=clock_user, owner=world.root, planned_on=date(2026, 12, 7))
    assert tasks.plan_calls() == 0
    actions.move_visit(visit, by=clock_user, owner=world.root, planned_on=date(2026, 12, 8))
    assert tasks.plan_calls() == 1


def test_a_call_that_was_given_up_is_not_planned_again(world: World) -> None:
    world.handed_over()
    tasks.plan_calls()
    with clock.at(shanghai(23, 15)):
        actions.drop_visit(Visit.objects.get(), by=world.root, reason="客户要求不致电")
        assert tasks.plan_calls() == 0
    with clock.at(shanghai(24, 9)):
        world.handed_over()
        assert tasks.plan_calls() == 1  # it was about what he had got by then


def test_nobody_is_called_whose_time_is_over_already(world: World) -> None:
    world.handed_over()
    with clock.at(MORNING + timedelta(days=15)):
        assert tasks.plan_calls() == 0


def test_nobody_is_called_about_a_handover_that_was_taken_back(world: World) -> None:
    pickup = world.handed_over()
    taking_back.reverse_later(pickup, by=world.root, reason="错发")
    assert tasks.plan_calls() == 0


def test_days_on_which_he_is_away_are_left_out_and_a_call_that_he_cannot_make_moves_within_its_time(
    world: World,
) -> None:
    world.handed_over()
    days = working_days(clock.today(), date(2026, 12, 7))
    absence = Absence.objects.create(user=world.root, first_day=days[0], last_day=days[4])
    assert tasks.plan_calls() == 1
    call = Visit.objects.get()
    assert call.planned_on == days[5]
    absence.last_day = days[-2]
    absence.save()
    assert [tasks.move_visits(), tasks.move_visits()] == [1, 0]
    call.refresh_from_db()
    assert call.planned_on == days[-1] == call.due_on
    absence.last_day = days[-1] + timedelta(days=20)
    absence.save()
    with nothing_moves():  # in time only his deputy can make it
        assert tasks.move_visits() == 0


def test_a_call_that_was_missed_in_an_absence_is_made_when_he_is_back_also_in_the_next_quarter(world: World) -> None:
    with clock.at(shanghai(22, 9).replace(month=12)):
        world.handed_over()
        tasks.plan_calls()
        call = Visit.objects.get()
        assert call.planned_on == date(2026, 12, 22)
    Absence.objects.create(user=world.root, first_day=date(2026, 12, 22), last_day=date(2027, 1, 8))
    with clock.at(shanghai(6, 9).replace(year=2027, month=1)):
        assert [tasks.move_visits(), tasks.move_visits()] == [1, 0]
        call.refresh_from_db()
        assert call.planned_on == date(2027, 1, 11)


def test_whose_caller_is_away_until_the_last_day_is_called_in_time_by_the_deputy(world: World) -> None:
    world.handed_over()
    Absence.objects.create(user=world.root, first_day=clock.today(), last_day=date(2027, 1, 10))
    assert tasks.plan_calls() == 1
    assert Visit.objects.get().planned_on <= date(2026, 12, 7)


def test_calls_are_spread_over_the_days(world: World) -> None:
    facts = {
        "region": "重庆",
        "payment_terms": "credit",
        "address": "",
        "contacts": [{"name": "李", "mobile": "13900000000"}],
    }
    world.handed_over()
    first = world.customer
    world.customer = customers.create_customer(by=world.root, code="", name="第二家", owner=first.owner, **facts)
    world.handed_over()
    assert tasks.plan_calls() == 2
    assert len(set(Visit.objects.values_list("planned_on", flat=True))) == 2


def test_without_the_rule_nobody_is_called(world: World) -> None:
    world.handed_over()
    RuleVersion.objects.create(rule="call.delivered", valid_from=date(2026, 1, 1), enabled=False)
    assert tasks.plan_calls() == 0


def test_whose_goods_were_brought_to_him_is_called_as_well(world: World) -> None:
    world.handed_over()
    order = Record.objects.get().pickup.order
    Record.objects.update(at=MORNING - timedelta(days=60))
    brought = Delivery.objects.create(
        number="DL-1", order=order, at=clock.now() + timedelta(hours=1), place="渝北", receiver="李", by=world.root
    )
    Delivery.objects.create(
        number="DL-2", returns=brought, order=order, at=MORNING, place="渝北", receiver="李", by=world.root
    )
    assert tasks.plan_calls() == 0  # it is still on its way, and what came back is no delivery
    with clock.at(shanghai(24, 9)):
        assert tasks.plan_calls() == 1
    assert Visit.objects.get().delivered_at == brought.at


def test_only_the_clock_plans_calls(world: World) -> None:
    pickup = world.handed_over()
    with nothing_moves(), refused("by_itself"):
        actions.plan_visit(
            pickup.customer, by=world.root, owner=world.root, planned_on=clock.today(), delivered_at=clock.now()
        )


def test_the_demonstration_tells_of_calls_that_were_made_and_of_those_to_come(world: World) -> None:
    pickup = world.handed_over()
    with clock.at(MORNING + timedelta(days=4)):
        demo = Demo()
        for story in calls_after_deliveries(demo):
            story.tell()
        made = Visit.objects.get()
        assert (made.status, made.customer, made.planned_on) == ("done", pickup.customer, date(2026, 11, 24))
        assert made.done_at < clock.now()
