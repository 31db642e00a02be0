"""Goods that come back, and what is taken off by agreement, on one order: each once, in either order."""

from decimal import Decimal

import pytest

from crm.accounts.models import User
from orders import actions as orders
from orders.actions.allowances import grant_allowance, reverse_allowance
from orders.exposure import owed_orders
from orders.models import Allowance, Order
from pickup.models import Pickup
from tests.returns.conftest import Yard
from tests.returns.test_money import agree, back
from tests.world import refused

D = Decimal


@pytest.fixture
def closed(yard: Yard) -> Pickup:
    """All ten pieces at 128.00 handed over, signed off and closed."""
    found = yard.world.handed_over()
    Order.objects.update(owner=yard.world.alice)
    orders.hand_in_sheet(yard.order(), by=yard.world.root)
    orders.close_order(yard.order(), by=yard.world.root)
    return found


def take_off(yard: Yard, amount: str) -> Allowance:
    system = User.objects.system("complaints")
    return grant_allowance(yard.order(), by=system, amount=D(amount), reason="划伤", reference="BC-1")


def test_what_came_back_and_what_was_taken_off_are_owed_no_more_each_once(yard: Yard, closed: Pickup) -> None:
    take_off(yard, "100.00")
    back(yard, closed, good="2")
    order = yard.order()
    assert (order.returned, order.allowance, order.due) == (D("256.00"), D("100.00"), D("924.00"))
    assert owed_orders(Order.objects.all()).get().counts == D("924.00")


def test_the_other_way_round_it_comes_to_the_same(yard: Yard, closed: Pickup) -> None:
    back(yard, closed, good="2")
    take_off(yard, "100.00")
    assert (yard.order().taken_off, yard.order().due) == (D("356.00"), D("924.00"))


def test_no_more_is_taken_off_than_what_is_left_after_a_return(yard: Yard, closed: Pickup) -> None:
    back(yard, closed, good="9")
    with refused("more_than_due"):
        take_off(yard, "128.01")
    take_off(yard, "128.00")
    assert yard.order().due == 0


def test_what_was_reconciled_counts_anew_after_both(yard: Yard, closed: Pickup) -> None:
    agree(yard)
    take_off(yard, "100.00")
    assert yard.order().due == D("1180.00")
    back(yard, closed, good="2")
    assert (yard.order().settled, yard.order().due) == (None, D("924.00"))
    agree(yard)
    assert (yard.order().settled, yard.order().due) == (D("924.00"), D("924.00"))


def test_what_is_charged_again_is_owed_beside_what_came_back(yard: Yard, closed: Pickup) -> None:
    allowance = take_off(yard, "100.00")
    back(yard, closed, good="2")
    reverse_allowance(allowance, by=User.objects.system("complaints"), reason="方案变更")
    assert yard.order().due == D("1024.00")


@pytest.mark.parametrize("reconciled", [True, False])
def test_when_all_comes_back_what_was_taken_off_goes_back_with_it(yard: Yard, closed: Pickup, reconciled: bool) -> None:
    if reconciled:
        agree(yard)
    allowance = take_off(yard, "200.00")
    receipt = back(yard, closed, good="10")
    order = yard.order()
    assert (order.returned, order.allowance, order.due) == (D("1280.00"), D("0.00"), D("0.00"))
    assert receipt.amount == D("1080.00")
    opposite = Allowance.objects.exclude(pk=allowance.pk).get()
    assert (opposite.amount, opposite.reference, opposite.reverses) == (D("-200.00"), receipt.number, None)
    statement = agree(yard)
    assert statement.total == (D("-1080.00") if reconciled else D("0.00"))
    assert (yard.order().settled, yard.order().due) == (D("0.00"), D("0.00"))


def test_of_what_was_taken_off_only_what_the_goods_cost_more_goes_back(yard: Yard, closed: Pickup) -> None:
    allowance = take_off(yard, "200.00")
    assert back(yard, closed, good="9").amount == D("1080.00")
    order = yard.order()
    assert (order.returned, order.allowance, order.due) == (D("1152.00"), D("128.00"), D("0.00"))
    with refused("goods_back"):
        reverse_allowance(allowance, by=User.objects.system("complaints"), reason="方案变更")
    assert back(yard, closed, good="1").amount == D("0.00")
    assert (yard.order().allowance, yard.order().due) == (D("0.00"), D("0.00"))
    agree(yard)
    assert yard.order().settled == D("0.00")
