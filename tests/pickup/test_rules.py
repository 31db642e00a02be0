"""The time limits of pickups: who waits at the counter, goods that nobody collects, stock that is checked later."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from orders.models import Line, Order
from pickup import actions as pickup
from tests.world import HANDED, World, shanghai


def deadline(rule: str, obj: Any) -> Deadline:
    """The newest deadline of the rule on a record."""
    return Deadline.objects.about(obj).filter(rule=rule).latest("pk")


def test_who_is_at_the_counter_is_served_within_half_an_hour(world: World) -> None:
    told = world.notified()
    with clock.at(shanghai(23, 10)):
        pickup.arrive(told, by=world.clerk)
    row = deadline("pickup.serve", told)
    assert (row.started_at, row.due_at, row.department.code) == (shanghai(23, 10), shanghai(23, 10, 30), "warehouse")
    with clock.at(shanghai(23, 10, 20)):
        pickup.hand_over(told, by=world.clerk, **HANDED)
    row.refresh_from_db()
    assert (row.outcome, row.closed_at) == ("met", shanghai(23, 10, 20))


def test_somebody_forgotten_at_the_counter_is_told_of(world: World) -> None:
    told = world.notified()
    head = world.person("head", "warehouse")
    type(world.sales).objects.filter(code="warehouse").update(head=head)
    with clock.at(shanghai(23, 10)):
        pickup.arrive(told, by=world.clerk)
    with clock.at(shanghai(23, 10, 31)):
        sweep()
    assert deadline("pickup.serve", told).breached_at is not None
    assert Message.objects.filter(recipient=head, template__startswith="deadline").exists()


def test_who_leaves_the_counter_and_comes_another_time_does_not_wait_on(world: World) -> None:
    told = pickup.arrive(world.notified(), by=world.clerk)
    pickup.move_pickup(told, by=world.clerk, window=world.window(hours=30))
    assert deadline("pickup.serve", told).outcome == "met"


def test_goods_that_nobody_collects_are_flagged_after_two_weeks(world: World) -> None:
    order = world.ready()
    row = deadline("pickup.storage", order)
    assert (row.started_at, row.due_at, row.responsible) == (
        shanghai(23, 9, 30),
        shanghai(7, 9, 30, month=12),
        world.root,
    )
    with clock.at(shanghai(7, 9, 31, month=12)):
        sweep()
    row.refresh_from_db()
    assert row.breached_at is not None and row.closed_at is None


def test_the_rest_of_a_part_is_kept_for_two_weeks_more(world: World) -> None:
    told = world.notified()
    goods = [{"line": Line.objects.get(), "quantity": Decimal(4), "difference": "车装不下"}]
    with clock.at(shanghai(24, 9)):
        pickup.hand_over(told, by=world.clerk, lines=goods, **HANDED)
    order = Order.objects.get()
    met, again = Deadline.objects.about(order).filter(rule="pickup.storage").order_by("pk")
    assert (met.outcome, again.outcome, again.due_at) == ("met", "", shanghai(8, 9, month=12))
    second = pickup.plan_pickup(order, by=world.root, window=world.window(hours=30))
    pickup.hand_over(second, by=world.clerk, **HANDED)
    again.refresh_from_db()
    assert again.outcome == "met"


@pytest.mark.parametrize(
    ("wanted_on", "begins", "due"),
    [
        (date(2026, 12, 10), shanghai(9, 0, month=12), shanghai(9, 14, month=12)),  # a Thursday
        (date(2026, 12, 14), shanghai(11, 0, month=12), shanghai(11, 14, month=12)),  # a Monday: on Friday
        (date(2026, 11, 24), shanghai(23, 9, 30), shanghai(23, 15)),  # tomorrow: at once
    ],
)
def test_after_a_later_date_the_stock_is_checked_on_the_working_day_before(
    world: World, wanted_on: date, begins: datetime, due: datetime
) -> None:
    order = pickup.agree_later(world.short(), by=world.root, wanted_on=wanted_on, agreed="电话")
    row = deadline("stock.check", order)
    assert (row.started_at, row.due_at, row.closed_at) == (begins, due, None)
    world.receive("10")
    order = pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    row.refresh_from_db()
    assert (row.outcome, order.check_from) == ("met", None)


def test_what_is_checked_anew_for_another_reason_is_checked_at_once(world: World) -> None:
    order = pickup.agree_later(world.short(), by=world.root, wanted_on=date(2026, 12, 10), agreed="电话")
    with clock.at(shanghai(9, 10, month=12)):
        order = pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
        assert order.status == "short"
        pickup.substitute(
            order, by=world.root, line=Line.objects.get(), product=world.new_product("P002"), agreed="电话"
        )
    assert deadline("stock.check", order).started_at == shanghai(9, 10, month=12)
