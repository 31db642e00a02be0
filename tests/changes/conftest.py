"""The company of changes: Alice sells and owns the order, the boss heads her department, the maker plans."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals.models import ApprovalRequest
from orders import actions as orders
from orders.changes import actions as changes
from orders.changes.models import Change, CustomerRequest, Extension
from orders.models import Order
from tests.contracts.conftest import Company, company, world
from tests.mailed import hidden, path_of
from tests.world import World, scan

__all__ = ["company", "world"]

NEW_DAY = date(2026, 12, 10)  # a Thursday, five working days after the third
MORE = [{"position": 1, "quantity": Decimal(12)}]


@dataclass
class House:
    """What tests of changes begin with."""

    company: Company

    @property
    def world(self) -> World:
        return self.company.world

    @property
    def seller(self) -> User:
        return self.company.seller

    def order(self, **facts: Any) -> Order:
        """An order of the seller's that the customer has confirmed."""
        order = self.company.order(**facts)
        return orders.confirm_order(order, by=self.seller, channel="phone")

    def fresh(self, record: Any) -> Any:
        return type(record).objects.get(pk=record.pk)

    def drafted(self, order: Order | None = None, **facts: Any) -> Change:
        given = {"wish": "customer", "why": "客户二期增量", "lines": MORE, **facts}
        return changes.draft_change(order or self.order(), by=self.seller, **given)

    def sent(self, order: Order | None = None, **facts: Any) -> tuple[Change, str]:
        """A change with the customer, and the path of his link."""
        change = changes.send_change(self.drafted(order, **facts), by=self.seller)
        return change, path_of("changes.confirm")

    def confirmed(self, order: Order | None = None, **facts: Any) -> Change:
        change = self.drafted(order, **facts)
        return changes.record_confirmation(change, by=self.seller, paper=scan(), answer="盖章同意")

    def asked(self, order: Order | None = None, **facts: Any) -> ApprovalRequest:
        return ACTIONS["changes.ask_apply_change"](self.confirmed(order, **facts), by=self.seller)

    def applied(self, order: Order | None = None, **facts: Any) -> Change:
        request = self.asked(order, **facts)
        self.company.sign(self.company.boss)
        return Change.objects.get(pk=request.subject_pk)

    def delay(self, order: Order | None = None, **facts: Any) -> Extension:
        given = {"cause": "production", "what": "铜排供应商停产检修", "planner": self.company.maker, **facts}
        return changes.report_delay(order or self.order(), by=self.seller, **given)

    def staying(self, order: Order | None = None) -> Extension:
        return changes.answer_delay(
            self.delay(order),
            by=self.company.maker,
            kept=False,
            planning="外购件周五到货",
            remedy="加班装配",
            possible_on=NEW_DAY,
        )

    def asking(self, order: Order | None = None, **facts: Any) -> tuple[Extension, str]:
        """An extension request with the customer, and the path of his link."""
        given = {"new_on": NEW_DAY, "remedy": "加班装配，分批先交 4 台", "shift_plan": True, **facts}
        extension = changes.request_extension(self.staying(order), by=self.seller, **given)
        return extension, path_of("changes.extension")

    def request(self, order: Order | None = None, **facts: Any) -> CustomerRequest:
        given = {"text": "柜体改为 RAL7032", "channel": "wechat", **facts}
        return changes.note_request(order or self.order(), by=self.company.support, **given)


def choose(path: str, verb: str, page: Any = None, **given: str) -> Any:
    """Press a button of a customer's page; the page is loaded first where it is not given."""
    client = Client(headers={"Accept-Language": "en"})
    page = page or client.get(path)
    return client.post(f"{path}?lang=en", {"_verb": verb, **hidden(page), **given})


@pytest.fixture
def house(company: Company) -> House:
    """The seller is in a department with a head; production and logistics are departments of their own."""
    for code, user in (("production", company.maker), ("logistics", company.carrier)):
        Department.objects.filter(code=code).update(head=user)
    return House(company)
