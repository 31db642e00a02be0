"""The time limits of feedback: begun, warned of, met, broken and begun anew (ZT 4.1, 4.2)."""

from datetime import date
from typing import Any

import pytest

from complaints.feedback import actions
from complaints.feedback.models import Feedback
from crm import clock
from crm.accounts.models import Department
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.deadlines.seeding import seed_calendar
from crm.deadlines.sweep import sweep
from crm.outbox.models import Message
from crm.reports.today import today
from tests.feedback.conftest import Room
from tests.world import shanghai


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    """The company works from Monday to Friday, half past eight to half past five."""
    seed_calendar([2026, 2027])


def row(feedback: Feedback, rule: str) -> Deadline:
    return Deadline.objects.open().about(feedback).get(rule=rule)


def rules(feedback: Feedback) -> list[str]:
    return sorted(Deadline.objects.open().about(feedback).values_list("rule", flat=True))


def told(template: str) -> set[Any]:
    return set(Message.objects.filter(template=template).values_list("recipient__username", flat=True))


def test_the_rules_name_their_clauses_and_limits() -> None:
    found = {key: (RULES[key].clause, RULES[key].limit) for key in ("feedback.answer", "feedback.result")}
    assert found == {"feedback.answer": ("ZT 4.2, KF 3.4.1", "5 wd"), "feedback.result": ("ZT 4.1", "10 wd")}


def test_from_receipt_to_being_told_are_ten_working_days(room: Room) -> None:
    feedback = room.received()
    assert rules(feedback) == ["feedback.result"]
    result = row(feedback, "feedback.result")
    assert (result.due_at, result.responsible) == (shanghai(7, 9, 30, month=12), room.world.alice)
    actions.pass_on_feedback(feedback, by=room.world.alice, department=room.department("quality"))
    room.answer(feedback)
    assert row(feedback, "feedback.result").due_at == shanghai(7, 9, 30, month=12)
    actions.tell_answer(feedback, by=room.world.alice, channel="mail")
    result.refresh_from_db()
    assert result.outcome == Deadline.Outcome.MET


def test_the_department_has_five_working_days_from_when_it_receives_it(room: Room) -> None:
    feedback = room.received()
    with clock.at(shanghai(24, 14)):
        actions.pass_on_feedback(feedback, by=room.world.alice, department=room.department("quality"))
        answer = row(feedback, "feedback.answer")
        assert (answer.due_at, answer.responsible, answer.department) == (
            shanghai(1, 14, month=12),
            None,
            room.department("quality"),
        )
    with clock.at(shanghai(1, 13, month=12)):
        room.answer(feedback, due_on=date(2026, 12, 20))
    answer.refresh_from_db()
    assert (answer.outcome, answer.state) == ("met", "met")


def test_the_department_finds_it_on_its_start_page_with_the_step(room: Room) -> None:
    feedback = room.passed()
    found = [task for group in today(room.tester)["groups"] for task in group["rows"]]
    assert [(task["label"], task["next_step"]["url"]) for task in found] == [
        (feedback, f"/do/feedback.answer_feedback/{feedback.pk}/")
    ]
    counted = {each["url"]: each["value"] for each in today(room.tester)["numbers"]}
    assert counted["/feedback/?tab=answer"] == "1"


def test_it_is_warned_and_a_breach_goes_up_the_line(room: Room) -> None:
    management = Department.objects.create(code="management", name="总经办", head=room.executive)
    Department.objects.filter(code="quality").update(parent=management)
    feedback = room.passed()
    answer = row(feedback, "feedback.answer")
    assert answer.due_at == shanghai(30, 9, 30)
    with clock.at(answer.warn_at):
        sweep()
    assert told("deadlines.warn") == {"head_quality"}  # who speaks for the department
    with clock.at(shanghai(30, 10)):
        sweep()
        assert row(feedback, "feedback.answer").state == "late"
    assert told("deadlines.due") == {"head_quality"}
    with clock.at(shanghai(2, 10, month=12)):
        sweep()
    assert told("deadlines.late") == {"executive"}
    with clock.at(shanghai(2, 11, month=12)):
        room.answer(feedback, due_on=date(2026, 12, 20))
    answer.refresh_from_db()
    assert answer.state == "met_late"


def test_sent_back_to_another_department_its_time_begins_anew_as_a_deadline_of_its_own(room: Room) -> None:
    feedback = room.passed()
    first = row(feedback, "feedback.answer")
    with clock.at(shanghai(27, 10)):
        given = {"reason": "属生产部", "department": room.department("production")}
        actions.send_back_feedback(feedback, by=room.tester, **given)
        second = row(feedback, "feedback.answer")
        assert (second.pk != first.pk, second.due_at) == (True, shanghai(4, 10, month=12))
        assert second.department == room.department("production")
        first.refresh_from_db()
        assert (first.outcome, first.department, first.due_at) == (
            "cancelled",
            room.department("quality"),
            shanghai(30, 9, 30),
        )
        assert row(feedback, "feedback.result").due_at == shanghai(7, 9, 30, month=12)
        actions.send_back_feedback(feedback, by=room.heads["production"], reason="不明")
        assert rules(feedback) == ["feedback.result"]


def test_what_was_promised_is_due_on_its_day(room: Room) -> None:
    feedback = room.told(due_on=date(2026, 12, 4))
    promise = row(feedback, "feedback.promise")
    assert (rules(feedback), promise.due_at.date()) == (["feedback.promise"], date(2026, 12, 4))
    assert promise.department == room.department("quality")
    actions.finish_promise(feedback, by=room.tester, outcome="已换")
    promise.refresh_from_db()
    assert (rules(feedback), promise.outcome) == ([], "met")


def test_nothing_runs_on_what_became_a_complaint_or_was_a_mistake(room: Room) -> None:
    feedback = room.passed()
    complaint = actions.turn_into_complaint(feedback, by=room.world.alice, category="packaging")
    assert rules(feedback) == []
    assert sorted(Deadline.objects.open().about(complaint).values_list("rule", flat=True)) == [
        "complaint.register",
        "complaint.result",
    ]
    other = room.received()
    actions.drop_feedback(other, by=room.world.boss, reason="重复")
    assert rules(other) == []
