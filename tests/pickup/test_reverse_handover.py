"""Taking a handover back: by the same clerk at once, by a supervisor at any time, by a record of its own (ZT 3.5)."""

from decimal import Decimal

from crm import clock
from orders import actions as orders
from orders.models import Line, Order
from pickup import actions as pickup
from pickup.models import Pickup, Record
from pickup.stock import ledger
from pickup.stock.models import Movement, Reservation, Stock
from tests.world import HANDED, World, refused, shanghai

S, OS = Pickup.Status, Order.Status


def handed_over(world: World) -> Pickup:
    told = world.notified()
    with clock.at(shanghai(23, 10)):
        pickup.hand_over(told, by=world.clerk, **HANDED)
    return Pickup.objects.get()


def test_goods_order_and_line_are_as_before_and_both_records_stay(world: World) -> None:
    told = handed_over(world)
    with clock.at(shanghai(23, 10, 15)):
        opposite = pickup.reverse_handover(told, by=world.clerk, reason="拿错了")
    first, second = Record.objects.order_by("pk")
    stock = Stock.objects.get()
    assert (second, second.kind, second.reverses, second.reason) == (opposite, "reversal", first, "拿错了")
    assert (second.lines.get().due, second.lines.get().quantity) == (Decimal(-10), Decimal(-10))
    assert (Pickup.objects.get().status, Order.objects.get().status) == (S.REVERSED, OS.READY)
    assert Line.objects.get().collected == 0
    assert (stock.quantity, stock.reserved) == (Decimal(100), Decimal(10))
    assert [movement.quantity for movement in Movement.objects.order_by("pk")] == [100, -10, 10]
    assert Movement.objects.latest("pk").kind == "return"
    assert ledger.disagreements() == []


def test_after_fifteen_minutes_only_a_supervisor_can(world: World) -> None:
    told, clerk = handed_over(world), world.clerk
    supervisor = world.person("supervisor", "supervisor")
    with clock.at(shanghai(23, 10, 16)):
        with refused("too_late") as caught:
            pickup.reverse_handover(told, by=clerk, reason="拿错了")
        assert "Ask a supervisor." in str(caught.value)
        with refused("forbidden"):
            pickup.reverse_later(told, by=clerk, reason="拿错了")
    with clock.at(shanghai(30, 10)):
        assert pickup.reverse_later(told, by=supervisor, reason="客户退回").clerk == supervisor


def test_another_clerk_cannot(world: World) -> None:
    told = handed_over(world)
    other = world.person("other", "counter")
    world.warehouse.clerks.add(other)
    with clock.at(shanghai(23, 10, 5)), refused("too_late"):
        pickup.reverse_handover(told, by=other, reason="拿错了")


def test_twice_is_refused(world: World) -> None:
    told = handed_over(world)
    with clock.at(shanghai(23, 10, 5)):
        pickup.reverse_handover(told, by=world.clerk, reason="拿错了")
        with refused("wrong_state"):
            pickup.reverse_handover(told, by=world.clerk, reason="拿错了")


def test_a_part_that_is_taken_back_joins_what_is_still_reserved(world: World) -> None:
    told = world.notified()
    line = {"line": Line.objects.get(), "quantity": Decimal(4), "difference": "车装不下"}
    pickup.hand_over(told, by=world.root, lines=[line], **HANDED)
    pickup.reverse_handover(told, by=world.root, reason="x")
    assert Reservation.objects.get().quantity == Decimal(10)
    assert Stock.objects.get().reserved == Decimal(10)


def test_several_batches_come_back_each_to_its_own(world: World) -> None:
    world.receive("4", "B1")
    world.receive("9", "B2")
    order = pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    told = pickup.plan_pickup(order, by=world.root, window=world.window())
    pickup.hand_over(told, by=world.root, **HANDED)
    assert list(Stock.objects.order_by("batch").values_list("quantity", flat=True)) == [0, 3]
    pickup.reverse_handover(told, by=world.root, reason="x")
    assert list(Stock.objects.order_by("batch").values_list("quantity", "reserved")) == [(4, 4), (9, 6)]


def test_afterwards_a_new_pickup_can_be_planned_and_handed_over(world: World) -> None:
    told = handed_over(world)
    with clock.at(shanghai(23, 10, 5)):
        pickup.reverse_handover(told, by=world.clerk, reason="拿错了")
        again = pickup.plan_pickup(Order.objects.get(), by=world.root, window=world.window())
        pickup.hand_over(again, by=world.clerk, **HANDED)
    assert Order.objects.get().status == OS.COLLECTED
    assert Stock.objects.get().quantity == Decimal(90)
    assert ledger.disagreements() == []


def test_an_order_that_is_signed_off_is_not_taken_apart(world: World) -> None:
    told = handed_over(world)
    orders.hand_in_sheet(Order.objects.get(), by=world.root)
    with clock.at(shanghai(23, 10, 5)), refused("wrong_state"):
        pickup.reverse_handover(told, by=world.clerk, reason="拿错了")


def test_a_part_taken_back_while_the_next_is_expected_leaves_both_sound(world: World) -> None:
    first = world.notified()
    line = {"line": Line.objects.get(), "quantity": Decimal(4), "difference": "车装不下"}
    pickup.hand_over(first, by=world.root, lines=[line], **HANDED)
    second = pickup.plan_pickup(Order.objects.get(), by=world.root, window=world.window())
    pickup.reverse_later(first, by=world.root, reason="x")
    record = pickup.hand_over(second, by=world.root, **HANDED)
    assert record.lines.get().quantity == Decimal(10)
    assert Order.objects.get().status == OS.COLLECTED
    assert ledger.disagreements() == []
