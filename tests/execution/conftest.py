"""A company that sells by contract, hands goods over and is paid; days pass as a test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import User
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Order, Payment
from pickup import actions as pickup
from pickup.execution import actions as execution
from pickup.execution.models import Report
from pickup.models import Pickup
from tests.world import MORNING, World, shanghai


@dataclass
class Company:
    """A contract of ten pieces at 128.00 that is in force since Monday morning, and who looks after reports."""

    world: World
    support: User

    def contract(self, quantity: str = "10", **facts: Any) -> Contract:
        """A contract in force about an order that is confirmed and in stock."""
        world = self.world
        order = world.accepted(quantity=quantity, **facts)
        contract = contracts.record_acceptance(order, by=world.root, accepted_by="phone")
        Contract.objects.filter(pk=contract.pk).update(
            status="in_force",
            kind="regular",
            returned_at=clock.now(),
            signed_on=clock.today(),
            delivery_on=date(2026, 11, 25),
            payment_terms="credit",
        )
        orders.confirm_order(order, by=world.root, channel="phone")
        world.receive()
        pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
        return Contract.objects.get(pk=contract.pk)

    def collect(self, contract: Contract, quantity: str) -> Pickup:
        """So much of the contract's one line is handed over now; the rest is prepared again."""
        order = Order.objects.get(pk=contract.order_id)
        if order.status == Order.Status.CONFIRMED:
            pickup.check_stock(order, by=self.world.root, warehouse=self.world.warehouse)
        planned = pickup.plan_pickup(order, by=self.world.root, window=self.world.window(capacity=40))
        line = order.lines.get()
        less = Decimal(quantity) < line.open_quantity
        counted = {"line": line, "quantity": Decimal(quantity), "difference": "装不下" if less else ""}
        pickup.hand_over(planned, by=self.world.root, identity="id_seen", lines=[counted])
        return planned

    def pay(self, contract: Contract, amount: str, day: date | None = None) -> Payment:
        """Money is entered now, that was received on `day`."""
        order = Order.objects.get(pk=contract.order_id)
        return orders.enter_payment(
            order, by=self.world.root, amount=Decimal(amount), received_on=day or clock.today(), method="transfer"
        )

    def draft(self, day: date, kind: str = "daily") -> Report:
        return execution.draft_report(by=self.support, kind=kind, day=day)

    def issue(self, report: Report, moment: datetime) -> Report:
        """Issued at a moment by sales support."""
        with clock.at(moment):
            return execution.issue_report(Report.objects.get(pk=report.pk), by=self.support)


@contextmanager
def on(day: int, hour: int = 10, minute: int = 0, *, month: int = 11) -> Iterator[None]:
    """Let it be that day of 2026 in Shanghai."""
    with clock.at(shanghai(day, hour, minute, month=month)):
        yield


def row_of(report: Report, contract: Contract) -> dict[str, Any]:
    """What an issued report says of a contract."""
    return next(row for row in report.figures.rows if row["contract"] == contract.pk)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def company(world: World) -> Company:
    return Company(world, world.person("support", "sales_support"))
