"""Samples and quotations in each state, on a Monday morning; Alice sells, the boss leads her, the maker makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from customers.models import Customer
from orders.quotations import actions as verbs
from orders.quotations.models import Quotation, Sample
from tests.world import MORNING, World


@dataclass
class House:
    """The people concerned, and what a test begins with."""

    world: World
    alice: User
    boss: User
    maker: User
    customer: Customer

    def line(self, quantity: str = "10", price: str | None = None) -> dict[str, Any]:
        """A line as the form gives it: boxes that cost 128.00 by the list, and at least as much."""
        return {
            "product": self.world.product,
            "quantity": Decimal(quantity),
            "unit": self.world.piece,
            "factor": Decimal(1),
            "price": None if price is None else Decimal(price),
        }

    def offer(self, **facts: Any) -> dict[str, Any]:
        """What a quotation says."""
        return {
            "lines": [self.line()],
            "valid_until": clock.today() + timedelta(days=30),
            "payment": "预付 30%",
            "delivery": "10 个工作日",
            "remarks": "不含运费",
            **facts,
        }

    def draft(self, **facts: Any) -> Quotation:
        return verbs.quote_customer(self.customer, by=self.alice, **self.offer(**facts))

    def sent(self, **facts: Any) -> Quotation:
        return verbs.send_quotation(self.draft(**facts), by=self.alice)

    def accepted(self, **facts: Any) -> Quotation:
        found = verbs.accept_quotation(self.sent(**facts), by=self.links, signed_by="王小明")
        return Quotation.objects.get(pk=found.pk)

    def order_facts(self, **facts: Any) -> dict[str, Any]:
        """What an order needs beyond its origin."""
        return {"type": self.world.type, "wanted_on": clock.today() + timedelta(days=10), **facts}

    def sample(self, **facts: Any) -> Sample:
        line = {"product": self.world.product, "what": "", "specification": "RAL7035", "quantity": Decimal(2)}
        given = {
            "lines": [{**line, "unit": self.world.piece}],
            "wanted_on": clock.today() + timedelta(days=7),
            "expects": "左开门",
            "maker": self.maker,
        }
        return verbs.request_sample(self.customer, by=self.alice, **{**given, **facts})

    def made(self, **facts: Any) -> Sample:
        return verbs.finish_sample(
            verbs.start_sample(self.sample(**facts), by=self.maker),
            by=self.maker,
            batch="Y1",
            specification="图纸 A 版",
        )

    def sample_sent(self, **facts: Any) -> Sample:
        return verbs.send_sample(
            self.made(**facts), by=self.alice, carrier="顺丰速运", tracking="SF123", sent_on=clock.today()
        )

    def approved(self, **facts: Any) -> Sample:
        found = verbs.approve_sample(self.sample_sent(**facts), by=self.links, signed_by="王小明")
        return Sample.objects.get(pk=found.pk)

    @property
    def links(self) -> User:
        return User.objects.system("links")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def house(world: World) -> House:
    """Alice's customer, and everybody in his role."""
    alice, boss = world.alice, world.boss
    workshop = Department.objects.create(code="production", name="生产部")
    maker = world.person("maker", "production", department=workshop)
    Customer.objects.filter(pk=world.customer.pk).update(owner=alice)
    return House(world, User.objects.get(pk=alice.pk), boss, maker, Customer.objects.get(pk=world.customer.pk))
