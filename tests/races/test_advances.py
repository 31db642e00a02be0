"""Several at the counter, at the desk and at the till at once: the ceiling of an advance is never passed."""

from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.accounts.models import User
from orders import actions as orders
from orders.advances import actions as advances
from orders.advances.models import Advance, AdvanceUse
from orders.leaving import worth_of
from orders.models import Order, Payment
from pickup import actions as pickup
from pickup.models import Pickup, Record
from tests.advances.conftest import FORM, Company, company_of
from tests.races.conftest import at_once
from tests.world import HANDED, World

S = Advance.Status


@pytest.fixture
def company(world: World) -> Company:
    cache.clear()
    return company_of(world)


def fresh(advance: Advance) -> Advance:
    return Advance.objects.get(pk=advance.pk)


def sound(advance: Advance) -> None:
    """What has left is at most what was paid and released, and the uses say how much of it was the advance's."""
    order = Order.objects.get(pk=advance.order_id)
    beyond = max(worth_of(order.pk) - order.paid, Decimal(0))
    assert beyond <= advance.ceiling
    assert sum(each.amount for each in AdvanceUse.objects.all()) == beyond


def test_of_two_clerks_one_uses_the_advance_and_it_is_used_once(company: Company) -> None:
    advance = company.granted(company.order(goods="5"), ceiling=Decimal("140.00"))
    found, root = company.told(advance.order), company.world.root
    answers = at_once(*[lambda: pickup.hand_over(Pickup.objects.get(pk=found.pk), by=root, **HANDED)] * 4)
    assert sorted(map(str, answers)) == ["PR2026-000001", "used", "used", "used"]
    assert AdvanceUse.objects.count() == Record.objects.count() == 1
    sound(advance)


def test_two_pickups_of_one_order_at_two_counters_together_stay_below_the_ceiling(company: Company) -> None:
    """The second customer's car came without his window: both clerks have a pickup of the same order before them."""
    order = company.order(goods="5")
    advance = company.granted(order, ceiling=Decimal("200.00"))
    first, root, world = company.told(order), company.world.root, company.world
    Pickup.objects.filter(pk=first.pk).update(status=Pickup.Status.MISSED)
    second = company.told(order)
    world.receive("5", batch="B2")
    answers = at_once(
        lambda: pickup.hand_over_anyway(Pickup.objects.get(pk=first.pk), by=root, override="到了", **HANDED),
        lambda: pickup.hand_over(Pickup.objects.get(pk=second.pk), by=root, **HANDED),
    )
    assert len([each for each in answers if isinstance(each, Record)]) == 1, answers
    sound(advance)


def test_handing_over_and_revoking(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    found, root, cashier = company.told(advance.order), company.world.root, company.cashier
    one, other = at_once(
        lambda: pickup.hand_over(Pickup.objects.get(pk=found.pk), by=root, **HANDED),
        lambda: advances.revoke_advance(fresh(advance), by=cashier, reason="客户涉诉"),
    )
    assert isinstance(other, Advance)
    assert one == "unpaid" or isinstance(one, Record)
    assert AdvanceUse.objects.count() == Record.objects.count() == (0 if one == "unpaid" else 1)
    assert fresh(advance).status == S.REVOKED


def test_handing_over_and_taking_the_payment_back(company: Company) -> None:
    order = company.order(goods="5", paid="0")
    payment = company.pay(order, "500.00")
    advance = company.granted(order, ceiling=Decimal("200.00"))
    found, root = company.told(order), company.world.root
    one, other = at_once(
        lambda: pickup.hand_over(Pickup.objects.get(pk=found.pk), by=root, **HANDED),
        lambda: orders.reverse_payment(Payment.objects.get(pk=payment.pk), by=root, reason="x"),
    )
    assert isinstance(other, Payment)
    assert one == "unpaid" or isinstance(one, Record)
    assert sum(each.amount for each in AdvanceUse.objects.all()) == (0 if one == "unpaid" else Decimal("140.00"))
    assert fresh(advance).status == S.GRANTED


def test_the_money_comes_as_the_clock_breaks_the_promise(company: Company) -> None:
    advance = company.used()
    root, clock_user = company.world.root, User.objects.system("clock")
    at_once(
        lambda: orders.enter_payment(Order.objects.get(), by=root, amount=Decimal("140.00")),
        lambda: advances.break_promise(fresh(advance), by=clock_user),
    )
    done = fresh(advance)
    assert done.status == S.SETTLED and done.settled_at is not None


def test_of_two_applications_at_once_one_is_written(company: Company) -> None:
    order, seller = company.order(), company.seller
    answers = at_once(*[lambda: advances.apply_advance(Order.objects.get(pk=order.pk), by=seller, **FORM)] * 3)
    assert sorted(str(each) for each in answers) == ["AD2026-000001", "advance_open", "advance_open"]
    assert Advance.objects.count() == 1
