"""Two at one complaint at the same moment: each step happens once, and nothing is left between two states."""

from collections.abc import Callable
from typing import Any

import pytest

from complaints import actions
from complaints.models import Complaint, Measure
from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.check import check
from crm.records.models import ActionLog
from tests.complaints.conftest import Room
from tests.races.conftest import at_once
from tests.world import World, scan


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)


def now(complaint: Complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def twice(complaint: Complaint, verb: Any, by: tuple[User, User], **inputs: Any) -> list[Any]:
    """The verb by two people at once, each with what he has read from the database."""

    def run(user: User) -> Callable[[], Any]:
        return lambda: verb(now(complaint), by=again(user), **inputs)

    return at_once(*[run(user) for user in by])


def done(verb: str) -> int:
    return ActionLog.objects.filter(verb=f"complaints.{verb}").count()


def deadlines_agree() -> None:
    """The deadlines of complaints are as their states imply."""
    assert {rule: found for rule, found in check().items() if "complaint" in str(rule)} == {}


def test_two_register_it_name_its_team_and_record_the_visit_at_once(room: Room) -> None:
    alice, boss = room.world.alice, room.world.boss
    complaint = room.received()
    given: dict[str, Any] = {"category": "quality", "severity": "major", "wish": "apology", "content": "柜门划伤"}
    answers = twice(complaint, actions.register_complaint, (alice, boss), **given)
    assert answers.count("wrong_state") == 1 and done("register_complaint") == 1
    tasks = room.team(complaint)
    answers = twice(complaint, actions.form_team, (alice, boss), lead=alice, tasks=tasks)
    assert answers.count("wrong_state") == 1 and done("form_team") == 1
    assert complaint.teamtasks.count() == len(tasks)
    complaint = room.told(room.find(now(complaint)))
    words = {"satisfied": False, "channel": "phone", "words": "还有划痕"}
    answers = twice(complaint, actions.record_return_visit, (alice, boss), **words)
    assert answers.count("wrong_state") == 1 and complaint.followups.count() == 1
    assert now(complaint).round == 2
    deadlines_agree()


def test_head_and_deputy_sign_one_column_once(room: Room) -> None:
    complaint = room.investigating()
    room.verify(complaint)
    deputy = room.world.person("deputy", "quality")
    day = clock.today()
    Absence.objects.create(user=room.heads["quality"], deputy=deputy, first_day=day, last_day=day)
    answers = twice(complaint, actions.sign_opinion, (room.heads["quality"], deputy), text="属实")
    assert answers.count("not_your_turn") == 1, answers
    assert [each.column for each in complaint.opinions.all()] == ["verifying"]


def test_the_last_two_measures_at_once_bring_it_to_its_result_once(room: Room) -> None:
    complaint = room.approved()
    one, two = complaint.measures.order_by("pk")

    def finish(row: Measure) -> Callable[[], Any]:
        return lambda: actions.finish_measure(
            Measure.objects.get(pk=row.pk), by=again(row.owner), outcome="已完成", proof=scan()
        )

    answers = at_once(finish(one), finish(two))
    assert all(isinstance(each, Measure) for each in answers), answers
    assert (now(complaint).status, done("note_measures_done")) == ("carried_out", 1)
    deadlines_agree()


def test_a_plan_is_taken_back_while_its_last_measure_is_done(room: Room) -> None:
    complaint = room.approved()
    one, two = complaint.measures.order_by("pk")
    actions.finish_measure(one, by=one.owner, outcome="已完成", proof=scan())
    answers = at_once(
        lambda: actions.change_plan(now(complaint), by=again(room.world.alice), reason="客户改主意"),
        lambda: actions.finish_measure(
            Measure.objects.get(pk=two.pk), by=again(two.owner), outcome="已完成", proof=scan()
        ),
    )
    refusals = [each for each in answers if isinstance(each, str)]
    assert len(refusals) == 1, answers
    state, open_ = now(complaint).status, complaint.measures.filter(status="open").count()
    assert (state, open_, refusals[0]) in {("found", 1, "not_approved"), ("carried_out", 0, "wrong_state")}
    deadlines_agree()


def test_a_plan_is_handed_in_once_and_approved_or_taken_back_but_not_both(room: Room) -> None:
    complaint = room.agreed()
    ask = ACTIONS["complaints.ask_approve_plan"]
    answers = twice(complaint, ask, (room.world.alice, room.world.alice))
    assert sum(isinstance(each, ApprovalRequest) for each in answers) == 1, answers
    request = ApprovalRequest.objects.get()
    for approver in (room.heads["warehouse"], room.world.boss):
        approvals.approve(Task.objects.get(request=request, approver=approver, status="waiting"), by=approver)
    last = Task.objects.get(request=request, status="waiting")
    answers = at_once(
        lambda: approvals.approve(Task.objects.get(pk=last.pk), by=again(room.executive)),
        lambda: approvals.withdraw(
            ApprovalRequest.objects.get(pk=request.pk), by=again(room.world.alice), reason="再想想"
        ),
    )
    request.refresh_from_db()
    state = {"done": "carrying_out", "withdrawn": "found"}[request.status]
    assert now(complaint).status == state, answers
    assert now(complaint).measures.filter(running=True).exists() is (state == "carrying_out")
    deadlines_agree()


def test_of_two_that_are_called_the_same_as_each_other_one_stays(room: Room) -> None:
    first = room.received()
    given = {"channel": "hotline", "category": "quality", "content": "柜门划伤", "order": first.order}
    second = actions.receive_complaint(room.world.customer, by=room.world.root, **given)
    ask = ACTIONS["complaints.ask_withdraw_complaint"]
    tasks = []
    for one, other in ((first, second), (second, first)):
        request = ask(now(one), by=now(one).owner, why="double", words="同一件事", double_of=now(other))
        tasks.append(Task.objects.get(request=request, status="waiting"))

    def agree(task: Task) -> Callable[[], Any]:
        return lambda: approvals.approve(Task.objects.get(pk=task.pk), by=again(task.approver))

    answers = at_once(*[agree(task) for task in tasks])
    assert sorted([now(first).status, now(second).status]) == ["received", "withdrawn"], answers
    deadlines_agree()
