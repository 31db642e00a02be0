"""An override: a right of its own, a reason, and a record of what was let pass (P7)."""

from datetime import date
from decimal import Decimal

from crm import clock
from customers import actions as customers
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.world import HANDED, ID_NUMBER, World, refused, shanghai


def unpaid(world: World) -> Pickup:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    return world.notified()


def test_with_a_reason_the_goods_leave_and_what_stood_in_the_way_is_kept(world: World) -> None:
    told = unpaid(world)
    customers.suspend_supply(world.customer, by=world.root, reason="x")
    with clock.at(shanghai(23, 16)):
        record = pickup.hand_over_anyway(told, by=world.root, override="经理张总同意", **HANDED)
    assert record.override == "经理张总同意"
    assert record.overridden == ["suspended", "unpaid", "wrong_window"]
    assert Order.objects.get().status == Order.Status.COLLECTED


def test_a_clerk_may_not_override(world: World) -> None:
    told = unpaid(world)
    clerk = world.clerk
    with refused("forbidden"):
        pickup.hand_over_anyway(told, by=clerk, override="客户着急", **HANDED)
    with refused("unpaid"):
        pickup.hand_over(told, by=clerk, **HANDED)


def test_a_supervisor_may_override_but_not_hand_over_as_usual(world: World) -> None:
    told = unpaid(world)
    supervisor = world.person("supervisor", "supervisor")
    with refused("forbidden"):
        pickup.hand_over(told, by=supervisor, **HANDED)
    assert pickup.hand_over_anyway(told, by=supervisor, override="已电话确认", **HANDED).clerk == supervisor


def test_without_anything_in_the_way_there_is_nothing_to_override(world: World) -> None:
    told = world.notified()
    with refused("nothing_to_override"):
        pickup.hand_over_anyway(told, by=world.root, override="x", **HANDED)


def test_what_is_final_nobody_overrides(world: World) -> None:
    told = world.notified()
    pickup.hand_over(told, by=world.root, **HANDED)
    told = Pickup.objects.get()
    with refused("wrong_state"):
        pickup.hand_over_anyway(told, by=world.root, override="x", **HANDED)


def test_goods_that_are_not_reserved_nobody_overrides(world: World) -> None:
    told = world.notified()
    from pickup.stock import ledger

    ledger.release(told.order)
    with refused("nothing_reserved"):
        pickup.hand_over_anyway(told, by=world.root, override="x", **HANDED)


def test_a_letter_that_has_run_out_can_be_overridden_and_is_named(world: World) -> None:
    told = world.notified()
    authority = pickup.add_authority(
        world.customer, by=world.root, person="赵四", id_number=ID_NUMBER, valid_until=date(2026, 11, 23)
    )
    given = {"identity": "id_compared", "authority": authority, "id_number": ID_NUMBER}
    with clock.at(shanghai(24, 10)):
        record = pickup.hand_over_anyway(told, by=world.root, override="新委托书在路上", **given)
    assert record.overridden == ["wrong_window", "authority_expired"]


def test_the_wrong_person_nobody_overrides(world: World) -> None:
    told = unpaid(world)
    authority = pickup.add_authority(
        world.customer, by=world.root, person="赵四", id_number=ID_NUMBER, valid_until=date(2026, 11, 23)
    )
    given = {"identity": "id_compared", "authority": authority, "id_number": "440524188001010014"}
    with refused("wrong_person"):
        pickup.hand_over_anyway(told, by=world.root, override="x", **given)


def test_an_override_reserves_nothing_more_than_there_was(world: World) -> None:
    told = unpaid(world)
    line = {"line": told.order.lines.get(), "quantity": Decimal(11), "difference": "多给"}
    with refused("not_reserved"):
        pickup.hand_over_anyway(told, by=world.root, override="x", lines=[line], **HANDED)
