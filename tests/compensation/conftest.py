"""A company of complaints whose goods are stated and invoiced, and what is done about an outcome."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from complaints import actions as complaints
from complaints.compensation import actions
from complaints.compensation.models import Agreement
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals.models import ApprovalRequest
from orders import actions as orders
from orders.models import Order
from orders.payments.models import Invoice
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, Statement
from tests.complaints.conftest import Room
from tests.settlement.conftest import MEMO
from tests.world import MORNING, World, scan


class Desk(Room):
    """Each step of an outcome; Alice writes the plan, the boss signs, sales support seals."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.support = self.world.person("support", "sales_support")
        self.cashier = self.world.person("cashier", "finance", department=self.heads["finance"].department)

    def order(self, complaint: Complaint) -> Order:
        return Order.objects.get(pk=complaint.order_id)

    def handed_over(self, **facts: Any) -> Pickup:
        """All ten pieces of an order of Alice's have left; it costs 1,000.00."""
        found = self.world.notified(**facts)
        pickup.hand_over(found, by=self.world.clerk, identity="id_seen", objection="柜门划伤")
        Order.objects.filter(pk=found.order_id).update(owner=self.world.alice, contact=self.world.contact)
        return self.fresh(found)

    def planned(self, outcome: str, *, complaint: Complaint | None = None, **facts: Any) -> Complaint:
        """A plan with this outcome, agreed on by telephone."""
        measures = [{"what": "上门道歉", "owner": self.world.alice, "due_on": clock.today()}]
        written = self.write(complaint or self.found(), outcome=outcome, measures=measures, **facts)
        complaints.record_agreement(written, by=self.world.alice, channel="phone", words="同意")
        complaints.sign_opinion(self.fresh(written), by=self.world.boss, text="同意按方案处理")
        return self.fresh(written)

    def ask(self, complaint: Complaint) -> ApprovalRequest:
        return ACTIONS["complaints.ask_approve_plan"](complaint, by=self.world.alice)

    def decided(self, outcome: str, *, complaint: Complaint | None = None, **facts: Any) -> Complaint:
        """The plan approved."""
        request = self.ask(self.planned(outcome, complaint=complaint, **facts))
        self.decide(request)
        return Complaint.objects.get(pk=request.subject_pk)

    def agreement(self, complaint: Complaint) -> Agreement:
        return Agreement.objects.exclude(status="dropped").get(complaint=complaint)

    def sealed(self, complaint: Complaint) -> Agreement:
        agreement = actions.sign_agreement(self.agreement(complaint), by=self.world.boss)
        return actions.seal_agreement(agreement, by=self.support)

    def in_force(self, complaint: Complaint) -> Agreement:
        """Signed and sealed by both."""
        given = {"his_name": "王小明", "his_day": clock.today(), "scan": scan()}
        return actions.return_agreement(self.sealed(complaint), by=self.support, **given)

    def finish(self, complaint: Complaint) -> Complaint:
        for measure in complaint.measures.filter(kind="remedy", status="open"):
            complaints.finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan("proof.pdf"))
        return self.fresh(complaint)

    def reconciled(self, order: Order) -> Statement:
        """What left of the order is stated, and the customer agrees."""
        statement = settlement.make_statement(order, by=self.world.root)
        settlement.send_statement(statement, by=self.world.root)
        return settlement.answer_statement(statement, by=User.objects.system("links"), name="王小明")

    def invoiced(self, statement: Statement, number: str = "26502000000012345678") -> InvoiceMemo:
        """The statement is invoiced, or credited where it is below nothing."""
        memo = settlement.fill_in_memo(statement, by=self.world.root, **MEMO)
        settlement.pass_memo(memo, by=self.cashier)
        given = {"lines": [{"number": number}], "issued_on": clock.today(), "file": scan("invoice.pdf")}
        settlement.issue_invoice(memo, by=self.cashier, **given)
        return settlement.post_invoice(memo, by=self.world.root, how="post", carrier="顺丰", tracking="SF1")

    def pay(self, order: Order, amount: str) -> None:
        orders.enter_payment(Order.objects.get(pk=order.pk), by=self.world.root, amount=Decimal(amount))


def figures(order: Order) -> dict[str, str]:
    """Total, what it costs by now, what is paid and open, and what is open of its invoices."""
    order = Order.objects.get(pk=order.pk)
    found = {name: str(getattr(order, name)) for name in ("total", "due", "paid", "open_amount")}
    invoices = Invoice.objects.filter(order=order)
    return {**found, "invoices": str(sum((each.open_amount for each in invoices), Decimal("0.00")))}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.at(MORNING):
        yield World()


@pytest.fixture
def desk(world: World) -> Desk:
    """The company, with nobody complaining yet."""
    return Desk(world)
