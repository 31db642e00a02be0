"""Statements of what left, with what each part of it costs, made anew when the facts change (KC 5.1.11.5)."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from orders.leaving import worth_of
from orders.models import Line, Order
from pickup.models import Record, RecordLine
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement, StatementLine
from tests.settlement.conftest import Company
from tests.world import MORNING, scan

S = Statement.Status


def stated(statement: Statement) -> list[tuple[Any, ...]]:
    rows = statement.lines.order_by("position")
    return [(row.position, row.source, row.quantity, row.amount, row.tax) for row in rows]


def test_a_statement_has_one_line_for_each_line_of_a_record(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    company.collect(order, "6")
    statement = company.stated(Order.objects.get(pk=order.pk))
    first, second = Record.objects.order_by("pk")
    assert stated(statement) == [
        (1, first.number, Decimal(4), Decimal("512.00"), Decimal("58.90")),
        (2, second.number, Decimal(6), Decimal("768.00"), Decimal("88.36")),
    ]
    assert (statement.number, statement.status, statement.revision) == ("ST2026-000001", S.DRAFT, 1)
    assert (statement.total, statement.tax) == (Decimal("1280.00"), Decimal("147.26"))
    line = statement.lines.get(position=1)
    assert (line.day, line.price, line.unit, line.tax_rate) == (
        MORNING.date(),
        Decimal("128.00"),
        company.world.piece,
        Decimal(13),
    )


def test_what_is_stated_is_in_the_unit_that_is_priced(company: Company) -> None:
    world = company.world
    line = {"product": world.product, "quantity": Decimal(2), "unit": world.carton, "factor": Decimal(24)}
    order = company.order(lines=[{**line, "price": Decimal("3100.01")}])
    company.collect(order, "5")
    statement = company.stated(Order.objects.get(pk=order.pk))
    row = statement.lines.get()
    assert (row.base_quantity, row.quantity, row.unit) == (Decimal(5), Decimal("0.208333"), world.carton)
    assert row.amount == Decimal("645.84")  # 5 of 48 pieces of 6200.02
    assert row.price == Decimal("3100.01")


@pytest.mark.parametrize("seed", range(8))
def test_however_an_order_is_parted_its_statements_add_up_to_it_exactly(company: Company, seed: int) -> None:
    """Random prices, rates and splits, parts taken back on the way, statements made at random moments."""
    chance, world = Random(seed), company.world
    other = world.new_product("P002")
    prices = [Decimal(chance.randrange(least, 999999)) / 100 for least in (12800, 307200)]  # not below the list's
    lines = [
        {
            "product": product,
            "quantity": Decimal(chance.randrange(5, 30)),
            "unit": unit,
            "factor": factor,
            "price": price,
        }
        for product, unit, factor, price in (
            (world.product, world.piece, Decimal(1), prices[0]),
            (other, world.carton, Decimal(24), prices[1]),
        )
    ]
    for product in (world.product, other):
        from pickup.stock import actions as stock

        goods = {"product": product, "quantity": Decimal(1000), "batch": "B9"}
        stock.receive_goods(by=world.root, warehouse=world.warehouse, lines=[goods])
    order = company.order(lines=lines)
    Order.objects.filter(pk=order.pk).update(total=sum(line.amount for line in order.lines.all()))
    while any(line.open_quantity for line in Line.objects.filter(order=order)):
        parts = [
            str(min(line.open_quantity, Decimal(chance.randrange(1, max(2, int(line.base_quantity))))))
            for line in Line.objects.filter(order=order).order_by("position")
        ]
        taken = company.collect(order, *parts)
        if chance.random() < 0.3:
            company.take_back(taken)
        if chance.random() < 0.4 and not Statement.objects.open().exists():
            reached = company.stated(Order.objects.get(pk=order.pk))
            assert _whole(order) == worth_of(order.pk)
            if chance.random() < 0.7:
                settlement.record_answer(reached, by=company.seller, name="王小明", paper=scan())
    for statement in Statement.objects.open():
        if StatementLine.objects.filter(counts=True).count() < RecordLine.objects.exclude(quantity=0).count():
            statement = settlement.revise_statement(statement, by=company.seller)
        settlement.record_answer(statement, by=company.seller, name="王小明", paper=scan())
    fresh = Order.objects.get(pk=order.pk)
    if fresh.settled is None:
        settlement.record_answer(company.stated(fresh), by=company.seller, name="王小明", paper=scan())
    order = Order.objects.get(pk=order.pk)
    for line in order.lines.all():
        rows = StatementLine.objects.filter(line=line, counts=True)
        assert sum(row.amount for row in rows) == line.amount
        assert sum(row.tax for row in rows) == line.tax
        assert sum(row.base_quantity for row in rows) == line.base_quantity
    assert order.settled == order.total == sum(row.total for row in Statement.objects.filter(status="reconciled"))


def _whole(order: Order) -> Decimal:
    return sum((row.amount for row in StatementLine.objects.filter(line__order=order, counts=True)), Decimal(0))
