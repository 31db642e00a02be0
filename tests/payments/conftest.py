"""The company of money: who sells, who books, who decides, on a Monday morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm import clock
from crm.accounts.models import Department, User
from customers.models import Customer
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import BankAccount, DunningStep, Invoice, Receipt
from tests.world import MORNING, World


@dataclass
class Company:
    """The people concerned with money, and invoices of any age."""

    world: World
    seller: User
    boss: User
    cashier: User
    accountant: User
    chief: User
    made: int = 0

    def order(self, quantity: str = "10", **facts: Any) -> Order:
        """An order of Alice's, and of a customer of hers, over 128.00 a piece, which its owner has accepted."""
        order = self.world.accepted(quantity=quantity, **facts)
        Order.objects.filter(pk=order.pk).update(owner=self.seller, department=self.world.sales)
        hers = Customer.objects.filter(pk=order.customer_id, owner=self.world.root)
        hers.update(owner=self.seller, department=self.world.sales)
        return Order.objects.get(pk=order.pk)

    def invoice(self, amount: str = "1280.00", *, overdue: int = 0, order: Order | None = None) -> Invoice:
        """An invoice that was due so many days ago; of an order of its own, unless it is said."""
        self.made += 1
        due_on: date = clock.today() - timedelta(days=overdue)
        return payments.enter_invoice(
            by=self.cashier,
            order=order or self.order(),
            number=f"FP-{self.made:04d}",
            amount=Decimal(amount),
            tax=Decimal("0.00"),
            kind="special",
            issued_on=min(due_on, clock.today()) - timedelta(days=30),
            due_on=due_on,
        )

    def receipt(self, amount: str = "1280.00", **facts: Any) -> Receipt:
        """Money of its own that came in today, of a payer whom nobody knows, unless it is said."""
        self.made += 1
        given = {"received_on": clock.today(), "payer_name": "某公司", "remark": f"货款 {self.made}", "again": True}
        given |= facts
        return payments.enter_receipt(by=self.cashier, amount=Decimal(amount), **given)

    def match(self, receipt: Receipt, *parts: tuple[Order, str], **facts: Any) -> Receipt:
        """So much of the receipt for each of the orders."""
        lines = [{"order": order, "amount": Decimal(amount)} for order, amount in parts]
        return payments.match_receipt(Receipt.objects.get(pk=receipt.pk), by=self.cashier, lines=lines, **facts)

    def bank(self) -> BankAccount:
        return BankAccount.objects.get_or_create(name="基本户", defaults={"bank": "工商银行"})[0]

    def steps(self) -> list[DunningStep]:
        """A mail after 3 days, a call after 15, finance's letter after 30, which proposes to suspend supply."""
        DunningStep.objects.all().delete()
        rows = [
            (3, "提醒函", "Reminder", "owner", "mail", False),
            (15, "电话催款", "Phone call", "owner", "call", False),
            (30, "催款函", "Demand letter", "finance", "letter", True),
        ]
        return [
            DunningStep.objects.create(
                days=days,
                name=name,
                name_en=name_en,
                who=who,
                channel=channel,
                suspends=suspends,
                text="{contact}：贵司尚欠 {amount}，最早一笔于 {oldest} 到期。",
                text_en="Dear {contact}, {amount} are overdue, the oldest since {oldest}.",
            )
            for days, name, name_en, who, channel, suspends in rows
        ]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


def company_of(world: World) -> Company:
    """Everybody in his role; Alice sells, and the boss leads her."""
    chief = world.person("chief", "executive", name="周总")
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    User.objects.filter(username="boss").update(manager=chief)
    money = Department.objects.create(code="finance", name="财务部")
    return Company(
        world,
        User.objects.get(username="alice"),
        User.objects.get(username="boss"),
        world.person("cashier", "finance", department=money),
        world.person("accountant", "finance", department=money),
        chief,
    )


@pytest.fixture
def company(world: World) -> Company:
    return company_of(world)
