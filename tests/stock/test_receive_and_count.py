"""Goods come in and are counted; every change is a movement, and the sums agree (P1)."""

from decimal import Decimal
from typing import Any

import pytest

from pickup.stock import actions as stock
from pickup.stock import ledger
from pickup.stock.forms import CountForm, ReceiptForm
from pickup.stock.models import Movement, Stock
from tests.world import World, refused


def count(world: World, quantity: str, batch: str = "B1") -> Any:
    line = {"product": world.product, "quantity": Decimal(quantity), "batch": batch}
    return stock.count_stock(by=world.root, warehouse=world.warehouse, reason="盘点", lines=[line])


def test_what_comes_in_is_booked_by_batch(world: World) -> None:
    world.receive("5", "B1")
    world.receive("7", "B2")
    world.receive("2.5", "B1")
    assert list(Stock.objects.order_by("batch").values_list("batch", "quantity")) == [
        ("B1", Decimal("7.5")),
        ("B2", Decimal(7)),
    ]
    assert list(Movement.objects.order_by("pk").values_list("quantity", "kind")) == [
        (Decimal(5), "receipt"),
        (Decimal(7), "receipt"),
        (Decimal("2.5"), "receipt"),
    ]


@pytest.mark.parametrize(("counted", "difference"), [("3", -2), ("9", 4), ("0", -5)])
def test_a_count_books_the_difference_with_its_occasion(world: World, counted: str, difference: int) -> None:
    world.receive("5")
    count(world, counted)
    movement = Movement.objects.latest("pk")
    assert (movement.quantity, movement.kind, movement.reason) == (Decimal(difference), "count", "盘点")
    assert Stock.objects.get().quantity == Decimal(counted)


def test_a_count_that_agrees_moves_nothing(world: World) -> None:
    world.receive("5")
    count(world, "5")
    assert Movement.objects.count() == 1


def test_what_is_reserved_cannot_be_counted_away(world: World) -> None:
    world.receive("10")
    order = world.confirmed()
    from pickup import actions as pickup

    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    with refused("not_enough") as caught:
        count(world, "9")
    assert "0 are free" in str(caught.value)
    count(world, "10")


def test_one_wrong_line_books_none(world: World) -> None:
    world.receive("10")
    order = world.confirmed()
    from pickup import actions as pickup

    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    lines = [
        {"product": world.product, "quantity": Decimal(99), "batch": "A"},
        {"product": world.product, "quantity": Decimal(1), "batch": "B1"},
    ]
    root, place = world.root, world.warehouse
    with refused("not_enough"):
        stock.count_stock(by=root, warehouse=place, reason="盘点", lines=lines)


def test_a_disagreement_is_found(world: World) -> None:
    world.receive("5")
    assert ledger.disagreements() == []
    Stock.objects.update(quantity=6)
    assert [(row.quantity, total) for row, total in ledger.disagreements()] == [(Decimal(6), Decimal(5))]


@pytest.mark.parametrize(
    ("quantity", "code"), [("0", "min_value"), ("-3", "min_value"), ("1.2345", "max_decimal_places")]
)
def test_a_receipt_of_nothing_is_named_by_its_cell(world: World, quantity: str, code: str) -> None:
    data = {"warehouse": world.warehouse.pk, "lines": [{"product": world.product.pk, "quantity": quantity}]}
    problems = ReceiptForm(data, by=world.root).problems()
    assert [error["code"] for error in problems["lines[0].quantity"]] == [code]


def test_nothing_is_a_possible_count_but_less_is_not(world: World) -> None:
    data = {"warehouse": world.warehouse.pk, "reason": "盘点"}
    line = {"product": world.product.pk, "quantity": "0"}
    assert CountForm({**data, "lines": [line]}, by=world.root).is_valid()
    problems = CountForm({**data, "lines": [{**line, "quantity": "-1"}]}, by=world.root).problems()
    assert list(problems) == ["lines[0].quantity"]


def test_a_clerk_books_no_goods_in(world: World) -> None:
    clerk, place = world.clerk, world.warehouse
    line = {"product": world.product, "quantity": Decimal(5), "batch": ""}
    with refused("forbidden"):
        stock.receive_goods(by=clerk, warehouse=place, lines=[line])


def test_a_warehouse_out_of_use_is_not_offered(world: World) -> None:
    place = world.warehouse
    place.active = False
    place.save()
    data = {"warehouse": place.pk, "lines": [{"product": world.product.pk, "quantity": "1"}]}
    assert list(ReceiptForm(data, by=world.root).problems()) == ["warehouse"]
