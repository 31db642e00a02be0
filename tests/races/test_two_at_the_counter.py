"""Two clerks, one pickup: exactly one succeeds, one record is written, the goods move once (P7)."""

from decimal import Decimal

import pytest

from customers import actions as customers
from orders import actions as orders
from orders.models import Line, Order, Payment
from pickup import actions as pickup
from pickup.models import Authority, Pickup, Record
from pickup.stock import actions as stock
from pickup.stock import ledger
from pickup.stock.models import Movement, Reservation, Stock
from tests.api.conftest import Api
from tests.races.conftest import at_once
from tests.world import HANDED, ID_NUMBER, SIGNATURE, World

SIGNED = {**HANDED, "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}


def sound() -> None:
    """Stock is the sum of its movements, reserved is what is reserved, collected is what was handed over."""
    assert ledger.disagreements() == []
    row = Stock.objects.get()
    reserved = sum(each.quantity for each in Reservation.objects.all())
    assert row.reserved == reserved <= row.quantity
    for line in Line.objects.all():
        moved = sum(each.quantity for each in Movement.objects.filter(line=line))
        assert line.collected == -moved


def fresh(told: Pickup) -> Pickup:
    return Pickup.objects.get(pk=told.pk)


@pytest.mark.parametrize("clerks", [2, 6])
def test_of_clerks_with_the_same_code_one_succeeds(world: World, clerks: int) -> None:
    told, root = world.notified(), world.root
    answers = at_once(*[lambda: pickup.hand_over(fresh(told), by=root, **HANDED)] * clerks)
    assert sorted(map(str, answers)) == ["PR2026-000001"] + ["used"] * (clerks - 1)
    assert Record.objects.count() == 1
    assert Movement.objects.filter(kind="handover").count() == 1
    assert (Stock.objects.get().quantity, Order.objects.get().status) == (Decimal(90), "collected")
    sound()


def test_of_two_clerks_who_hand_over_the_last_pieces_by_rest_one_succeeds(world: World) -> None:
    world.receive("10")
    order = pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    told = pickup.send_notice(pickup.plan_pickup(order, by=world.root, window=world.window()), by=world.root)
    other = world.person("other", "counter")
    world.warehouse.clerks.add(other)
    doors = [Api(world.clerk), Api(other)]
    path = f"pickups/{told.pk}/pickup.hand_over/"
    answers = at_once(*[lambda api=api: api.post(path, SIGNED) for api in doors])
    assert sorted(each.status_code for each in answers) == [201, 409]
    [refused] = [each.json() for each in answers if each.status_code == 409]
    assert refused["error"]["code"] == "used"
    assert (Record.objects.count(), Movement.objects.filter(kind="handover").count()) == (1, 1)
    assert (Stock.objects.get().quantity, Order.objects.get().status) == (Decimal(0), "collected")
    sound()


def test_two_clerks_with_one_idempotency_key_by_rest_hand_over_once_and_are_answered_the_same(world: World) -> None:
    told, other = world.notified(), world.person("other", "counter")
    world.warehouse.clerks.add(other)
    doors = [Api(world.clerk), Api(other)]
    path = f"pickups/{told.pk}/pickup.hand_over/"
    answers = at_once(*[lambda api=api: api.post(path, SIGNED, key="device-7") for api in doors])
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Record.objects.count() == Movement.objects.filter(kind="handover").count() == 1
    sound()


def test_the_same_device_that_sends_again_is_answered_the_same(world: World) -> None:
    told, root = world.notified(), world.root
    answers = at_once(*[lambda: pickup.hand_over(fresh(told), by=root, key="device-7", **HANDED)] * 8)
    assert {str(each) for each in answers} == {"PR2026-000001"}
    assert Record.objects.count() == 1
    sound()


def test_of_two_who_take_it_back_one_succeeds(world: World) -> None:
    told, root = world.handed_over(), world.root
    answers = at_once(*[lambda: pickup.reverse_handover(fresh(told), by=root, reason="x")] * 2)
    assert sorted(map(str, answers)) == ["PR2026-000002", "wrong_state"]
    assert Stock.objects.get().quantity == Decimal(100)
    sound()


def test_handing_over_and_cancelling_the_pickup(world: World) -> None:
    told, root = world.notified(), world.root
    one, other = at_once(
        lambda: pickup.hand_over(fresh(told), by=root, **HANDED),
        lambda: pickup.cancel_pickup(fresh(told), by=root, reason="x"),
    )
    if fresh(told).status == "cancelled":
        assert one == "cancelled" and not Record.objects.exists()
    else:
        assert other == "wrong_state" and Record.objects.count() == 1
    sound()


def test_handing_over_and_calling_the_order_off(world: World) -> None:
    told, root = world.notified(), world.root
    one, other = at_once(
        lambda: pickup.hand_over(fresh(told), by=root, **HANDED),
        lambda: pickup.call_off(Order.objects.get(), by=root, reason="x"),
    )
    order = Order.objects.get()
    assert (order.status, isinstance(one, Record), isinstance(other, Order)) in [
        ("collected", True, False),
        ("cancelled", False, True),
    ]
    assert not Reservation.objects.exists()
    sound()


def test_handing_over_and_suspending_the_customer(world: World) -> None:
    told, root = world.notified(), world.root
    customer = type(world.customer).objects.get()
    one, _other = at_once(
        lambda: pickup.hand_over(fresh(told), by=root, **HANDED),
        lambda: customers.suspend_supply(customer, by=root, reason="x"),
    )
    customer.refresh_from_db()
    assert customer.supply_suspended
    assert (fresh(told).status == "handed_over") == isinstance(one, Record)
    assert one == "suspended" or isinstance(one, Record)
    sound()


def test_handing_over_and_taking_the_payment_back(world: World) -> None:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    told, root = world.notified(), world.root
    payment = orders.enter_payment(told.order, by=root, amount=Decimal(1280))
    one, other = at_once(
        lambda: pickup.hand_over(fresh(told), by=root, **HANDED),
        lambda: orders.reverse_payment(Payment.objects.get(pk=payment.pk), by=root, reason="x"),
    )
    assert isinstance(other, Payment)
    assert one == "unpaid" or isinstance(one, Record)
    assert Order.objects.get().paid == 0
    sound()


def test_handing_over_and_revoking_the_letter(world: World) -> None:
    told, root = world.notified(), world.root
    authority = pickup.add_authority(
        world.customer, by=root, person="赵四", id_number=ID_NUMBER, valid_until="2026-11-30"
    )
    authority = Authority.objects.get(pk=authority.pk)
    one, _other = at_once(
        lambda: pickup.hand_over(
            fresh(told), by=root, identity="id_compared", authority=Authority.objects.get(), id_number=ID_NUMBER
        ),
        lambda: pickup.revoke_authority(authority, by=root, reason="x"),
    )
    assert one == "authority_revoked" or isinstance(one, Record)
    assert Authority.objects.get().status == "revoked"
    sound()


def test_handing_over_and_counting_the_stock(world: World) -> None:
    told, root = world.notified(), world.root
    line = {"product": world.product, "quantity": Decimal(90), "batch": "B1"}
    at_once(
        lambda: pickup.hand_over(fresh(told), by=root, **HANDED),
        lambda: stock.count_stock(by=root, warehouse=world.warehouse, reason="盘点", lines=[line]),
    )
    assert Stock.objects.get().quantity in (Decimal(90), Decimal(80))
    sound()
