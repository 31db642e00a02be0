"""Returns begin with the company of the complaints' tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from orders.models import Line, Order
from pickup.stock.models import Movement, Stock
from tests.complaints.conftest import Room
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()


@dataclass
class Yard(Room):
    """What tests of returns begin with: ten pieces at 128.00 ordered, nine of batch B1 handed over, 91 in stock."""

    def plan(self, complaint: Complaint | None = None, outcome: str = "return") -> Complaint:
        """A complaint whose approved plan says that goods come back, and nothing else."""
        complaint = self.write(complaint or self.found(), outcome=outcome, measures=[])
        complaints.record_agreement(complaint, by=self.world.alice, channel="phone", words="同意")
        complaints.sign_opinion(self.fresh(complaint), by=self.world.boss, text="同意按方案处理")
        self.decide(ACTIONS["complaints.ask_approve_plan"](self.fresh(complaint), by=self.world.alice))
        return self.fresh(complaint)

    def drafted(self, complaint: Complaint | None = None) -> ReturnNotice:
        return ReturnNotice.objects.get(complaint=complaint or self.plan())

    def goods(self, notice: ReturnNotice, quantity: str = "") -> list[dict[str, Any]]:
        """The goods of a notice, or so many of its first line, as somebody writes them."""
        rows = list(notice.lines.order_by("pk"))
        return [
            {"line": row.line, "batch": row.batch, "quantity": Decimal(quantity) if quantity else row.quantity}
            for row in rows
        ]

    def written(self, quantity: str = "", complaint: Complaint | None = None) -> ReturnNotice:
        notice = self.drafted(complaint)
        return actions.change_return(notice, by=self.world.alice, lines=self.goods(notice, quantity), why="柜门划伤")

    def signed(self, quantity: str = "", complaint: Complaint | None = None) -> ReturnNotice:
        return actions.sign_return(self.written(quantity, complaint), by=self.world.boss)

    def receive(self, notice: ReturnNotice, good: str = "0", defective: str = "0", **facts: Any) -> ReturnNotice:
        line = {"line": notice.lines.get(), "good": Decimal(good), "defective": Decimal(defective)}
        given = {"by": self.world.clerk, "brought_by": "王小明", "lines": [line], **facts}
        return actions.receive_return(notice, **given)

    def stock(self) -> tuple[Decimal, Decimal]:
        """How much of the product lies there, and how much of it is reserved."""
        row = Stock.objects.get(product=self.world.product, batch="B1")
        return row.quantity, row.reserved

    def line(self) -> tuple[Decimal, Decimal]:
        """How much of the order's line is with the customer, and how much came back."""
        row = Line.objects.get()
        return row.collected, row.returned

    def order(self) -> Order:
        return Order.objects.get()

    def movements(self, reference: str) -> list[tuple[str, Decimal]]:
        return list(Movement.objects.filter(reference=reference).order_by("pk").values_list("kind", "quantity"))


@pytest.fixture
def yard(world: World) -> Yard:
    """The company, with nobody complaining yet."""
    return Yard(world)


@pytest.fixture
def desk_clerk(yard: Yard) -> User:
    """Somebody at the slip desk."""
    return yard.world.person("slips", "order_desk", department=Department.objects.get(code="order_desk"))
