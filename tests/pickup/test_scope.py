"""Who sees which pickups: the clerk those of his counter, sales those of their orders, a stranger none."""

from django.db import connection

from orders.models import Order
from pickup.models import Pickup, Record
from tests.world import World


def sees(user: object, told: Pickup) -> bool:
    return Pickup.objects.visible_to(user).filter(pk=told.pk).exists()


def test_a_clerk_sees_those_of_his_counter_only(world: World) -> None:
    told, clerk = world.handed_over(), world.clerk
    elsewhere = world.person("elsewhere", "counter")
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    other.clerks.add(elsewhere)
    assert sees(clerk, told) and Record.objects.visible_to(clerk).exists()
    assert not sees(elsewhere, told) and not Record.objects.visible_to(elsewhere).exists()


def test_sales_see_those_of_their_own_orders(world: World) -> None:
    told = world.notified()
    Order.objects.update(owner=world.alice)
    assert sees(world.alice, told)
    assert not sees(world.bob, told)
    assert not sees(world.charlie, told)
    assert not sees(world.stranger, told)


def test_the_manager_sees_those_of_the_department(world: World) -> None:
    told = world.notified()
    Order.objects.update(owner=world.alice, department=world.sales)
    assert sees(world.boss, told)


def test_a_clerk_who_owns_an_order_sees_its_pickup_elsewhere(world: World) -> None:
    told = world.notified()
    clerk = world.person("elsewhere", "counter", "sales")
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    other.clerks.add(clerk)
    assert not sees(clerk, told)
    Pickup.objects.update(owner=clerk)
    assert sees(clerk, told)


def test_only_the_orders_of_the_rows_that_are_shown_are_asked_for(world: World) -> None:
    world.notified()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Pickup.objects.visible_to(world.bob).order_by("-pk")[:51].explain()
    orders = [line for line in plan.splitlines() if "orders_order" in line]
    assert orders and all("orders_order_pkey" in line for line in orders)
    assert "pickup_pickup.order_id" in plan  # each one's own order, by its key
