"""Calling an order off whose goods are prepared, and doing without the rest of one (ZT 3.2)."""

from decimal import Decimal

from orders.models import Line, Order
from pickup import actions as pickup
from pickup.models import Pickup, Window
from pickup.stock.models import Reservation, Stock
from tests.world import HANDED, World, refused

OS = Order.Status


def test_goods_are_free_again_and_the_pickup_is_cancelled(world: World) -> None:
    told = world.notified()
    pickup.call_off(told.order, by=world.root, reason="客户取消")
    order = Order.objects.get()
    assert (order.status, order.reason) == (OS.CANCELLED, "客户取消")
    assert Pickup.objects.get().status == Pickup.Status.CANCELLED
    assert (Stock.objects.get().quantity, Stock.objects.get().reserved) == (Decimal(100), 0)
    assert not Reservation.objects.exists()
    assert Window.objects.get().taken == 0


def test_an_order_of_which_something_left_is_not_called_off(world: World) -> None:
    told = world.notified()
    line = {"line": Line.objects.get(), "quantity": Decimal(4), "difference": "车装不下"}
    pickup.hand_over(told, by=world.root, lines=[line], **HANDED)
    order = Order.objects.get()
    with refused("collected"):
        pickup.call_off(order, by=world.root, reason="客户取消")


def test_the_rest_is_waived_and_the_order_can_be_signed_off(world: World) -> None:
    told = world.notified()
    line = {"line": Line.objects.get(), "quantity": Decimal(4), "difference": "只要四件"}
    pickup.hand_over(told, by=world.root, lines=[line], **HANDED)
    pickup.plan_pickup(Order.objects.get(), by=world.root, window=world.window())
    order = pickup.waive_rest(Order.objects.get(), by=world.root, reason="只要四件")
    assert order.status == OS.COLLECTED
    assert Stock.objects.get().reserved == 0
    assert Pickup.objects.order_by("pk").last().status == Pickup.Status.CANCELLED


def test_where_nothing_was_collected_there_is_no_rest(world: World) -> None:
    order = world.ready()
    with refused("nothing_collected"):
        pickup.waive_rest(order, by=world.root, reason="x")


def test_prepared_goods_are_not_forgotten_by_a_plain_cancellation(world: World) -> None:
    from orders import actions as orders

    order = world.ready()
    with refused("wrong_state"):
        orders.cancel_order(order, by=world.root, reason="x")
