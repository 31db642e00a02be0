"""A company with departments and their heads; Alice sells and gathers, quality and production answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from complaints.feedback import actions
from complaints.feedback.models import Feedback
from crm import clock
from crm.accounts.models import Department, User
from customers.models import ContactEntry, Customer
from tests.world import MORNING, World

HEADS = {"quality": "quality", "production": "production", "warehouse": "warehouse"}
ADOPTED = {"verdict": "adopted", "solution": "下批起外箱加印装箱清单", "promise": "改外箱印版"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()


@dataclass
class Room:
    """What tests of feedback begin with."""

    world: World
    heads: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        assert world.root and world.alice and world.boss
        world.alice.refresh_from_db()
        for code, role in HEADS.items():
            department, _made = Department.objects.get_or_create(code=code, defaults={"name": code})
            head = world.person(f"head_{code}", role, department=department)
            Department.objects.filter(pk=department.pk).update(head=head)
            self.heads[code] = head
        self.tester = world.person("tester", "quality", department=self.department("quality"))
        self.executive = world.person("executive", "executive")

    def department(self, code: str) -> Department:
        return Department.objects.get(code=code)

    def fresh(self, record: Any) -> Any:
        return type(record).objects.get(pk=record.pk)

    def customer(self) -> Customer:
        """Alice's."""
        customer = self.world.customer
        Customer.objects.filter(pk=customer.pk).update(owner=self.world.alice)
        return Customer.objects.get(pk=customer.pk)

    def received(self, **facts: Any) -> Feedback:
        given = {"channel": "visit", "kind": "suggestion", "about": "packaging", "content": "外箱请加印装箱清单"}
        return actions.receive_feedback(self.customer(), by=self.world.alice, **{**given, **facts})

    def talked(self) -> ContactEntry:
        """What the customer said at a visit stands in his contact log."""
        given = {"channel": "visit", "what": "客户希望提供英文说明书", "contact": self.world.contact}
        return ContactEntry.objects.create(customer=self.customer(), by=self.world.alice, **given)

    def passed(self, code: str = "quality", **facts: Any) -> Feedback:
        by = facts.pop("by", self.world.alice)
        return actions.pass_on_feedback(self.received(**facts), by=by, department=self.department(code))

    def answer(self, feedback: Feedback, **facts: Any) -> Feedback:
        given = {**ADOPTED, "due_on": clock.today(), **facts}
        return actions.answer_feedback(feedback, by=self.heads["quality"], **given)

    def answered(self, **facts: Any) -> Feedback:
        return self.answer(self.passed(), **facts)

    def declined(self) -> Feedback:
        given = {"verdict": "declined", "solution": "暂不采纳", "reason": "成本过高", "promise": "", "due_on": None}
        return self.answered(**given)

    def told(self, **facts: Any) -> Feedback:
        return actions.tell_answer(self.answered(**facts), by=self.world.alice, channel="mail")


@pytest.fixture
def room(world: World) -> Room:
    """The company, with nobody saying anything yet."""
    return Room(world)
