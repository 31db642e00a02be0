"""The counter's verdict: each obstacle's code, colour and finality (P7)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm import clock
from customers import actions as customers
from orders import actions as orders
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.verdict import verdict, worth
from tests.world import HANDED, MORNING, World, shanghai


def seen(row: Pickup) -> list[tuple[str, str, bool]]:
    return [(each.code, each.colour, each.final) for each in verdict(Pickup.objects.get(pk=row.pk)).obstacles]


def colour(row: Pickup) -> str:
    return verdict(Pickup.objects.get(pk=row.pk)).colour


def prepaid(world: World) -> Pickup:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    return world.notified()


def test_told_in_its_window_on_account_is_green(world: World) -> None:
    told = world.notified()
    assert (colour(told), seen(told)) == ("green", [])


@pytest.mark.parametrize(("minutes", "expected"), [(-31, "amber"), (-30, "green"), (150, "green"), (151, "amber")])
def test_half_an_hour_before_and_after_the_window_is_green_still(world: World, minutes: int, expected: str) -> None:
    told = world.notified()  # from 10:00 to 12:00
    with clock.at(shanghai(23, 10) + timedelta(minutes=minutes)):
        assert colour(told) == expected
        assert seen(told) == ([("wrong_window", "amber", False)] if expected == "amber" else [])


def test_a_suspended_customer_is_red_but_not_for_good(world: World) -> None:
    told = world.notified()
    customers.suspend_supply(world.customer, by=world.root, reason="逾期 30 天")
    assert (colour(told), seen(told)) == ("red", [("suspended", "red", False)])
    assert "逾期 30 天" in verdict(told).obstacles[0].sentence
    customers.resume_supply(world.customer, by=world.root, reason="已付清")
    assert colour(told) == "green"


def test_prepaid_goods_that_are_not_paid_are_red_and_say_how_much(world: World) -> None:
    told = prepaid(world)
    assert seen(told) == [("unpaid", "red", False)]
    orders.enter_payment(told.order, by=world.root, amount=Decimal("1279.99"))
    assert "0.01" in verdict(Pickup.objects.get()).obstacles[0].sentence
    orders.enter_payment(told.order, by=world.root, amount=Decimal("0.01"))
    assert colour(told) == "green"


def test_cash_is_to_be_paid_before_the_goods_leave_too(world: World) -> None:
    world.customer.payment_terms = "cash"
    world.customer.save()
    assert seen(world.notified()) == [("unpaid", "red", False)]


def test_a_payment_that_is_taken_back_makes_it_red_again(world: World) -> None:
    told = prepaid(world)
    payment = orders.enter_payment(told.order, by=world.root, amount=Decimal(1280))
    assert colour(told) == "green"
    orders.reverse_payment(payment, by=world.root, reason="录错")
    assert colour(told) == "red"


def test_a_prepaid_order_pays_only_for_what_can_leave(world: World) -> None:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    world.receive("3")
    order = pickup.take_part(world.short(), by=world.root, warehouse=world.warehouse, agreed="电话")
    told = pickup.plan_pickup(order, by=world.root, window=world.window())
    assert worth(told) == Decimal("384.00")  # three of ten pieces of 1,280.00
    orders.enter_payment(order, by=world.root, amount=Decimal(384))
    assert colour(told) == "green"


def test_what_is_worth_a_part_is_rounded_half_up_to_the_fen(world: World) -> None:
    world.receive("1")
    order = world.short()
    order.lines.update(quantity=8, amount=Decimal("100.20"))  # an eighth is 12.525
    pickup.take_part(order, by=world.root, warehouse=world.warehouse, agreed="电话")
    assert worth(pickup.plan_pickup(order, by=world.root, window=world.window())) == Decimal("12.53")


def test_several_obstacles_are_all_named_and_the_worst_gives_the_colour(world: World) -> None:
    told = prepaid(world)
    customers.suspend_supply(world.customer, by=world.root, reason="x")
    with clock.at(shanghai(23, 15)):
        assert seen(told) == [
            ("suspended", "red", False),
            ("unpaid", "red", False),
            ("wrong_window", "amber", False),
        ]
        assert colour(told) == "red"


def test_a_missed_pickup_is_red_but_not_for_good(world: World) -> None:
    told = pickup.miss_pickup(world.notified(), by=world.root)
    assert seen(told) == [("missed", "red", False)]


def test_a_used_code_is_red_for_good_and_says_when_and_by_whom(world: World) -> None:
    told = world.notified()
    with clock.at(shanghai(23, 10, 5)):
        pickup.hand_over(told, by=world.root, identity="id_seen", collector="王小明")
    found = verdict(Pickup.objects.get())
    assert [(each.code, each.final) for each in found.obstacles] == [("used", True)]
    assert found.obstacles[0].sentence == "Handed over already: 2026-11-23 10:05 (Mon), by 根 to 王小明."


def test_a_cancelled_pickup_is_red_for_good_and_names_whom_to_call(world: World) -> None:
    told = pickup.cancel_pickup(world.notified(), by=world.root, reason="x")
    assert seen(told) == [("cancelled", "red", True)]
    assert verdict(told).obstacles[0].remedy == "Call 根."


def test_a_pickup_whose_handover_was_taken_back_is_red_for_good(world: World) -> None:
    told = world.notified()
    pickup.hand_over(told, by=world.root, **HANDED)
    pickup.reverse_handover(told, by=world.root, reason="x")
    assert seen(told) == [("reversed", "red", True)]


def test_nothing_reserved_is_red_for_good(world: World) -> None:
    told = world.notified()
    from pickup.stock import ledger

    ledger.release(told.order)
    assert seen(told) == [("nothing_reserved", "red", True)]


def test_the_gate_asks_the_same_question_as_the_screen(world: World) -> None:
    told = prepaid(world)
    assert pickup.hand_over.refusal(told, world.root).code == "unpaid"
    assert pickup.hand_over_anyway.refusal(told, world.root) is None
    Order.objects.update(paid=1280)
    told = Pickup.objects.get()
    assert pickup.hand_over.refusal(told, world.root) is None
    assert pickup.hand_over_anyway.refusal(told, world.root).code == "nothing_to_override"


def test_the_world_of_these_tests_is_at_the_counter_in_time(world: World) -> None:
    assert world.window().starts_at - MORNING == timedelta(minutes=30)
