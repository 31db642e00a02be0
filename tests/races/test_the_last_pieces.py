"""The last pieces of a product, the last place of a window: nobody gets what is not there."""

from decimal import Decimal

from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup, Window
from pickup.stock import actions as stock
from pickup.stock import ledger
from pickup.stock.models import Stock, Warehouse
from tests.races.conftest import at_once
from tests.world import World


def checked(order: Order, world: World) -> str:
    return pickup.check_stock(Order.objects.get(pk=order.pk), by=world.root, warehouse=world.warehouse).status


def test_of_two_orders_for_the_last_ten_pieces_one_gets_them(world: World) -> None:
    world.receive("15")
    first, second = world.confirmed(), world.confirmed()
    answers = at_once(lambda: checked(first, world), lambda: checked(second, world))
    assert sorted(answers) == ["ready", "short"]
    assert (Stock.objects.get().quantity, Stock.objects.get().reserved) == (Decimal(15), Decimal(10))


def test_of_three_orders_two_get_theirs(world: World) -> None:
    world.receive("20")
    rows = [world.confirmed() for _number in range(3)]
    answers = at_once(*[lambda order=order: checked(order, world) for order in rows])
    assert sorted(answers) == ["ready", "ready", "short"]
    assert Stock.objects.get().reserved == Decimal(20)


def test_goods_are_counted_out_or_reserved_but_not_both(world: World) -> None:
    world.receive("10")
    order = world.confirmed()
    line = {"product": world.product, "quantity": Decimal(4), "batch": "B1"}
    checking, _counting = at_once(
        lambda: checked(order, world),
        lambda: stock.count_stock(by=world.root, warehouse=world.warehouse, reason="盘点", lines=[line]),
    )
    row = Stock.objects.get()
    assert (checking, row.quantity, row.reserved) in [("ready", 10, 10), ("short", 4, 0)]
    assert ledger.disagreements() == []


def test_of_two_customers_one_takes_the_last_place_of_a_window(world: World) -> None:
    world.receive("100")
    window = world.window(capacity=1)
    rows = [pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse) for _each in range(2)]
    answers = at_once(*[lambda order=order: pickup.plan_pickup(order, by=world.root, window=window) for order in rows])
    assert sorted(isinstance(each, Pickup) for each in answers) == [False, True]
    assert "window_full" in answers
    assert (Pickup.objects.count(), Window.objects.get().taken) == (1, 1)


def test_two_who_move_into_the_last_place_give_their_own_back_only_when_they_get_it(world: World) -> None:
    world.receive("100")
    first, last = world.window(), world.window(hours=30, capacity=1)
    told = []
    for _each in range(2):
        order = pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
        told.append(pickup.plan_pickup(order, by=world.root, window=first, notify=True))
    at_once(
        *[lambda row=row: pickup.move_pickup(Pickup.objects.get(pk=row.pk), by=world.root, window=last) for row in told]
    )
    assert [Window.objects.get(pk=each.pk).taken for each in (first, last)] == [1, 1]
    assert sorted(Pickup.objects.values_list("window", flat=True)) == sorted([first.pk, last.pk])


def test_two_pickups_of_one_order_planned_at_once_are_one(world: World) -> None:
    order = world.ready()
    first, second = world.window(), world.window(hours=30)
    answers = at_once(
        lambda: pickup.plan_pickup(Order.objects.get(pk=order.pk), by=world.root, window=first),
        lambda: pickup.plan_pickup(Order.objects.get(pk=order.pk), by=world.root, window=second),
    )
    assert "expected" in answers
    assert Pickup.objects.count() == 1
    assert sum(Window.objects.values_list("taken", flat=True)) == 1


def test_two_orders_that_need_two_products_crosswise_do_not_wait_for_each_other_for_ever(world: World) -> None:
    other = world.new_product("P002")
    for product in (world.product, other):
        line = {"product": product, "quantity": Decimal(100), "batch": "B1"}
        stock.receive_goods(by=world.root, warehouse=world.warehouse, lines=[line])
    rows = []
    for products in ((world.product, other), (other, world.product)):
        lines = [
            {"product": each, "quantity": Decimal(5), "unit": world.piece, "factor": Decimal(1)} for each in products
        ]
        rows.append(world.confirmed(lines=lines))
    assert at_once(*[lambda order=order: checked(order, world) for order in rows]) == ["ready", "ready"]
    assert set(Stock.objects.values_list("reserved", flat=True)) == {Decimal(10)}


def test_goods_received_at_once_into_a_new_batch_add_up(world: World) -> None:
    line = {"product": world.product, "quantity": Decimal(5), "batch": "NEW"}
    place = Warehouse.objects.get(pk=world.warehouse.pk)
    root = world.root
    at_once(*[lambda: stock.receive_goods(by=root, warehouse=place, lines=[line])] * 6)
    assert Stock.objects.get().quantity == Decimal(30)
    assert ledger.disagreements() == []
