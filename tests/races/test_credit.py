"""Two orders of one customer, passed at the same moment, do not slip under one limit together."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from crm import clock
from customers.credit import actions as credit
from customers.credit.exposure import exposure_of
from customers.credit.models import Alert, RatingChange, Standing
from customers.models import Customer
from orders import actions as orders
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.stock.models import Movement
from tests.races.conftest import at_once
from tests.world import HANDED, MORNING, World


def rated(world: World, limit: str) -> Customer:
    """The world's customer, trusted with so much."""
    credit.set_up_ratings(by=world.root)
    facts = {"rating": "B", "limit": Decimal(limit), "valid_until": date(2026, 12, 31)}
    Standing.objects.create(customer=world.customer, **facts)
    return world.customer


def test_of_two_orders_one_passes(world: World) -> None:
    customer = rated(world, "2559.99")
    both = [world.new_order().pk, world.new_order().pk]  # 1,280.00 each
    root = world.root
    answers = at_once(*(partial(orders.pass_review, Order.objects.get(pk=pk), by=root) for pk in both))
    assert sorted(str(type(each).__name__) for each in answers) == ["Order", "str"]
    assert "findings" in answers
    assert sorted(Order.objects.values_list("status", flat=True)) == ["reviewed", "submitted"]
    assert exposure_of(customer).total == Decimal("1280.00")


def test_where_there_is_room_for_both_both_pass(world: World) -> None:
    customer = rated(world, "2560.00")
    both = [world.new_order().pk, world.new_order().pk]
    root = world.root
    answers = at_once(*(partial(orders.pass_review, Order.objects.get(pk=pk), by=root) for pk in both))
    assert [each.status for each in answers] == ["reviewed", "reviewed"]
    assert exposure_of(customer).total == Decimal("2560.00")


def test_an_order_passed_while_the_rating_falls_is_judged_by_what_holds(world: World) -> None:
    customer = rated(world, "1280.00")
    order, root = world.new_order(), world.root
    answers = at_once(
        partial(orders.pass_review, Order.objects.get(pk=order.pk), by=root),
        partial(credit.lower_rating, customer, by=root, reason="退票"),
        partial(credit.lower_rating, Customer.objects.get(pk=customer.pk), by=root, reason="又退票"),
    )
    assert not [each for each in answers[1:] if isinstance(each, str)]
    with clock.at(MORNING):
        standing = Standing.objects.get()
        assert (standing.rating, standing.limit) == ("D", Decimal("0.00"))
        steps = [str(each) for each in RatingChange.objects.order_by("pk")]
        assert steps == ["B → C", "C → D"]
        assert Alert.objects.filter(sign="lowered").count() == 1
    status = Order.objects.get(pk=order.pk).status
    assert status == ("submitted" if answers[0] == "findings" else "reviewed")


def brought(world: World, order: Order) -> Callable[[], Any]:
    """Its goods are brought to the customer."""
    facts = {"place": "成都市", "receiver": "赵四", "prepared": ["packaging", "documents", "transport"]}
    return lambda: pickup.deliver_order(Order.objects.get(pk=order.pk), by=world.root, at=MORNING, **facts)


def collected(world: World, order: Order) -> Callable[[], Any]:
    """Its goods are handed over at the counter."""
    planned = pickup.plan_pickup(order, by=world.root, window=world.window())
    return lambda: pickup.hand_over(Pickup.objects.get(pk=planned.pk), by=world.root, **HANDED)


@pytest.mark.parametrize(("way", "facts"), [(collected, {}), (brought, {"fulfilment": "delivery", "place": "成都市"})])
@pytest.mark.parametrize(("limit", "leave"), [("2559.99", 1), ("2560.00", 2)])
def test_goods_of_two_orders_do_not_slip_under_one_limit(
    world: World, way: Callable[..., Callable[[], Any]], facts: dict[str, str], limit: str, leave: int
) -> None:
    customer = rated(world, "2560.00")
    calls = [way(world, world.ready(**facts)) for _each in range(2)]  # 1,280.00 each
    Standing.objects.update(limit=Decimal(limit))
    answers = at_once(*calls)
    assert answers.count("credit") == 2 - leave
    assert [each for each in answers if isinstance(each, str)] == ["credit"] * (2 - leave)
    assert exposure_of(customer).owed == 1280 * leave
    assert Movement.objects.filter(kind="handover").count() == leave
