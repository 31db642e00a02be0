"""The follow-up plan, progress on its rhythm, milestones that slip (JD 2.4, 7.2)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import Absence, Department
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from orders import actions as orders
from orders.forms import JointSessionForm, MoveMilestoneForm, PlanForm, ReportForm
from orders.models import Milestone, Order, Stage
from tests.world import World, refused, shanghai


@pytest.fixture
def order(world: World) -> Order:
    """Alice's, accepted by her; the boss is her manager."""
    seed_calendar([2026, 2027])
    found = world.allocated()
    Order.objects.update(owner=world.alice)
    world.boss  # noqa: B018
    return orders.accept_order(Order.objects.get(pk=found.pk), by=world.alice)


def planned(world: World, order: Order, **facts: Any) -> Milestone:
    line = {"name": "备货", "due_on": date(2026, 11, 27), "risk": "", "answer": "", **facts}
    orders.plan_order(order, by=world.alice, milestones=[line])
    return Milestone.objects.get(status="open")


def test_the_plan_begins_with_the_stages_of_the_orders_type(world: World, order: Order) -> None:
    Stage.objects.create(type=world.type, position=2, name="通知提货", share=90)
    form = PlanForm(by=world.alice, obj=order)
    assert form.initial["milestones"] == [
        {"name": "备货", "due_on": date(2026, 11, 28)},  # half of the ten days
        {"name": "通知提货", "due_on": date(2026, 12, 2)},
    ]


def test_an_order_wanted_today_has_its_stages_today(world: World, order: Order) -> None:
    order.wanted_on = date(2026, 11, 23)
    assert PlanForm(by=world.alice, obj=order).initial["milestones"] == [{"name": "备货", "due_on": date(2026, 11, 23)}]


def test_a_plan_meets_its_deadline_and_starts_the_reports(world: World, order: Order) -> None:
    milestone = planned(world, order, risk="缺料", answer="备选供应商")
    assert (milestone.owner, milestone.risk, milestone.answer) == (world.alice, "缺料", "备选供应商")
    assert Deadline.objects.get(rule="order.plan").outcome == "met"
    assert Deadline.objects.open().get(rule="order.progress").due_at == shanghai(26, 9, 30)  # three working days


def test_a_new_plan_drops_what_is_open_and_keeps_what_is_done(world: World, order: Order) -> None:
    first = planned(world, order)
    orders.finish_milestone(first, by=world.alice)
    planned(world, order, name="质检")
    planned(world, order, name="质检二")
    assert list(Milestone.objects.order_by("pk").values_list("name", "status")) == [
        ("备货", "done"),
        ("质检", "dropped"),
        ("质检二", "open"),
    ]


def test_somebody_else_in_the_plan_sees_the_order(world: World, order: Order) -> None:
    helper = world.person("helper", "production", department=Department.objects.create(code="plant", name="生产部"))
    assert not Order.objects.visible_to(helper).exists()
    milestone = planned(world, order, owner=helper)
    assert Order.objects.visible_to(helper).get() == order
    assert orders.finish_milestone(milestone, by=helper).status == "done"


def test_a_report_starts_the_next_ones_time(world: World, order: Order) -> None:
    planned(world, order)
    with clock.at(shanghai(25, 10)):
        orders.report_progress(order, by=world.alice, progress="一半")
    rows = list(Deadline.objects.filter(rule="order.progress").order_by("pk"))
    assert [(row.outcome, row.due_at) for row in rows] == [
        ("met", shanghai(26, 9, 30)),
        ("", shanghai(30, 10)),  # Wednesday and three working days
    ]


def test_a_report_that_is_missing_is_told_to_owner_and_manager(world: World, order: Order) -> None:
    planned(world, order)
    with clock.at(shanghai(26, 9, 30)):
        sweep()
    told = Message.objects.filter(channel="notice", subject_pk=order.pk, template__startswith="deadlines.")
    assert {message.recipient for message in told} == {world.alice, world.boss}


def test_a_milestone_that_slips_is_seen_by_the_owner_and_then_by_the_manager(world: World, order: Order) -> None:
    milestone = planned(world, order, due_on=date(2026, 11, 24))
    about = Message.objects.filter(channel="notice", subject_pk=milestone.pk, template__startswith="deadlines.")
    with clock.at(shanghai(24, 9)):
        sweep()
        assert {message.recipient for message in about.all()} == {world.alice}
    with clock.at(shanghai(25, 9)):
        sweep()
        assert {message.recipient for message in about.all()} == {world.alice, world.boss}


def test_a_moved_milestone_has_its_new_date_with_the_reason(world: World, order: Order) -> None:
    milestone = planned(world, order)
    orders.move_milestone(milestone, by=world.alice, due_on=date(2026, 12, 4), reason="缺料")
    row = Deadline.objects.open().get(rule="order.milestone")
    milestone.refresh_from_db()
    assert (milestone.due_on, milestone.remarks) == (date(2026, 12, 4), "缺料")
    assert row.due_at.astimezone(shanghai(1, 1).tzinfo).date() == date(2026, 12, 4)


def test_a_done_milestone_is_not_moved(world: World, order: Order) -> None:
    milestone = orders.finish_milestone(planned(world, order), by=world.alice, remarks="齐了")
    assert (milestone.done_on, milestone.remarks) == (date(2026, 11, 23), "齐了")
    alice = world.alice
    with refused("wrong_state"):
        orders.move_milestone(milestone, by=alice, due_on=date(2026, 12, 4), reason="x")


def test_a_problem_needs_a_solution(world: World, order: Order) -> None:
    data = {"progress": "一半", "given": "oral", "problems": "缺料"}
    assert list(ReportForm(data, by=world.alice, obj=order).problems()) == ["solutions"]
    assert ReportForm({**data, "solutions": "换料"}, by=world.alice, obj=order).is_valid()


def test_an_order_that_is_given_up_asks_for_nothing_more(world: World, order: Order) -> None:
    planned(world, order)
    orders.cancel_order(order, by=world.alice, reason="客户取消")
    assert Milestone.objects.get().status == "dropped"
    assert set(Deadline.objects.open().values_list("rule", flat=True)) == {"customer.verify"}


def test_a_stranger_may_not_report(world: World, order: Order) -> None:
    charlie = world.charlie
    with pytest.raises(Order.DoesNotExist):
        orders.report_progress(order, by=charlie, progress="x")
    assert Order.objects.get().progressreports.count() == 0
    assert Decimal(order.total) == Decimal(1280)


def test_a_milestone_is_not_planned_for_the_end_of_time(world: World) -> None:
    order, root = world.accepted(), world.root
    plan = PlanForm({"milestones": [{"name": "a", "due_on": "9999-12-31"}]}, by=root, obj=order)
    move = MoveMilestoneForm({"due_on": "2099-01-01", "reason": "x"}, by=root)
    report = ReportForm({"progress": "x", "given": "oral", "expected_on": "2099-01-01"}, by=root, obj=order)
    for form, place in ((plan, "milestones[0].due_on"), (move, "due_on"), (report, "expected_on")):
        assert [each["code"] for each in form.problems()[place]] == ["too_far"]


def test_the_order_desk_sees_who_is_missing_a_report(world: World, order: Order) -> None:
    planned(world, order)
    other = orders.plan_order(
        world.accepted(), by=world.root, milestones=[{"name": "备货", "due_on": date(2026, 12, 1)}]
    )
    desk = world.person("desk", "order_desk")

    def missing() -> list[tuple[str, str]]:
        client = Client(headers={"Accept": "application/json"})
        client.force_login(desk)
        rows = client.get("/api/v1/orders/", {"tab": "unreported"}).json()["results"]
        return [(row["number"], row["owner"]) for row in rows]

    with clock.at(shanghai(26, 9, 29)):
        assert missing() == []
    with clock.at(shanghai(26, 9, 31)):
        assert missing() == [(other.number, "根"), (order.number, "Alice")]
        orders.report_progress(order, by=world.alice, progress="一半", given="system")
        assert missing() == [(other.number, "根")]


def test_a_joint_session_is_kept_shown_and_told_to_who_speaks_for_the_departments(world: World, order: Order) -> None:
    quality = Department.objects.create(code="quality", name="质量部")
    head, day = world.person("qi", "quality", department=quality), clock.today()
    deputy = world.person("dai", "quality", department=quality)
    Department.objects.filter(pk=quality.pk).update(head=head)
    Absence.objects.create(user=head, deputy=deputy, first_day=day, last_day=day)
    assert not Order.objects.visible_to(head).exists()
    session = orders.hold_session(
        order,
        by=world.alice,
        departments=Department.objects.filter(pk__in=[quality.pk, world.sales.pk]),
        topic="铜排缺货",
        minutes="周三前到货，质量部到货当日检验",
        held_at=clock.now(),
    )
    assert (session.by, session.topic) == (world.alice, "铜排缺货")
    assert set(session.departments.all()) == {quality, world.sales}
    assert Order.objects.visible_to(head).get() == order
    told = {message.recipient for message in Message.objects.filter(template="orders.session")}
    assert told == {head, deputy, world.boss}
    client = Client()
    client.force_login(head)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "铜排缺货" in page and "周三前到货，质量部到货当日检验" in page
    detail = client.get(f"/api/v1/orders/{order.pk}/").json()
    assert [each["topic"] for each in detail["jointsessions"]] == ["铜排缺货"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"departments": []}, "departments"), ({"minutes": ""}, "minutes"), ({"held_at": "2026-11-23 09:31"}, "held_at")],
)
def test_a_session_that_cannot_be(world: World, order: Order, given: dict[str, Any], field: str) -> None:
    data = {"held_at": "2026-11-23 09:00", "departments": [world.sales.pk], "topic": "x", "minutes": "x", **given}
    assert list(JointSessionForm(data, by=world.root, obj=order).problems()) == [field]
