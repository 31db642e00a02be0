"""The company of contracts: who sells, judges and decides, on a Monday morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Order
from tests.world import MORNING, World, scan

FORM = {
    "delivery_on": date(2026, 12, 3),
    "quality": "GB/T 7251.12",
    "technology": "喷涂",
    "capacity": "两班",
    "place": "重庆市渝北区",
    "transport": "客户自备车",
    "packing": "木箱",
    "payment_terms": "prepay",
    "payment_days": 0,
    "payment": "预付 30%",
    "other": "",
}


@dataclass
class Company:
    """The people of a review, and a contract in each state."""

    world: World
    seller: User
    support: User
    boss: User
    maker: User
    carrier: User
    cashier: User
    chief: User

    def order(self, **facts: Any) -> Order:
        """An order of the seller's that its owner has accepted."""
        order = self.world.accepted(**facts)
        Order.objects.filter(pk=order.pk).update(owner=self.seller)
        return Order.objects.get(pk=order.pk)

    def accepted(self, order: Order | None = None) -> Contract:
        return contracts.record_acceptance(
            order or self.order(), by=self.seller, accepted_by="phone", accepted_words="就按这个价"
        )

    def classified(self, kind: str = "special", order: Order | None = None) -> Contract:
        return contracts.classify_contract(self.accepted(order), by=self.support, kind=kind, class_reason="非标")

    def filled(self, kind: str = "special", order: Order | None = None, **facts: Any) -> Contract:
        return contracts.fill_in_form(self.classified(kind, order), by=self.seller, **{**FORM, **facts})

    def asked(self, kind: str = "special", order: Order | None = None) -> ApprovalRequest:
        from crm.actions import ACTIONS

        return ACTIONS["contracts.ask_pass_contract"](self.filled(kind, order), by=self.seller)

    def sign(self, user: User, opinion: str = "同意") -> Any:
        """What waits for `user` is approved by him."""
        task = Task.objects.get(approver=user, status=Task.Status.WAITING)
        return approvals.approve(task, by=user, opinion=opinion)

    def passed(self, kind: str = "regular", order: Order | None = None) -> Contract:
        request = self.asked(kind, order)
        judges = [self.boss] if kind == "regular" else [self.boss, self.maker, self.carrier, self.cashier, self.chief]
        for user in judges:
            self.sign(user)
        return Contract.objects.get(pk=request.subject_pk)

    def made(self, kind: str = "regular", order: Order | None = None) -> Contract:
        return contracts.make_contract(self.passed(kind, order), by=self.support)

    def sent(self, kind: str = "regular", order: Order | None = None) -> Contract:
        return contracts.send_contract(self.made(kind, order), by=self.seller)

    def in_force(self, kind: str = "regular", order: Order | None = None) -> Contract:
        return contracts.mark_returned(self.sent(kind, order), by=self.support, signed_on=clock.today(), scan=scan())


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def company(world: World) -> Company:
    """Everybody in his role; Alice sells, and the boss leads her."""
    chief = world.person("chief", "executive", name="周总")
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    User.objects.filter(username="boss").update(manager=chief)
    making = Department.objects.create(code="production", name="生产部")
    hauling = Department.objects.create(code="logistics", name="物流部")
    money = Department.objects.create(code="finance", name="财务部")
    return Company(
        world,
        User.objects.get(username="alice"),
        world.person("support", "sales_support"),
        User.objects.get(username="boss"),
        world.person("maker", "production", department=making),
        world.person("carrier", "logistics", department=hauling),
        world.person("cashier", "finance", department=money),
        chief,
    )
