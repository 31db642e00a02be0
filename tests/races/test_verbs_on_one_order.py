"""Pairs of verbs on one order at the same moment never leave a state that neither alone would have left."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from crm import clock
from crm.actions import ACTIONS
from crm.deadlines.check import check
from crm.records.models import ActionLog
from customers.models import Customer
from orders import actions as orders
from orders.models import Allocation, Line, Order, Payment
from tests.races.conftest import at_once
from tests.world import MORNING, World


def fresh() -> Order:
    return Order.objects.get()


def do(verb: str, world: World, **inputs: Any) -> Any:
    root = world.root
    return lambda: ACTIONS[verb](fresh(), by=root, **inputs)


PAIRS = [
    # the state before, two verbs with their inputs, the states that may come of it
    ("new_order", ("orders.pass_review", {}), ("orders.send_back", {"mend": "x"}), {"reviewed", "returned"}),
    ("new_order", ("orders.pass_review", {}), ("orders.cancel_order", {"reason": "x"}), {"cancelled"}),
    ("allocated", ("orders.accept_order", {}), ("orders.pass_on_order", {}), {"accepted", "reviewed"}),
    ("allocated", ("orders.accept_order", {}), ("orders.decline_order", {"reason": "x"}), {"accepted", "reviewed"}),
    (
        "accepted",
        ("orders.confirm_order", {"channel": "phone"}),
        ("orders.cancel_order", {"reason": "x"}),
        {"cancelled"},
    ),
    ("confirmed", ("pickup.check_stock", {}), ("orders.cancel_order", {"reason": "x"}), {"ready", "cancelled"}),
]


@pytest.mark.parametrize(("before", "one", "other", "after"), PAIRS)
def test_a_pair_of_verbs(world: World, before: str, one: Any, other: Any, after: set[str]) -> None:
    getattr(world, before)()
    world.receive()
    for verb, inputs in (one, other):
        if verb == "pickup.check_stock":
            inputs["warehouse"] = world.warehouse
    with clock.at(MORNING):
        check(mend=True)  # what the company owes as a whole, such as its next order meeting
    logged = ActionLog.objects.filter(cause=None).count()
    answers = at_once(do(one[0], world, **one[1]), do(other[0], world, **other[1]))
    done = [each for each in answers if isinstance(each, Order)]
    assert done, answers
    assert fresh().status in after
    assert ActionLog.objects.filter(cause=None).count() == logged + len(done)
    with clock.at(MORNING):
        assert check() == {}  # deadlines are as the state implies


def test_one_request_key_in_eight_threads_makes_one_order(world: World) -> None:
    customer, kind, root = world.customer, world.type, world.root
    line = {"product": world.product, "quantity": Decimal(3), "unit": world.piece, "factor": Decimal(1)}
    answers = at_once(
        *[
            lambda: orders.apply_order(
                by=root,
                customer=customer,
                type=kind,
                lines=[dict(line)],
                wanted_on="2026-12-01",
                contact=None,
                key="k1",
            )
        ]
        * 8
    )
    assert {answer.pk for answer in answers} == {Order.objects.get().pk}
    assert (Line.objects.count(), ActionLog.objects.filter(verb="orders.apply_order").count()) == (1, 1)


def test_numbers_given_at_once_are_all_different(world: World) -> None:
    world.customer, world.type, world.product  # noqa: B018 - made before the threads begin
    answers = at_once(*[world.new_order] * 8)
    assert len({order.number for order in answers}) == 8


def test_payments_entered_at_once_all_count(world: World) -> None:
    world.new_order()
    root = world.root
    at_once(*[lambda: orders.enter_payment(fresh(), by=root, amount=Decimal("10.01"), again=True)] * 6)
    assert (Payment.objects.count(), fresh().paid) == (6, Decimal("60.06"))


def test_one_payment_taken_back_by_two_is_taken_back_once(world: World) -> None:
    order, root = world.new_order(), world.root
    payment = orders.enter_payment(order, by=root, amount=Decimal(100))
    answers = at_once(*[lambda: orders.reverse_payment(Payment.objects.get(pk=payment.pk), by=root, reason="x")] * 3)
    assert sorted(str(each) for each in answers if isinstance(each, str)) == ["taken_back"] * 2
    assert fresh().paid == 0


def test_of_those_who_saw_the_same_version_one_succeeds(world: World) -> None:
    order, root = world.accepted(), world.root
    answers = at_once(
        *[
            lambda day=day: orders.report_progress(fresh(), by=root, version=order.version, progress=day)
            for day in ("一", "二", "三")
        ]
    )
    assert answers.count("stale") == 2
    assert fresh().version == order.version + 1


def test_an_order_allocated_by_two_at_once_is_given_once(world: World) -> None:
    world.reviewed()
    root = world.root
    answers = at_once(*[lambda: orders.allocate_order(fresh(), by=root)] * 2)
    assert answers.count("has_it") == 1
    assert Allocation.objects.get().ended == ""


def test_a_deadlock_is_tried_again(world: World) -> None:
    """The verb waits for a row whose holder waits for the verb's order; it gives way, and is done all the same."""
    order, customer, root = world.accepted(), world.customer, world.root
    holds, verb = threading.Event(), ACTIONS["orders.report_progress"]
    waits, body = threading.Event(), verb.body
    tries: list[int] = []

    def crosswise(found: Order, **inputs: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            waits.set()
            holds.wait(10)
            Customer.objects.select_for_update().get(pk=customer.pk)
        return body(found, **inputs)

    def rival() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '10s'")  # so that it is the verb that gives way
            waits.wait(10)
            Customer.objects.select_for_update().get(pk=customer.pk)
            holds.set()
            Order.objects.select_for_update().get(pk=order.pk)

    verb.body = crosswise
    try:
        at_once(lambda: verb(fresh(), by=root, progress="一半"), rival)
    finally:
        verb.body = body
    assert len(tries) == 2
    assert fresh().progressreports.count() == 1
    assert fresh().version == order.version + 1
