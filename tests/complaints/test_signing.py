"""Who signs and decides on a plan, who it is raised to, and what a new round begins with (ZT 5.3-5.4, KC 5.2.2)."""

from datetime import timedelta
from typing import Any

import pytest

from complaints import actions
from complaints.models import Cause, Complaint, EffectCheck
from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.approvals.models import Task
from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from tests.complaints.conftest import Room
from tests.complaints.test_path import notices
from tests.world import refused, scan

ask = ACTIONS["complaints.ask_approve_plan"]


def approvers(request: Any) -> list[str]:
    return list(Task.objects.filter(request=request).order_by("pk").values_list("approver__username", flat=True))


def test_the_responsible_department_sales_and_the_executive_decide_in_this_order(room: Room) -> None:
    request = room.asked()
    room.decide(request)
    assert approvers(request) == ["head_warehouse", "boss", "executive"]


def test_who_wrote_the_plan_does_not_decide_on_it_though_another_hands_it_in(room: Room) -> None:
    complaint = room.registered()
    head = room.heads["warehouse"]
    User.objects.filter(pk=head.pk).update(manager=room.executive)
    actions.form_team(complaint, by=room.world.alice, lead=head, tasks=room.team(complaint))
    room.do_tasks(complaint)
    room.sign_all(complaint)
    finding = {"facts": "装车时划伤", "cause": Cause.objects.get(code="storage-damage"), "fault": "ours"}
    actions.sign_finding(room.fresh(complaint), by=head, responsible=head.department, **finding)
    plan: dict[str, Any] = {"outcome": "apology", "solution": "道歉", "department": head.department, "person": head}
    measures = [{"what": "道歉", "owner": None, "due_on": clock.today()}]
    actions.write_plan(room.fresh(complaint), by=head, measures=measures, **plan)
    actions.write_plan(room.fresh(complaint), by=room.world.alice, measures=measures, **plan)  # saved unchanged
    actions.record_agreement(room.fresh(complaint), by=room.world.alice, channel="phone", words="同意")
    actions.sign_opinion(room.fresh(complaint), by=room.world.boss, text="同意")
    request = ask(room.fresh(complaint), by=room.world.alice)
    assert approvers(request) == ["executive"]


def test_sales_signs_anew_where_another_plan_is_agreed_on(room: Room) -> None:
    complaint = room.agreed()
    assert complaint.opinions.filter(column="sales").count() == 1
    complaint = room.write(complaint, solution="更换整柜")
    with refused("nobodys_turn"):
        actions.sign_opinion(complaint, by=room.world.boss, text="同意")
    actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="同意换整柜")
    with refused("opinion_missing"):
        ask(room.fresh(complaint), by=room.world.alice)
    actions.sign_opinion(room.fresh(complaint), by=room.world.boss, text="同意换整柜")
    assert list(complaint.opinions.filter(column="sales").values_list("text", flat=True)) == [
        "同意按方案处理",
        "同意换整柜",
    ]
    assert ask(room.fresh(complaint), by=room.world.alice).status == "waiting"


def test_opinion_and_finding_say_on_whose_behalf_they_were_signed(room: Room) -> None:
    complaint = room.investigating()
    room.do_tasks(complaint)
    room.verify(complaint)
    stands_in = room.world.person("stands_in", "quality")
    for user in (room.heads["quality"], room.world.alice):
        day = clock.today()
        Absence.objects.create(user=user, deputy=stands_in, first_day=day, last_day=day)
    actions.sign_opinion(complaint, by=stands_in, text="属实")
    actions.sign_opinion(complaint, by=room.heads["production"], text="属实")
    first, second = complaint.opinions.order_by("pk")
    assert (first.by, first.on_behalf_of, second.on_behalf_of) == (stands_in, room.heads["quality"], None)
    finding = {"facts": "装车时划伤", "cause": Cause.objects.get(code="storage-damage"), "fault": "ours"}
    department = room.heads["warehouse"].department
    actions.sign_finding(room.fresh(complaint), by=stands_in, responsible=department, **finding)
    assert complaint.findings.get().on_behalf_of == room.world.alice


def test_a_new_round_has_neither_the_cause_nor_the_improvement_of_the_former_one(room: Room) -> None:
    complaint = room.told()
    given = {"what": "装车加护角", "owner": room.world.bob, "due_on": clock.today()}
    actions.plan_improvement(room.fresh(complaint), by=room.world.alice, **given)
    words = {"satisfied": False, "channel": "phone", "words": "还有划痕"}
    complaint = actions.record_return_visit(room.fresh(complaint), by=room.world.alice, **words)
    assert (complaint.cause, complaint.responsible) == (None, None)
    complaint = room.visited(True, room.find(complaint))
    with refused("no_improvement"):
        actions.close_complaint(complaint, by=room.world.alice, check_on=clock.today())
    actions.plan_improvement(complaint, by=room.world.alice, **given)
    actions.close_complaint(room.fresh(complaint), by=room.world.alice, check_on=clock.today())
    assert room.fresh(complaint).closed_by == room.world.alice


def test_it_is_raised_to_the_first_above_who_can_carry_it_on(room: Room) -> None:
    User.objects.filter(pk=room.world.alice.pk).update(manager=room.executive)  # who only looks at complaints
    complaint = room.visited(False, room.find(room.visited(satisfied=False)))
    assert complaint.owner == room.world.boss
    assert (notices(room, "boss", "raised"), notices(room, "executive", "raised")) == (1, 1)


def test_it_stays_with_its_owner_where_nobody_above_can_carry_it_on(room: Room) -> None:
    complaint = room.visited(satisfied=False)
    User.objects.filter(pk=room.world.alice.pk).update(manager=room.executive)
    complaint = room.told(room.find(complaint))
    for user in (room.world.boss, room.executive):
        user.groups.clear()
    User.objects.filter(pk=room.world.boss.pk).update(manager=None)
    words = {"satisfied": False, "channel": "phone", "words": "还有划痕"}
    complaint = actions.record_return_visit(room.fresh(complaint), by=room.fresh(room.world.alice), **words)
    assert (complaint.owner, complaint.round) == (room.world.alice, 3)
    assert notices(room, "executive", "raised") == 1


@pytest.fixture
def checked(room: Room) -> Complaint:
    """Closed, and its improvement done; its effect is due in thirty days."""
    complaint = room.closed()
    measure = complaint.measures.get(kind="improvement")
    actions.finish_measure(measure, by=measure.owner, outcome="已配", proof=scan())
    return room.fresh(complaint)


def test_improvements_that_did_not_work_are_followed_by_others_whose_effect_is_checked(
    room: Room, checked: Complaint
) -> None:
    with clock.at(clock.now() + timedelta(days=30)):
        with refused("no_improvement"):
            actions.check_effect(checked, by=room.world.alice, effective=False, effect="又有两件")
        later = clock.today() + timedelta(days=60)
        given = {"what": "改用木箱", "owner": room.heads["warehouse"], "due_on": clock.today(), "check_on": later}
        actions.check_effect(checked, by=room.world.alice, effective=False, effect="又有两件", **given)
        complaint = room.fresh(checked)
        assert (complaint.status, complaint.effective, complaint.check_on) == ("closed", None, later)
        row = Deadline.objects.open().about(complaint).get(rule="complaint.effect")
        assert row.due_at.date() >= later
        assert notices(room, "head_warehouse", "ineffective") == 1
        with refused("improvement_open"):
            actions.check_effect(complaint, by=room.world.alice, effective=True, effect="好了")
        measure = complaint.measures.get(what="改用木箱")
        assert Deadline.objects.open().about(measure).filter(rule="complaint.measure").count() == 1
        actions.finish_measure(measure, by=measure.owner, outcome="已改", proof=scan())
    with clock.at(clock.now() + timedelta(days=91)):
        actions.check_effect(room.fresh(complaint), by=room.world.alice, effective=True, effect="无复发")
    assert [each.effective for each in EffectCheck.objects.filter(complaint=complaint)] == [False, True]
    assert room.fresh(complaint).effective is True
    assert not Deadline.objects.open().about(complaint).filter(rule="complaint.effect").exists()


def test_it_goes_round_again_where_the_customer_suffers_from_it_once_more(room: Room, checked: Complaint) -> None:
    with clock.at(clock.now() + timedelta(days=30)):
        actions.check_effect(
            checked, by=room.world.alice, effective=False, effect="客户又收到划伤的柜门", affected=True
        )
        complaint = room.fresh(checked)
        assert (complaint.status, complaint.round, complaint.closed_at, complaint.check_on) == (
            "investigating",
            2,
            None,
            None,
        )
        assert Deadline.objects.open().about(complaint).filter(rule="complaint.result").count() == 1


def test_nobody_judges_the_effect_of_his_own_improvement(room: Room, checked: Complaint) -> None:
    checked.measures.filter(kind="improvement").update(owner=room.world.alice)
    with clock.at(clock.now() + timedelta(days=30)):
        with refused("own_improvement"):
            actions.check_effect(checked, by=room.world.alice, effective=True, effect="好了")
        actions.check_effect(checked, by=room.world.boss, effective=True, effect="无复发")


def test_the_form_of_the_effect_asks_for_what_is_improved_instead(room: Room, checked: Complaint) -> None:
    bind = ACTIONS["complaints.check_effect"].bind
    form = bind(by=room.world.alice, obj=checked, data={"effective": "no", "effect": "又有"})
    assert set(form.problems()) == {"what", "owner", "due_on", "check_on"}
    for data in ({"effective": "yes", "effect": "好"}, {"effective": "no", "effect": "又有", "affected": "on"}):
        assert bind(by=room.world.alice, obj=checked, data=data).is_valid(), data


def test_the_nightly_check_finds_every_deadline_as_the_state_implies(room: Room) -> None:
    complaint = room.carried_out()
    check(mend=True)
    row = Deadline.objects.open().about(complaint).get(rule="complaint.feedback")
    assert row.department == room.heads["warehouse"].department
    assert check() == {}
