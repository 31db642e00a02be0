"""Planning a pickup: a window with room, where the goods lie, one at a time (ZT 3.3)."""

import re

from crm.outbox.models import Message
from pickup import actions as pickup
from pickup.models import Pickup, Window
from tests.world import World, refused


def test_a_planned_pickup_has_a_code_and_a_place_in_its_window(world: World) -> None:
    order = world.ready()
    planned = pickup.plan_pickup(order, by=world.root, window=world.window())
    assert planned.status == Pickup.Status.PLANNED
    assert re.fullmatch(r"\d{8}", planned.code)
    assert (planned.order, planned.warehouse, planned.owner) == (order, world.warehouse, order.owner)
    assert planned.contact == world.contact
    assert Window.objects.get().taken == 1
    assert not Message.objects.filter(template="pickup.notice").exists()


def test_the_customer_is_told_at_once_where_one_asks_for_it(world: World) -> None:
    planned = pickup.plan_pickup(world.ready(), by=world.root, window=world.window(), notify=True)
    assert Pickup.objects.get(pk=planned.pk).status == Pickup.Status.NOTIFIED
    assert Message.objects.filter(template="pickup.notice").count() == 2


def test_a_second_pickup_is_refused_while_one_is_expected(world: World) -> None:
    first, other = world.planned(), world.window(hours=5)
    with refused("expected") as caught:
        pickup.plan_pickup(first.order, by=world.root, window=other)
    assert first.number in str(caught.value)


def test_after_a_cancelled_one_another_can_be_planned(world: World) -> None:
    first = world.planned()
    pickup.cancel_pickup(first, by=world.root, reason="改期")
    second = pickup.plan_pickup(first.order, by=world.root, window=world.window())
    assert second.code != first.code
    assert Window.objects.get().taken == 1


def test_the_window_must_be_where_the_goods_lie(world: World) -> None:
    order = world.ready()
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    window = world.window()
    elsewhere = Window.objects.create(warehouse=other, starts_at=window.starts_at, ends_at=window.ends_at, capacity=3)
    with refused("wrong_place"):
        pickup.plan_pickup(order, by=world.root, window=elsewhere)


def test_goods_that_are_not_ready_are_not_planned_for(world: World) -> None:
    order = world.confirmed()
    window = world.window()
    with refused("wrong_state"):
        pickup.plan_pickup(order, by=world.root, window=window)
