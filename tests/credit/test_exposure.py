"""A customer's exposure is the sum of its documents, to the fen, whatever was ordered, collected and paid."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from customers.credit.exposure import OPEN, OVERDUE, OWED, PARTS, Part, exposure, exposure_of, exposures
from customers.models import Customer
from orders import actions as orders
from orders.catalog.money import fen
from orders.exposure import HAD, PENDING, RUNNING, open_orders, overdue_orders, owed_orders
from orders.models import Order
from tests.world import World

S = Order.Status
NOTHING = Decimal(0)


def written(world: World, order: Order, collected: str = "0", **facts: object) -> Order:
    """The order as a later state of its life left it."""
    order.lines.update(collected=Decimal(collected))
    Order.objects.filter(pk=order.pk).update(**facts)
    return Order.objects.get(pk=order.pk)


def by_hand(order: Order, today: date) -> tuple[Decimal, Decimal, Decimal]:
    """What counts of an order as open, owed and overdue, reckoned without the database."""
    if order.history or order.status in (*PENDING, S.CANCELLED):
        return NOTHING, NOTHING, NOTHING
    delivered = NOTHING
    for line in order.lines.all():
        whole = line.collected >= line.base_quantity
        delivered += line.amount if whole else fen(line.amount * line.collected / line.base_quantity)
    if order.settled is not None:
        delivered = order.settled
    on_account = order.payment_terms == "credit"
    running = on_account and order.status in RUNNING and order.settled is None
    is_open = max(order.total - max(delivered, order.paid), NOTHING) if running else NOTHING
    owed = max(delivered - order.paid, NOTHING)
    late = on_account and order.status in HAD and order.due_on is not None and order.due_on < today
    return is_open, owed, owed if late else NOTHING


def test_an_order_counts_from_its_review_until_it_is_paid(world: World) -> None:
    order = world.new_order("3")  # 3 x 128.00
    assert exposure_of(world.customer).total == NOTHING
    orders.pass_review(order, by=world.root)
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed, found.overdue) == (Decimal("384.00"), NOTHING, NOTHING)
    written(world, order, "1", status=S.CONFIRMED)
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed, found.total) == (Decimal("256.00"), Decimal("128.00"), Decimal("384.00"))
    orders.enter_payment(Order.objects.get(pk=order.pk), by=world.root, amount=Decimal("200.01"))
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed, found.total) == (Decimal("183.99"), NOTHING, Decimal("183.99"))
    written(world, order, "3", status=S.COLLECTED, due_on=clock.today() - timedelta(days=1))
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed, found.overdue) == (NOTHING, Decimal("183.99"), Decimal("183.99"))
    orders.enter_payment(Order.objects.get(pk=order.pk), by=world.root, amount=Decimal("183.99"))
    assert exposure_of(world.customer).total == NOTHING


def test_a_third_of_a_line_is_rounded_to_the_fen_as_the_counter_rounds_it(world: World) -> None:
    order = world.reviewed()
    order.lines.update(quantity=3, amount=Decimal("100.00"))
    written(world, order, "1", status=S.READY, total=Decimal("100.00"))
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed) == (Decimal("66.67"), Decimal("33.33"))


def test_what_is_paid_first_counts_only_where_goods_left_all_the_same(world: World) -> None:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    order = world.reviewed()
    assert exposure_of(world.customer).total == NOTHING
    written(world, order, "2", status=S.CONFIRMED)
    found = exposure_of(world.customer)
    assert (found.open_orders, found.owed, found.overdue) == (NOTHING, Decimal("256.00"), NOTHING)


def test_what_was_reconciled_takes_the_place_of_what_was_counted(world: World) -> None:
    order = written(world, world.reviewed(), "10", status=S.COLLECTED)
    assert exposure_of(world.customer).owed == Decimal("1280.00")
    written(world, order, "10", settled=Decimal("1270.55"))
    assert exposure_of(world.customer).owed == Decimal("1270.55")


def test_the_exposure_is_the_sum_of_its_documents_whatever_happens(world: World) -> None:
    chance = Random(20261122)
    customers = [world.customer, *(world.new_customer() for _each in range(3))]
    states = [each for each in S.values if each != S.DRAFT]
    for number in range(60):
        customer = chance.choice(customers)
        order = world.new_order(str(chance.randrange(1, 40)), customer=customer, draft=chance.random() < 0.1)
        line = order.lines.get()
        line.amount = Decimal(chance.randrange(1, 5_000_000)) / 100
        line.factor = chance.choice([Decimal(1), Decimal(24), Decimal("0.333")])
        line.collected = (line.base_quantity * Decimal(chance.choice([0, 0, 1, 50, 100])) / 100).quantize(
            Decimal("0.001")
        )
        line.save()
        order.total = line.amount
        order.paid = fen(line.amount * Decimal(chance.choice([0, 0, 7, 60, 100, 110])) / 100)
        order.status = chance.choice(states)
        order.payment_terms = chance.choice(["credit", "credit", "prepay", "cash"])
        order.due_on = chance.choice([None, clock.today() + timedelta(days=chance.randrange(-5, 5))])
        order.settled = order.total - 1 if number % 9 == 0 and order.total > 1 else None
        order.history = number % 17 == 0
        order.save()
    found = exposures(each.pk for each in customers)
    seen = NOTHING
    for customer in customers:
        mine = [by_hand(order, clock.today()) for order in Order.objects.filter(customer=customer)]
        sums = tuple(sum((each[place] for each in mine), NOTHING) for place in range(3))
        one = found[customer.pk]
        assert (one.open_orders, one.owed, one.overdue) == sums
        assert one.total == sums[0] + sums[1]
        assert exposure_of(customer) == one
        rows = Order.objects.filter(customer=customer)
        listed = (open_orders(rows), owed_orders(rows), overdue_orders(rows, clock.today()))
        assert tuple(sum((row.counts for row in each), NOTHING) for each in listed) == sums
        seen += one.total
    assert seen > 0 and any(each.overdue for each in found.values())


def test_many_customers_cost_as_many_queries_as_one(world: World) -> None:
    world.reviewed()
    others = [world.new_customer().pk for _each in range(5)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        exposure_of(world.customer)
    with CaptureQueriesContext(connection) as many:
        found = exposures([world.customer.pk, *others])
    assert len(one) == len(many) == len(PARTS)
    assert found[world.customer.pk].total == Decimal("1280.00") and not found[others[0]].total
    assert exposures([]) == {}


def test_a_part_that_is_declared_again_replaces_the_one_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.credit.exposure.PARTS", dict(PARTS))
    from customers.credit import exposure as module

    order = written(world, world.reviewed(), "10", status=S.COLLECTED, due_on=clock.today() - timedelta(days=1))
    assert exposure_of(world.customer).overdue == order.total
    exposure("overdue", "Overdue", order=30, kind=OVERDUE, documents=str)(lambda keys: {keys[0]: Decimal("7.00")})
    assert isinstance(module.PARTS["overdue"], Part)
    found = exposure_of(world.customer)
    assert (found.overdue, found.total) == (Decimal("7.00"), order.total)
    with pytest.raises(TypeError, match="no kind of exposure"):
        exposure("wishes", "Wishes", order=1, kind="wished", documents=str)


def test_only_the_kinds_that_are_asked_for_are_reckoned(world: World) -> None:
    written(world, world.reviewed(), "4", status=S.CONFIRMED)
    assert exposure_of(world.customer, (OWED,)).total == Decimal("512.00")
    assert exposure_of(world.customer, (OPEN,)).total == Decimal("768.00")
    assert exposure_of(Customer.objects.get(pk=world.customer.pk)).total == Decimal("1280.00")
