"""Feedback at the same moment: the same click twice, and two people who do not know of each other."""

import pytest

from complaints.feedback import actions
from complaints.feedback.models import Feedback
from crm.accounts.models import Department
from customers.models import ContactEntry
from tests.races.conftest import at_once
from tests.world import World

SAID = {"channel": "visit", "kind": "suggestion", "about": "packaging", "content": "外箱请加印装箱清单"}
TALKED = {"kind": "wish", "about": "order", "content": "希望提供英文说明书"}


@pytest.fixture
def feedback(world: World) -> Feedback:
    return actions.receive_feedback(world.customer, by=world.root, **SAID)


def fresh() -> Feedback:
    return Feedback.objects.get()


def test_the_same_click_twice_receives_it_once(world: World) -> None:
    world.contact  # noqa: B018 - made before the threads begin
    given = {"by": world.root, "key": "click", **SAID}
    answers = at_once(*[lambda: actions.receive_feedback(world.customer, **given)] * 2)
    assert [each.number for each in answers] == [fresh().number] * 2


def test_of_two_who_take_up_the_same_talk_one_makes_feedback(world: World) -> None:
    entry = ContactEntry.objects.create(customer=world.customer, by=world.root, channel="visit", what="说明书")
    take = lambda: actions.take_as_feedback(ContactEntry.objects.get(pk=entry.pk), by=world.root, **TALKED)  # noqa: E731
    answers = at_once(*[take] * 3)
    assert sorted(map(str, answers)) == [fresh().number, "already_feedback", "already_feedback"]


def test_of_two_departments_it_goes_to_one(world: World, feedback: Feedback) -> None:
    codes = ("warehouse", "order_desk")
    departments = [Department.objects.get(code=code) for code in codes]
    answers = at_once(
        *[lambda each=each: actions.pass_on_feedback(fresh(), by=world.root, department=each) for each in departments]
    )
    assert sorted(map(str, answers)) == [feedback.number, "wrong_state"]
    assert fresh().passings.get().department == fresh().concerned


def test_the_department_answers_while_sales_makes_a_complaint_of_it(world: World, feedback: Feedback) -> None:
    actions.pass_on_feedback(feedback, by=world.root, department=world.sales)
    given = {"verdict": "declined", "solution": "不采纳", "reason": "成本"}
    at_once(
        lambda: actions.answer_feedback(fresh(), by=world.root, **given),
        lambda: actions.turn_into_complaint(fresh(), by=world.root, category="packaging"),
        lambda: actions.turn_into_complaint(fresh(), by=world.root, category="packaging"),
    )
    after = fresh()
    assert (after.status, after.customer.complaints.count()) == ("complaint", 1)
    assert after.complaint is not None and after.passings.get().ended_at is not None
