"""The ledger: many lines by one statement, stock locked by one query in one order, whatever the warehouses."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.postgresql.base import name_of
from orders.models import Line, Order
from pickup.stock import actions as stock
from pickup.stock import ledger, statements
from pickup.stock.models import Movement, Reservation, Stock, Warehouse
from tests.world import World, refused


def ten_of_each(world: World, number: int) -> Order:
    """An order of so many lines of the same product, ten pieces each."""
    line = {"product": world.product, "quantity": Decimal(10), "unit": world.piece, "factor": Decimal(1)}
    return world.confirmed(lines=[line] * number)


def books() -> set[tuple[str, str, Decimal, Decimal]]:
    return {(row.warehouse.code, row.batch, row.quantity, row.reserved) for row in Stock.objects.all()}


def written(sql: str) -> bool:
    """Whether this is one of the ledger's statements that change stock."""
    return "UPDATE stock_stock" in sql or any(name_of(each) in sql for each in (statements.RELEASE, statements.RESERVE))


def test_moving_a_reservation_locks_the_stock_of_both_warehouses_at_once_and_in_order(world: World) -> None:
    south = Warehouse.objects.create(code="south", name="南岸自提点")
    order = world.ready()
    line = {"product": world.product, "quantity": Decimal(30), "batch": "S1"}
    stock.receive_goods(by=world.root, warehouse=south, lines=[line])
    with CaptureQueriesContext(connection) as asked:
        assert ledger.reserve(order, south) == {}
    locks = [each["sql"] for each in asked.captured_queries if "FOR NO KEY UPDATE" in each["sql"]]
    changes = [number for number, each in enumerate(asked.captured_queries) if written(each["sql"])]
    assert len(locks) == 1 and locks[0] == asked.captured_queries[changes[0] - 1]["sql"]
    assert (
        locks[0]
        .partition("ORDER BY ")[2]
        .startswith('"stock_stock"."warehouse_id" ASC, "stock_stock"."product_id" ASC, "stock_stock"."batch" ASC')
    )
    assert books() == {
        ("yubei", "B1", Decimal(100), Decimal(0)),
        ("south", "S1", Decimal(30), Decimal(10)),
    }


def test_what_is_given_free_can_be_reserved_again_by_the_same_order(world: World) -> None:
    world.receive("10")
    order = world.confirmed()
    for _again in range(2):
        assert ledger.reserve(order, world.warehouse) == {}
        assert books() == {("yubei", "B1", Decimal(10), Decimal(10))}


def test_two_lines_of_one_batch_are_booked_together(world: World) -> None:
    world.receive("25")
    order = ten_of_each(world, 2)
    assert ledger.reserve(order, world.warehouse) == {}
    first, second = order.lines.order_by("position")
    held = ledger.held_for(order.pk)
    assert [(each.line.order_id, str(each.line)) for each in held] == [(order.pk, str(first)), (order.pk, str(second))]
    ledger.hand_out(held, {first: Decimal(10), second: Decimal(4)}, by=world.root, reference="PR-1")
    assert books() == {("yubei", "B1", Decimal(11), Decimal(6))}
    assert [(row.line, row.quantity) for row in Reservation.objects.all()] == [(second, Decimal(6))]
    assert [line.collected for line in order.lines.order_by("position")] == [Decimal(10), Decimal(4)]
    ledger.take_back("PR-1", by=world.root, reason="拿错", into="PR-2")
    assert books() == {("yubei", "B1", Decimal(25), Decimal(20))}
    assert dict(Reservation.objects.values_list("line", "quantity")) == {first.pk: Decimal(10), second.pk: Decimal(10)}
    assert [line.collected for line in order.lines.order_by("position")] == [Decimal(0), Decimal(0)]
    back = Movement.objects.filter(reference="PR-2")
    assert {(row.line, row.quantity, row.kind, row.reason) for row in back} == {
        (first, Decimal(10), "return", "拿错"),
        (second, Decimal(4), "return", "拿错"),
    }
    assert ledger.disagreements() == []


def test_one_line_may_be_taken_from_several_batches(world: World) -> None:
    world.receive("4", batch="A")
    world.receive("9", batch="B")
    order = ten_of_each(world, 1)
    assert ledger.reserve(order, world.warehouse) == {}
    line = Line.objects.get()
    ledger.hand_out(ledger.held_for(order.pk), {line: Decimal(7)}, by=world.root, reference="PR-1")
    assert books() == {("yubei", "A", Decimal(0), Decimal(0)), ("yubei", "B", Decimal(6), Decimal(3))}
    moved = Movement.objects.filter(reference="PR-1").order_by("pk")
    assert [(row.batch, row.quantity, row.line) for row in moved] == [
        ("A", Decimal(-4), line),
        ("B", Decimal(-3), line),
    ]
    assert Line.objects.get().collected == Decimal(7)


def test_of_what_is_not_held_nothing_is_handed_out(world: World) -> None:
    order = world.ready()
    line = Line.objects.get()
    held = ledger.held_for(order.pk)
    with refused("not_reserved") as caught:
        ledger.hand_out(held, {line: Decimal("10.5")}, by=world.root, reference="PR-1")
    assert "0.5 more" in str(caught.value)
