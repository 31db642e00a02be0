"""How an order ends: signed off and closed, or cancelled (JD 2.5)."""

from datetime import timedelta

import pytest

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.records.models import Attachment
from orders import actions as orders
from orders.models import Handover, Milestone, Order
from tests.world import World, refused, shanghai

S = Order.Status


def test_the_sheet_is_handed_in_and_the_order_closed_within_two_working_days(world: World) -> None:
    seed_calendar([2026])
    order = world.collected()
    orders.hand_in_sheet(order, by=world.root, remarks="原件")
    row = Deadline.objects.open().get(rule="order.close")
    handover = Handover.objects.order_by("-pk").first()
    assert (order.status, order.sheet_received_at) == (S.SIGNED_OFF, clock.now())
    assert (handover.what, handover.remarks, handover.department.code) == ("sheet", "原件", "order_desk")
    assert (row.department.code, row.due_at) == ("order_desk", shanghai(25, 9, 30))
    with clock.at(clock.now() + timedelta(days=1)):
        closed = orders.close_order(order, by=world.root)
    assert (closed.status, closed.closed_at) == (S.CLOSED, shanghai(24, 9, 30))
    assert Deadline.objects.get(rule="order.close").outcome == "met"
    assert not Attachment.objects.about(order).exists()


def test_what_was_still_planned_is_dropped_with_the_closing(world: World) -> None:
    order, root = world.collected(), world.root
    done, left = (orders.add_milestone(order, by=root, name=name, due_on=clock.today()) for name in ("a", "b"))
    orders.finish_milestone(done, by=root)
    orders.hand_in_sheet(order, by=root)
    orders.close_order(order, by=world.person("desk", "order_desk"))
    states = dict(Milestone.objects.filter(pk__in=[done.pk, left.pk]).values_list("pk", "status"))
    assert states == {done.pk: "done", left.pk: "dropped"}
    assert not Deadline.objects.open().filter(rule="order.milestone").exists()


@pytest.mark.parametrize("state", ["new_order", "reviewed", "allocated", "accepted", "confirmed", "short"])
def test_an_order_is_cancelled_before_its_goods_are_prepared(world: World, state: str) -> None:
    order = orders.cancel_order(getattr(world, state)(), by=world.root, reason="客户取消")
    assert (order.status, order.reason) == (S.CANCELLED, "客户取消")
    assert not Deadline.objects.open().exclude(subject_type=None).filter(rule__startswith="order.").exists()


def test_a_collected_order_is_not_cancelled(world: World) -> None:
    order, root = world.collected(), world.root
    with refused("wrong_state"):
        orders.cancel_order(order, by=root, reason="x")


def test_a_partly_collected_one_is_not_cancelled(world: World) -> None:
    order, root = world.confirmed(), world.root
    order.lines.update(collected=1)
    with refused("collected"):
        orders.cancel_order(order, by=root, reason="x")


def test_an_order_is_not_closed_before_it_is_signed_off(world: World) -> None:
    order, root = world.collected(), world.root
    with refused("wrong_state"):
        orders.close_order(order, by=root)


def test_a_cancelled_order_can_do_nothing_more(world: World) -> None:
    order, root = orders.cancel_order(world.accepted(), by=world.root, reason="x"), world.root
    for verb in (orders.submit_order, orders.confirm_order, orders.ask_to_confirm, orders.close_order):
        with refused("wrong_state"):
            verb(order, by=root)
