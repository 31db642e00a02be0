"""A company that rates its customers: four ratings, those who assess and those who decide, on a Monday morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from customers.credit import actions as credit
from customers.credit.models import Assessment
from customers.models import Customer
from tests.world import MORNING, World

GOOD = {
    "operations_score": 75,
    "operations": "经营十年，三家门店",
    "finances_score": 75,
    "finances": "资产负债率 40%",
    "payment_score": 75,
    "payment": "两年内逾期一次",
}


def judged(**facts: Any) -> dict[str, Any]:
    """What an assessment says; it gives the rating B unless `facts` say otherwise."""
    return {**GOOD, **facts}


@dataclass
class Company:
    """Alice sells to a customer of hers, two people of finance and the general manager decide."""

    world: World
    seller: User
    cashier: User
    second: User
    chief: User
    customer: Customer

    def assessed(self, customer: Customer | None = None, **facts: Any) -> Assessment:
        return credit.assess_customer(customer or self.customer, by=self.seller, **judged(**facts))

    def ask(self, assessment: Assessment, by: User | None = None) -> ApprovalRequest:
        return ACTIONS["credit.ask_put_in_force"](assessment, by=by or self.seller)

    def agree(self, user: User) -> None:
        """What waits for `user` is approved by him."""
        approvals.approve(Task.objects.get(approver=user, status=Task.Status.WAITING), by=user, opinion="同意")

    def in_force(self, customer: Customer | None = None, **facts: Any) -> Assessment:
        assessment = self.assessed(customer, **facts)
        self.ask(assessment)
        self.agree(self.cashier)
        return Assessment.objects.get(pk=assessment.pk)


@pytest.fixture
def monday() -> Iterator[None]:
    """It is Monday morning, and nothing is kept of another test."""
    cache.clear()
    with clock.at(MORNING):
        yield


@pytest.fixture
def world(db: None, monday: None) -> World:
    return World()


@pytest.fixture
def company(world: World) -> Company:
    """The four usual ratings, and the people concerned."""
    chief = world.person("chief", "executive", name="周总")
    money = Department.objects.create(code="finance", name="财务部")
    cashier = world.person("cashier", "finance", department=money, manager=chief)
    second = world.person("second", "finance", department=money, manager=chief)
    customer = world.customer
    Customer.objects.filter(pk=customer.pk).update(owner=world.alice)
    credit.set_up_ratings(by=world.root)
    return Company(world, world.alice, cashier, second, chief, Customer.objects.get(pk=customer.pk))
