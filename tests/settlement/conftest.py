"""The company of settlements: who sells, checks and decides, and orders of which goods have left."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from orders.models import Line, Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, Statement
from tests.world import MORNING, World, scan

MEMO = {
    "kind": "special",
    "title": "重庆晨光商贸有限公司",
    "tax_number": "91350100M000100Y43",
    "bank_name": "建设银行渝北支行",
    "bank_account": "6222020200112233",
    "post_to": "重庆市渝北区金开大道 88 号 王小明",
}


@dataclass
class Company:
    """The people of a settlement, and each step of one."""

    world: World
    seller: User
    boss: User
    support: User
    cashier: User

    def order(self, quantity: str = "10", **facts: Any) -> Order:
        """An order on account of the seller's, its goods reserved."""
        order = self.world.ready(quantity=quantity, **facts)
        Order.objects.filter(pk=order.pk).update(owner=self.seller, contact=self.world.contact)
        return Order.objects.get(pk=order.pk)

    def collect(self, order: Order, *quantities: str) -> Pickup:
        """The next pickup: so much of each line, in their order; without quantities all that is due."""
        order = Order.objects.get(pk=order.pk)
        if order.status == Order.Status.CONFIRMED:
            pickup.check_stock(order, by=self.world.root, warehouse=self.world.warehouse)
        planned = pickup.plan_pickup(order, by=self.world.root, window=self.world.window(capacity=99), notify=False)
        lines = [
            {"line": line, "quantity": Decimal(quantity), "difference": "分批"}
            for line, quantity in zip(Line.objects.filter(order=order).order_by("position"), quantities, strict=False)
        ]
        pickup.hand_over(planned, by=self.world.root, identity="id_seen", lines=lines)
        return Pickup.objects.get(pk=planned.pk)

    def take_back(self, taken: Pickup) -> None:
        """The handover of this pickup is undone."""
        pickup.reverse_later(taken, by=self.world.root, reason="车辆装错")

    def collected(self, quantity: str = "10") -> Order:
        order = self.order(quantity)
        self.collect(order)
        return Order.objects.get(pk=order.pk)

    def stated(self, order: Order | None = None) -> Statement:
        return settlement.make_statement(order or self.collected(), by=self.seller)

    def sent(self, order: Order | None = None) -> Statement:
        return settlement.send_statement(self.stated(order), by=self.seller)

    def disputed(self, order: Order | None = None, **difference: Any) -> Statement:
        line = {"position": 1, "quantity": Decimal(9), "amount": None, "words": "只收到 9 件", **difference}
        links = User.objects.system("links")
        return settlement.answer_statement(self.sent(order), by=links, name="王小明", lines=[line])

    def reconciled(self, order: Order | None = None) -> Statement:
        links = User.objects.system("links")
        return settlement.answer_statement(self.sent(order), by=links, name="王小明")

    def memo(self, statement: Statement | None = None) -> InvoiceMemo:
        return settlement.fill_in_memo(statement or self.reconciled(), by=self.seller, **MEMO)

    def passed(self) -> InvoiceMemo:
        return settlement.pass_memo(self.memo(), by=self.cashier)

    def issued(self, number: str = "26502000000012345678") -> InvoiceMemo:
        given = {"lines": [{"number": number}], "issued_on": clock.today(), "file": scan("invoice.pdf")}
        return settlement.issue_invoice(self.passed(), by=self.cashier, **given)

    def posted(self) -> InvoiceMemo:
        given = {"how": "post", "carrier": "顺丰速运", "tracking": "SF1234567890"}
        return settlement.post_invoice(self.issued(), by=self.seller, **given)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def company(world: World) -> Company:
    """Everybody in his role; Alice sells, and the boss leads her."""
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    money = Department.objects.create(code="finance", name="财务部")
    return Company(
        world,
        User.objects.get(username="alice"),
        User.objects.get(username="boss"),
        world.person("support", "sales_support"),
        world.person("cashier", "finance", department=money),
    )
