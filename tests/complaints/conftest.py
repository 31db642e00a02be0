"""A company with every department that complaints concern; Alice sells, the clerk hands over, the executive decides."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints import actions, first_causes
from complaints.models import Cause, Complaint, Opinion
from complaints.parties import columns, required
from complaints.verification import actions as verification
from complaints.verification.models import Verification
from complaints.verification.needed import unverified
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.world import MORNING, World, scan

HEADS = ("warehouse", "logistics", "quality", "production", "finance", "order_desk")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()


@dataclass
class Room:
    """What tests of complaints begin with."""

    world: World
    heads: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        first_causes.make(Cause)
        assert world.root and world.alice and world.boss and world.clerk
        world.alice.refresh_from_db()
        for code in HEADS:
            department, _made = Department.objects.get_or_create(code=code, defaults={"name": code})
            head = world.person(f"head_{code}", "quality", department=department)
            Department.objects.filter(pk=department.pk).update(head=head)
            self.heads[code] = head
        self.heads["sales"] = world.boss
        self.executive = world.person("executive", "executive")

    def fresh(self, record: Any) -> Any:
        return type(record).objects.get(pk=record.pk)

    def handed_over(self, **facts: Any) -> Pickup:
        """Goods of an order of Alice's that left at the counter: nine of ten, for one was broken."""
        found = self.world.notified(**facts)
        line = {"line": found.order.lines.get(), "quantity": Decimal(9), "difference": "一台破损"}
        pickup.hand_over(found, by=self.world.clerk, identity="id_seen", lines=[line], objection="柜门划伤")
        Order.objects.filter(pk=found.order_id).update(owner=self.world.alice)
        return self.fresh(found)

    def received(self, **facts: Any) -> Complaint:
        given = {"category": "quality", "content": "柜门划伤，漆面脱落", **facts}
        return actions.complain_at_counter(self.handed_over(), by=self.world.clerk, **given)

    def registered(self, **facts: Any) -> Complaint:
        complaint = self.received(**facts)
        return self.register(complaint)

    def register(self, complaint: Complaint, **facts: Any) -> Complaint:
        names = ("category", "content", "contact", "order", "pickup", "product", "batch", "quantity")
        kept = {name: getattr(complaint, name) for name in names}
        given = {**kept, "severity": "major", "wish": "replacement", **facts}
        return actions.register_complaint(complaint, by=self.world.alice, **given)

    def team(self, complaint: Complaint) -> list[dict[str, Any]]:
        day = clock.today()
        return [{"department": each, "what": "查明情况", "due_on": day} for each in required(complaint.category)]

    def investigating(self, **facts: Any) -> Complaint:
        complaint = self.registered(**facts)
        return actions.form_team(complaint, by=self.world.alice, lead=self.world.alice, tasks=self.team(complaint))

    def evidence(self, complaint: Complaint, verdict: str = "accepted") -> Any:
        given = {"what": "检验报告", "source": "test", "taken_by": "质检员", "taken_at": clock.now()}
        piece = actions.add_evidence(complaint, by=self.heads["quality"], file=scan("report.pdf"), **given)
        return actions.judge_evidence(piece, by=self.world.alice, verdict=verdict, reason="原件核对无误")

    def do_tasks(self, complaint: Complaint) -> None:
        for task in complaint.teamtasks.filter(status="open"):
            actions.finish_task(task, by=task.owner, outcome="已查明")

    def verify(self, complaint: Complaint) -> None:
        """Quality proves it at once, the customer accepts that, and the head signs, unless it is verified already."""
        if unverified(complaint) is None:
            return
        head = self.heads["quality"]
        found: Verification = verification.open_verification(complaint, by=self.world.alice, kind="quality")
        item = {"name": "漆膜厚度", "standard": "≥ 60 µm", "measured": "42 µm", "conforms": False}
        given = {"number": "HY-1", "tested_on": clock.today(), "tester": head, "items": [item], "conclusion": "不合格"}
        verification.record_test(found, by=head, **given)
        verification.record_word(found, by=self.world.alice, accepted=True, channel="phone", words="认可")
        verification.sign_verification(found, by=head, sealed=True)

    def sign_all(self, complaint: Complaint) -> None:
        """The columns of the investigation; sales signs on the plan that is agreed on."""
        self.verify(complaint)
        for column, department in columns(complaint.category):
            if column != Opinion.Column.SALES:
                actions.sign_opinion(self.fresh(complaint), by=department.head, text="情况属实")

    def find(self, complaint: Complaint, **facts: Any) -> Complaint:
        self.do_tasks(complaint)
        self.sign_all(complaint)
        cause = Cause.objects.get(code="storage-damage")
        responsible = Department.objects.get(code="warehouse")
        given = {"facts": "装车时划伤", "cause": cause, "fault": "ours", "responsible": responsible, **facts}
        return actions.sign_finding(self.fresh(complaint), by=self.world.alice, **given)

    def found(self, **facts: Any) -> Complaint:
        complaint = self.investigating(**facts)
        self.evidence(complaint)
        return self.find(complaint)

    def write(self, complaint: Complaint, **facts: Any) -> Complaint:
        head = self.heads["warehouse"]
        given = {
            "outcome": "apology",
            "solution": "更换两台柜门",
            "department": head.department,
            "person": head,
            "measures": [
                {"what": "更换柜门", "owner": None, "due_on": clock.today()},
                {"what": "上门道歉", "owner": self.world.alice, "due_on": clock.today()},
            ],
            **facts,
        }
        return actions.write_plan(complaint, by=self.world.alice, **given)

    def agreed(self, complaint: Complaint | None = None) -> Complaint:
        complaint = self.write(complaint or self.found())
        complaint = actions.record_agreement(complaint, by=self.world.alice, channel="phone", words="同意")
        actions.sign_opinion(complaint, by=self.world.boss, text="同意按方案处理")
        return self.fresh(complaint)

    def asked(self, complaint: Complaint | None = None) -> ApprovalRequest:
        return ACTIONS["complaints.ask_approve_plan"](self.agreed(complaint), by=self.world.alice)

    def decide(self, request: ApprovalRequest) -> None:
        """The head of the plan's department says yes, the head of sales, then the executive."""
        for approver in (self.heads["warehouse"], self.world.boss, self.executive):
            approvals.approve(Task.objects.get(request=request, approver=approver, status="waiting"), by=approver)

    def approved(self, complaint: Complaint | None = None) -> Complaint:
        request = self.asked(complaint)
        self.decide(request)
        return Complaint.objects.get(pk=request.subject_pk)

    def approved_with(self, outcome: str) -> Complaint:
        """An approved plan that ends so; what its outcome sets going has begun."""
        complaint = self.write(self.found(), outcome=outcome)
        complaint = actions.record_agreement(complaint, by=self.world.alice, channel="phone", words="同意")
        actions.sign_opinion(complaint, by=self.world.boss, text="同意按方案处理")
        self.decide(ACTIONS["complaints.ask_approve_plan"](self.fresh(complaint), by=self.world.alice))
        return self.fresh(complaint)

    def carried_out(self, complaint: Complaint | None = None) -> Complaint:
        complaint = self.approved(complaint)
        for measure in complaint.measures.filter(kind="remedy", status="open"):
            actions.finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan("proof.pdf"))
        return self.fresh(complaint)

    def told(self, complaint: Complaint | None = None) -> Complaint:
        complaint = self.carried_out(complaint)
        actions.report_result(complaint, by=self.heads["warehouse"], result="柜门已更换")
        return actions.tell_customer(complaint, by=self.world.alice, channel="mail")

    def visited(self, satisfied: bool, complaint: Complaint | None = None) -> Complaint:
        complaint = self.told(complaint)
        words = "满意" if satisfied else "还是有划痕"
        return actions.record_return_visit(
            complaint, by=self.world.alice, satisfied=satisfied, channel="phone", words=words
        )

    def closed(self, complaint: Complaint | None = None) -> Complaint:
        """Closed with one improvement, which is still to be done; the effect is looked at in thirty days."""
        complaint = self.visited(satisfied=True, complaint=complaint)
        given = {"what": "装车加护角", "owner": self.heads["warehouse"], "due_on": clock.today()}
        actions.plan_improvement(complaint, by=self.world.alice, **given)
        return actions.close_complaint(
            self.fresh(complaint), by=self.world.alice, check_on=clock.today() + timedelta(days=30)
        )


@pytest.fixture
def room(world: World) -> Room:
    """The company, with nobody complaining yet."""
    return Room(world)
