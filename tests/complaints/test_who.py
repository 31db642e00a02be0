"""Who moves a complaint on: its owner, the lead, who stands in or leads; not everybody who has a part in it (ZT 5)."""

from typing import Any

import pytest

from complaints import actions
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.outbox.models import Message
from tests.complaints.conftest import Room
from tests.world import nothing_moves, refused, scan

MOVING = {  # by the state that the complaint is in, what only who carries it on may do
    "registered": ("form_team",),
    "investigating": ("add_task", "change_lead"),
    "found": ("write_plan",),
    "written": ("send_plan", "record_agreement"),
    "approved": ("change_plan",),
    "reported": ("tell_customer",),
    "told": ("record_return_visit", "send_progress_link"),
    "satisfied": ("close_complaint",),
    "closed": ("check_effect",),
}


def brought_to(room: Room, state: str) -> Complaint:
    if state == "written":
        return room.write(room.found())
    if state == "reported":
        complaint = room.carried_out()
        return actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    if state == "satisfied":
        return room.visited(satisfied=True)
    return getattr(room, state)()


def away(user: User, deputy: User) -> None:
    day = clock.today()
    Absence.objects.create(user=user, deputy=deputy, first_day=day, last_day=day)


@pytest.mark.parametrize("state", sorted(MOVING))
def test_who_only_has_a_part_in_it_moves_nothing(room: Room, state: str) -> None:
    complaint = brought_to(room, state)
    worker = room.world.person("worker", "warehouse", department=room.heads["warehouse"].department)
    given = {"department": room.world.sales, "owner": room.world.bob, "what": "走访", "due_on": clock.today()}
    if state == "investigating":
        actions.add_task(complaint, by=room.world.alice, **given)
    else:
        from complaints.telling import let_see

        let_see(complaint, users=[room.world.bob])
    for user in (worker, room.world.bob, room.heads["warehouse"]):
        assert Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists(), user
        for name in MOVING[state]:
            verb = ACTIONS[f"complaints.{name}"]
            refusal = verb.refusal(room.fresh(complaint), user)
            assert refusal is not None and refusal.code in ("not_carrying", "not_owner", "forbidden"), (user, name)
    for name in MOVING[state]:
        first = ACTIONS[f"complaints.{name}"].refusal(room.fresh(complaint), room.world.alice)
        assert first is None or (name, first.code) in {
            ("close_complaint", "no_improvement"),
            ("check_effect", "improvement_open"),
        }


def test_a_worker_of_the_responsible_department_does_not_take_the_approved_plan_back(room: Room) -> None:
    complaint = room.approved()
    head = room.heads["warehouse"]
    with refused("not_carrying") as caught:
        actions.change_plan(complaint, by=head, reason="来不及")
    assert str(room.world.alice) in str(caught.value.sentence)


def test_the_deputy_and_the_head_of_the_owner_carry_it_on(room: Room) -> None:
    complaint = room.registered()
    deputy = room.world.person("deputy", "sales")
    away(room.world.alice, deputy)
    tasks = room.team(complaint)
    assert actions.form_team(complaint, by=deputy, lead=room.world.alice, tasks=tasks).status == "investigating"
    given = {"department": room.heads["quality"].department, "what": "复检", "due_on": clock.today()}
    assert actions.add_task(room.fresh(complaint), by=room.world.boss, **given).status == "open"


def test_deputies_do_tasks_sign_opinions_and_the_finding_and_finish_measures(room: Room) -> None:
    complaint = room.investigating()
    deputies = {}
    for code in ("quality", "production", "warehouse"):
        deputies[code] = room.world.person(f"deputy_{code}", "quality")
        away(room.heads[code], deputies[code])
    task = complaint.teamtasks.get(department__code="quality")
    actions.finish_task(task, by=deputies["quality"], outcome="已查")
    room.do_tasks(complaint)
    room.verify(complaint)
    for code in ("quality", "production"):
        actions.sign_opinion(room.fresh(complaint), by=deputies[code], text="属实")
    assert list(complaint.opinions.values_list("by__username", flat=True))[:2] == [
        "deputy_quality",
        "deputy_production",
    ]


def test_nobody_judges_his_own_evidence_nor_what_he_has_no_say_in(room: Room) -> None:
    complaint = room.investigating()
    given = {"what": "照片", "source": "site", "taken_by": "李", "taken_at": clock.now()}
    piece = actions.add_evidence(complaint, by=room.world.alice, **given)
    with refused("own_evidence"):
        actions.judge_evidence(piece, by=room.world.alice, verdict="accepted", reason="我拍的")
    with refused("not_carrying"):
        actions.judge_evidence(piece, by=room.heads["production"], verdict="rejected", reason="不利")
    actions.judge_evidence(piece, by=room.world.boss, verdict="accepted", reason="属实")


def test_a_mistaken_verdict_is_mended_until_the_finding_and_never_in_a_later_round(room: Room) -> None:
    complaint = room.received(photo=scan("door.pdf"))
    piece = complaint.evidences.get()
    actions.judge_evidence(piece, by=room.world.alice, verdict="rejected", reason="看错了")
    actions.judge_evidence(room.fresh(piece), by=room.world.alice, verdict="accepted", reason="是原图")
    room.register(complaint)
    tasks = room.team(complaint)
    actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=tasks)
    complaint = room.visited(False, room.find(room.fresh(complaint)))
    assert (complaint.round, complaint.found_at) == (2, None)
    with refused("found"):
        actions.judge_evidence(room.fresh(piece), by=room.world.boss, verdict="rejected", reason="不利")


def test_only_who_can_sign_findings_leads_a_team(room: Room) -> None:
    complaint = room.registered()
    reader = room.world.person("reader2", "counter")
    with refused("cannot_lead"):
        actions.form_team(complaint, by=room.world.alice, lead=reader, tasks=room.team(complaint))
    actions.form_team(complaint, by=room.world.alice, lead=room.world.bob, tasks=room.team(complaint))
    with refused("not_owner"):
        actions.change_lead(complaint, by=room.world.bob, lead=room.heads["quality"], reason="太忙")
    with refused("cannot_lead"):
        actions.change_lead(complaint, by=room.world.boss, lead=reader, reason="换人")
    User.objects.filter(pk=room.world.bob.pk).update(is_active=False)
    actions.change_lead(room.fresh(complaint), by=room.world.alice, lead=room.world.boss, reason="组长离职")
    assert room.fresh(complaint).lead == room.world.boss


def test_a_departments_task_is_done_by_somebody_of_it(room: Room) -> None:
    complaint = room.registered()
    tasks = [{**each, "owner": room.world.alice} for each in room.team(complaint)]
    with refused("other_department"):
        actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=tasks)
    department = room.heads["quality"].department
    type(department).objects.filter(pk=department.pk).update(head=None)
    with refused("nobody_named"):
        actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=room.team(complaint))


def test_the_page_offers_no_button_that_is_refused_after_typing(room: Room) -> None:
    complaint = room.approved()
    measure: Any = complaint.measures.filter(owner=room.heads["warehouse"]).get()
    done = ACTIONS["complaints.finish_measure"]
    assert done.refusal(measure, room.heads["warehouse"]) is None
    for user in (room.heads["production"], room.world.bob):
        refusal = done.refusal(measure, user)
        assert refusal is not None and refusal.code == "not_owner"
    with nothing_moves():
        assert ACTIONS["complaints.finish_task"].refusal(complaint.teamtasks.earliest("pk"), room.world.bob) is not None


def asked_for_a_solution() -> set[str]:
    """Who was told of a quality complaint as one of whom a solution is asked."""
    rows = Message.objects.filter(template="complaints.news", recipient__department__code="quality")
    return set(rows.values_list("recipient__username", flat=True))


def test_of_a_head_who_is_away_the_deputy_is_told_as_well(room: Room) -> None:
    quality = room.heads["quality"].department
    away(room.heads["quality"], room.world.person("deputy", "quality", department=quality))
    complaint = room.received()
    assert complaint.category == "quality"
    assert asked_for_a_solution() == {room.heads["quality"].username, "deputy"}


def test_where_the_head_has_left_everybody_of_the_department_is_told(room: Room) -> None:
    quality = room.heads["quality"].department
    room.world.person("inspector", "quality", department=quality)
    User.objects.filter(pk=room.heads["quality"].pk).update(is_active=False)
    room.received()
    assert asked_for_a_solution() == {"inspector"}
