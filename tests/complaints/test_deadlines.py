"""The time limits of complaints: begun, met, and who answers for them (ZT 4.1, 5)."""

from datetime import timedelta
from typing import Any

from complaints import actions
from complaints.models import Complaint
from crm import clock
from crm.actions import ACTIONS
from crm.approvals.models import Task
from crm.deadlines.models import Deadline
from tests.complaints.conftest import Room
from tests.world import scan, shanghai


def due(obj: Any, rule: str) -> Any:
    """When it is due by the open deadline, None where none is open."""
    row = Deadline.objects.open().about(obj).filter(rule=rule).first()
    return row.due_at if row else None


def rules(obj: Any) -> list[str]:
    return sorted(Deadline.objects.open().about(obj).values_list("rule", flat=True))


def met(obj: Any, rule: str) -> bool:
    rows = Deadline.objects.about(obj).filter(rule=rule).order_by("-pk")
    return rows[0].outcome == Deadline.Outcome.MET


def test_registration_and_team_have_four_working_hours_each(room: Room) -> None:
    complaint = room.received()
    assert rules(complaint) == ["complaint.register", "complaint.result"]
    assert due(complaint, "complaint.register") == shanghai(23, 15)
    assert due(complaint, "complaint.result") == shanghai(7, 9, 30, month=12)
    with clock.at(shanghai(23, 10, 30)):
        room.register(complaint)
        assert met(complaint, "complaint.register")
        assert due(complaint, "complaint.team") == shanghai(23, 16)
    with clock.at(shanghai(23, 11)):
        actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=room.team(complaint))
    assert met(complaint, "complaint.team")


def test_each_department_has_its_own_deadline(room: Room) -> None:
    complaint = room.registered()
    tasks = room.team(complaint)
    for index, task in enumerate(tasks):
        task["due_on"] = clock.today() + timedelta(days=index)
    actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=tasks)
    for index, row in enumerate(complaint.teamtasks.order_by("pk")):
        deadline = Deadline.objects.open().about(row).get(rule="complaint.task")
        assert deadline.due_at.astimezone(clock.now().tzinfo).date() == clock.today() + timedelta(days=index)
        assert deadline.responsible == row.owner
        actions.finish_task(row, by=row.owner, outcome="已查明")
        assert met(row, "complaint.task")


def test_the_plan_is_due_three_working_days_after_the_finding_and_a_step_of_its_approval_in_one(room: Room) -> None:
    complaint = room.found()
    assert due(complaint, "complaint.plan") == shanghai(26, 9, 30)
    request = ACTIONS["complaints.ask_approve_plan"](room.agreed(complaint), by=room.world.alice)
    assert met(complaint, "complaint.plan")
    task = Task.objects.get(request=request)
    assert rules(task) == ["complaint.approval"]
    assert due(task, "complaint.approval") == shanghai(24, 9, 30)


def test_measures_have_their_days_only_while_the_plan_is_approved(room: Room) -> None:
    complaint = room.approved()
    measure = complaint.measures.order_by("pk").first()
    assert measure is not None and rules(measure) == ["complaint.measure"]
    actions.change_plan(complaint, by=room.world.alice, reason="客户改主意")
    assert rules(measure) == []
    assert due(complaint, "complaint.plan") == shanghai(26, 9, 30)


def test_report_message_and_return_visit_follow_one_another(room: Room) -> None:
    complaint = room.carried_out()
    row = Deadline.objects.open().about(complaint).get(rule="complaint.feedback")
    assert row.due_at == shanghai(24, 9, 30)
    assert row.department == room.heads["warehouse"].department
    actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    assert due(complaint, "complaint.inform") == shanghai(23, 15)
    actions.tell_customer(complaint, by=room.world.alice, channel="mail")
    assert met(complaint, "complaint.inform") and met(complaint, "complaint.result")
    assert rules(complaint) == ["complaint.followup"]
    assert due(complaint, "complaint.followup") == shanghai(26, 9, 30)


def test_a_new_round_has_its_own_ten_days(room: Room) -> None:
    complaint = room.told()
    with clock.at(shanghai(25, 9, 30)):
        given = {"satisfied": False, "channel": "phone", "words": "还有划痕"}
        actions.record_return_visit(complaint, by=room.world.alice, **given)
        assert rules(complaint) == ["complaint.result"]
        assert due(complaint, "complaint.result") == shanghai(9, 9, 30, month=12)


def test_the_effect_is_checked_by_its_day(room: Room) -> None:
    complaint = room.visited(satisfied=True)
    given = {"what": "装车加护角", "owner": room.world.bob, "due_on": clock.today()}
    improvement = actions.plan_improvement(complaint, by=room.world.alice, **given)
    assert rules(improvement) == ["complaint.measure"]
    day = clock.today() + timedelta(days=30)
    actions.close_complaint(complaint, by=room.world.alice, check_on=day)
    assert rules(complaint) == ["complaint.effect"]
    actions.finish_measure(improvement, by=room.world.bob, outcome="已配", proof=scan())
    complaint = Complaint.objects.get(pk=complaint.pk)
    with clock.at(clock.now() + timedelta(days=30)):
        actions.check_effect(complaint, by=room.world.alice, effective=True, effect="无复发")
    assert rules(complaint) == ["complaint.archive"] and met(complaint, "complaint.effect")
