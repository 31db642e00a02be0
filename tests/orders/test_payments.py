"""Payments: entered by finance, taken back by their opposite; both stay (JD 7.1)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from orders import actions as orders
from orders.catalog.money import MOST
from orders.forms import PaymentForm
from orders.models import Order, Payment
from tests.world import World, nothing_moves, refused


def test_payments_add_up(world: World) -> None:
    order = world.new_order()
    for amount in ("1000.00", "280.00"):
        orders.enter_payment(order, by=world.root, amount=Decimal(amount), method="wechat", reference="回单 1")
    order.refresh_from_db()
    assert (order.paid, order.open_amount) == (Decimal("1280.00"), Decimal("0.00"))
    assert [payment.amount for payment in Payment.objects.order_by("pk")] == [Decimal(1000), Decimal(280)]


def test_one_that_is_taken_back_is_followed_by_its_opposite(world: World) -> None:
    order = world.new_order()
    first = orders.enter_payment(order, by=world.root, amount=Decimal("99.99"))
    opposite = orders.reverse_payment(first, by=world.root, reason="录错客户")
    order.refresh_from_db()
    assert order.paid == 0
    assert (opposite.amount, opposite.reverses, opposite.reference) == (Decimal("-99.99"), first, "录错客户")
    assert Payment.objects.count() == 2


def test_neither_of_the_two_is_taken_back_again(world: World) -> None:
    first = orders.enter_payment(world.new_order(), by=world.root, amount=Decimal(1))
    opposite, root = orders.reverse_payment(first, by=world.root, reason="x"), world.root
    for payment in (first, opposite):
        with refused("taken_back"):
            orders.reverse_payment(payment, by=root, reason="x")


def test_a_draft_is_not_paid(world: World) -> None:
    order, root = world.new_order(draft=True), world.root
    with refused("not_to_be_paid"):
        orders.enter_payment(order, by=root, amount=Decimal(1))


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("-5")])
def test_a_payment_is_more_than_nothing(world: World, amount: Decimal) -> None:
    order, root = world.new_order(), world.root
    with refused("payment_is_positive"):
        orders.enter_payment(order, by=root, amount=amount)


def test_more_than_can_be_written_down_is_refused_at_the_amount(world: World) -> None:
    order, root = world.new_order(), world.root
    orders.enter_payment(order, by=root, amount=MOST - 1)
    with nothing_moves(), pytest.raises(ValidationError) as caught:
        orders.enter_payment(order, by=root, amount=Decimal("1.01"))
    assert list(caught.value.message_dict) == ["amount"]
    assert orders.enter_payment(order, by=root, amount=Decimal(1)).order.paid == MOST


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "1", "received_on": "2026-11-24"}, "received_on"),
        ({"amount": "1.234", "received_on": "2026-11-23"}, "amount"),
        ({"amount": "", "received_on": "2026-11-23"}, "amount"),
        ({"amount": "-1", "received_on": "2026-11-23"}, "amount"),
        ({"amount": "1", "received_on": "2026-11-23", "method": "gold"}, "method"),
    ],
)
def test_a_payment_that_cannot_be(world: World, given: dict[str, Any], field: str) -> None:
    form = PaymentForm({"method": "transfer", **given}, by=world.root, obj=world.new_order())
    assert list(form.problems()) == [field]


def test_sales_enter_no_payments_and_finance_does(world: World) -> None:
    order, alice = world.new_order(), world.alice
    Order.objects.update(owner=alice)
    with refused("forbidden"):
        orders.enter_payment(order, by=alice, amount=Decimal(1))
    finance = world.person("finance", "finance")
    assert orders.enter_payment(order, by=finance, amount=Decimal(1), received_on=date(2026, 11, 20)).pk
