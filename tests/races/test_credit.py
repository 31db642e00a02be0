"""Two orders of one customer, passed at the same moment, do not slip under one limit together."""

from datetime import date
from decimal import Decimal
from functools import partial

from crm import clock
from customers.credit import actions as credit
from customers.credit.exposure import exposure_of
from customers.credit.models import Alert, RatingChange, Standing
from customers.models import Customer
from orders import actions as orders
from orders.models import Order
from tests.races.conftest import at_once
from tests.world import MORNING, World


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
