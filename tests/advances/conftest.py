"""A company whose customer pays first: who sells, decides, pays and hands over, on a Monday morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from orders import actions as orders
from orders.advances import actions as advances
from orders.advances.models import Advance
from orders.models import Order, Payment
from pickup import actions as pickup
from pickup.models import Pickup
from tests.world import HANDED, MORNING, World

# The order of every test: ten pieces at 128.00, so 1,280.00 in all.
FORM = {
    "ceiling": Decimal("500.00"),
    "expires_on": date(2026, 12, 1),
    "promised_on": date(2026, 12, 4),
    "situation": "合作三年，回款正常，财务月底结账。",
    "why": "工地停工待料。",
}


@dataclass
class Company:
    """The people concerned, and an advance in each state."""

    world: World
    seller: User
    boss: User
    cashier: User
    chief: User

    def order(self, paid: str = "500.00", goods: str = "10", quantity: str = "10") -> Order:
        """An order of the seller's, so much of it paid and so many pieces ready."""
        self.world.receive(goods)
        order = self.world.confirmed(quantity=quantity)
        Order.objects.filter(pk=order.pk).update(owner=self.seller, department=self.world.sales)
        if Decimal(paid):
            self.pay(order, paid)
        self.check(order)
        return Order.objects.get(pk=order.pk)

    def check(self, order: Order) -> None:
        """Reserve what is there."""
        place = self.world.warehouse
        found = pickup.check_stock(Order.objects.get(pk=order.pk), by=self.world.root, warehouse=place)
        if found.status == Order.Status.SHORT:
            pickup.take_part(found, by=self.world.root, warehouse=place, agreed="先提一部分")

    def pay(self, order: Order, amount: str) -> Payment:
        fresh = Order.objects.get(pk=order.pk)
        return orders.enter_payment(fresh, by=self.world.root, amount=Decimal(amount))

    def applied(self, order: Order | None = None, **facts: Any) -> Advance:
        order = order or self.order()
        return advances.apply_advance(Order.objects.get(pk=order.pk), by=self.seller, **{**FORM, **facts})

    def asked(self, advance: Advance) -> ApprovalRequest:
        return ACTIONS["advances.ask_grant_advance"](Advance.objects.get(pk=advance.pk), by=self.seller)

    def sign(self, *people: User) -> None:
        """Each of them, in turn, approves what waits for him."""
        for user in people:
            task = Task.objects.get(approver=user, status=Task.Status.WAITING)
            approvals.approve(task, by=user, opinion="同意")

    def granted(self, order: Order | None = None, **facts: Any) -> Advance:
        advance = self.applied(order, **facts)
        self.asked(advance)
        self.sign(self.boss, self.cashier)
        return Advance.objects.get(pk=advance.pk)

    def told(self, order: Order) -> Pickup:
        """A pickup of what is reserved, of which the customer knows."""
        fresh = Order.objects.get(pk=order.pk)
        return pickup.plan_pickup(fresh, by=self.world.root, window=self.world.window(), notify=True)

    def hand_over(self, order: Order, **facts: Any) -> Any:
        """What is reserved leaves; answers the record."""
        found = Pickup.objects.get(pk=self.told(order).pk)
        return pickup.hand_over(found, by=self.world.root, **{**HANDED, **facts})

    def used(self) -> Advance:
        """Under it five pieces more than were paid have left, worth 140.00 beyond the 500.00 that were paid."""
        advance = self.granted(self.order(goods="5"))
        self.hand_over(advance.order)
        return Advance.objects.get(pk=advance.pk)

    def broken(self) -> Advance:
        """The promised day is over, and the money did not come."""
        advance = self.used()
        with clock.at(MORNING.replace(month=12, day=5, hour=0, minute=1)):
            advances.break_promise(advance, by=User.objects.system("clock"))
        return Advance.objects.get(pk=advance.pk)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def company(world: World) -> Company:
    """Everybody in his role; Alice sells, and the boss leads her."""
    return company_of(world)


def company_of(world: World) -> Company:
    """The company around a world that is there."""
    chief = world.person("chief", "executive", name="周总")
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    User.objects.filter(username="boss").update(manager=chief)
    money = Department.objects.create(code="finance", name="财务部")
    world.customer.payment_terms = "prepay"
    world.customer.save()
    cashier = world.person("cashier", "finance", department=money)
    return Company(world, User.objects.get(username="alice"), User.objects.get(username="boss"), cashier, chief)
