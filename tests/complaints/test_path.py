"""The whole way of a complaint by its verbs, and what each step leaves behind (ZT 5, KC 5.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaints import actions
from complaints.models import Cause, Complaint, Evidence, TeamTask
from complaints.telling import let_see
from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import seen
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from crm.outbox.models import Message
from crm.records.attachments import attach, visible
from crm.refusals import Forbidden
from customers.models import ContactEntry
from tests.complaints.conftest import Room
from tests.world import nothing_moves, refused, scan


def notices(room: Room, username: str, news: str) -> int:
    """How often somebody was told this."""
    rows = Message.objects.filter(template="complaints.news", recipient__username=username)
    return rows.filter(key__contains=f":complaint-{news}-").count()


def test_a_complaint_at_the_counter_knows_order_goods_batch_and_quantity(room: Room) -> None:
    complaint = room.received()
    pickup = complaint.pickup
    assert pickup is not None
    assert (complaint.number, complaint.status, complaint.channel) == ("TS2026-000001", "received", "counter")
    assert (complaint.customer, complaint.order) == (pickup.customer, pickup.order)
    assert (complaint.product, complaint.batch, complaint.quantity) == (room.world.product, "B1", Decimal(9))
    assert (complaint.owner, complaint.received_by) == (room.world.alice, room.world.clerk)
    assert complaint.department == room.world.sales
    assert (notices(room, "alice", "received"), notices(room, "boss", "received")) == (1, 1)
    assert complaint.number in str(Message.objects.get(template="complaints.number").texts)


def test_the_photo_at_the_counter_is_evidence_with_its_hash(room: Room) -> None:
    complaint = room.received(photo=scan("door.pdf"))
    piece = complaint.evidences.get()
    assert (piece.status, piece.source, piece.added_by) == ("unjudged", "customer", room.world.clerk)
    assert piece.file is not None and len(piece.file.sha256) == 64


def test_a_complaint_by_hotline_needs_no_order(room: Room) -> None:
    given = {"channel": "hotline", "category": "service", "content": "电话无人接听"}
    complaint = actions.receive_complaint(room.world.customer, by=room.world.root, **given)
    assert (complaint.order, complaint.pickup, complaint.status) == (None, None, "received")
    assert complaint.contact == room.world.contact


def test_a_pickup_of_another_order_is_refused(room: Room) -> None:
    other, found = room.world.new_order(), room.handed_over()
    given = {"channel": "hotline", "category": "service", "content": "少货"}
    with refused("other_order"):
        actions.receive_complaint(room.world.customer, by=room.world.root, order=other, pickup=found, **given)


def test_registration_tells_the_departments_and_lets_them_see_it(room: Room) -> None:
    complaint = room.received(category="appearance")
    quality = room.heads["quality"]
    assert not Complaint.objects.visible_to(quality).exists()
    room.register(complaint)
    assert complaint.status == "registered"
    assert (complaint.severity, complaint.wish, complaint.registered_by) == ("major", "replacement", room.world.alice)
    assert list(Complaint.objects.visible_to(quality)) == [complaint]
    assert notices(room, "head_quality", "registered") == 1
    assert notices(room, "head_finance", "registered") == 0


def test_a_team_without_a_department_that_the_category_asks_for_is_refused(room: Room) -> None:
    complaint = room.registered()
    tasks = [each for each in room.team(complaint) if each["department"].code != "quality"]
    with refused("team_incomplete") as caught:
        actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=tasks)
    assert "quality" in str(caught.value.sentence)


@pytest.mark.parametrize(
    ("category", "codes"),
    [
        ("quality", ["sales", "warehouse", "logistics", "quality", "production"]),
        ("shortage", ["sales", "warehouse", "logistics", "production", "finance"]),
        ("delivery", ["sales", "warehouse", "logistics"]),
        ("price", ["sales", "warehouse", "logistics", "finance"]),
        ("promise", ["sales", "warehouse", "logistics", "order_desk"]),
    ],
)
def test_who_must_be_in_the_team_follows_from_the_category(room: Room, category: str, codes: list[str]) -> None:
    complaint = room.investigating(category=category)
    assert [task.department.code for task in complaint.teamtasks.all()] == codes
    assert all(task.owner == room.heads[task.department.code] for task in complaint.teamtasks.all())


def test_a_task_is_done_by_its_department_only(room: Room) -> None:
    complaint = room.investigating()
    task = complaint.teamtasks.get(department__code="quality")
    with refused("not_asked"):
        actions.finish_task(task, by=room.heads["production"], outcome="已查")
    actions.finish_task(task, by=room.heads["quality"], outcome="漆膜厚度合格")
    assert (task.status, task.outcome, task.done_by) == ("done", "漆膜厚度合格", room.heads["quality"])
    extra = actions.add_task(
        complaint, by=room.world.alice, department=task.department, what="复检", due_on=clock.today()
    )
    assert (extra.owner, extra.status) == (room.heads["quality"], "open")


def test_the_heads_sign_one_after_the_other(room: Room) -> None:
    complaint = room.investigating()
    room.verify(complaint)
    for early in ("production", "sales"):
        with refused("not_your_turn"):
            actions.sign_opinion(complaint, by=room.heads[early], text="属实")
    for code in ("quality", "production"):
        actions.sign_opinion(complaint, by=room.heads[code], text=f"{code} 属实")
    assert [each.column for each in complaint.opinions.all()] == ["verifying", "production"]
    for code in ("quality", "sales"):
        with refused("nobodys_turn"):
            actions.sign_opinion(complaint, by=room.heads[code], text="再签")
    assert notices(room, "head_production", "opinion") == 1
    assert notices(room, "alice", "finding") == 1


def test_the_finding_waits_for_tasks_verdicts_opinions_and_the_lead(room: Room) -> None:
    complaint = room.investigating()
    given = {
        "facts": "装车时划伤",
        "cause": Cause.objects.get(code="storage-damage"),
        "fault": "ours",
        "responsible": Department.objects.get(code="warehouse"),
    }
    with refused("not_lead"):
        actions.sign_finding(complaint, by=room.world.boss, **given)
    with refused("tasks_open"):
        actions.sign_finding(complaint, by=room.world.alice, **given)
    room.do_tasks(complaint)
    with refused("not_verified"):
        actions.sign_finding(complaint, by=room.world.alice, **given)
    room.verify(complaint)
    when = {"taken_by": "李", "taken_at": clock.now()}
    piece = actions.add_evidence(complaint, by=room.heads["quality"], what="照片", source="site", **when)
    with refused("not_judged"):
        actions.sign_finding(complaint, by=room.world.alice, **given)
    actions.judge_evidence(piece, by=room.world.alice, verdict="doubtful", reason="拍摄时间不清")
    assert (piece.status, piece.judged_by, piece.reason) == ("doubtful", room.world.alice, "拍摄时间不清")
    with refused("opinion_missing"):
        actions.sign_finding(complaint, by=room.world.alice, **given)
    room.sign_all(complaint)
    actions.sign_finding(complaint, by=room.world.alice, **given)
    finding = complaint.findings.get()
    assert (complaint.status, complaint.cause, complaint.responsible) == ("found", finding.cause, finding.responsible)
    assert (finding.round, finding.signed_by) == (1, room.world.alice)
    with refused("found"):
        actions.judge_evidence(room.fresh(piece), by=room.world.alice, verdict="accepted", reason="改判")


def test_not_our_fault_needs_proof(room: Room) -> None:
    complaint = room.find(room.investigating(), fault="customer")
    with refused("no_proof"):
        room.write(complaint, outcome="no_fault")
    assert Evidence.objects.count() == 0


def test_a_plan_is_handed_in_by_the_owner_after_customer_and_sales_agree(room: Room) -> None:
    ask = ACTIONS["complaints.ask_approve_plan"]
    complaint = room.found()
    with refused("no_plan"):
        ask(complaint, by=room.world.alice)
    room.write(complaint)
    with refused("not_agreed"):
        ask(complaint, by=room.world.alice)
    actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="同意换门")
    assert ContactEntry.objects.filter(customer=complaint.customer, what__contains="同意换门").count() == 1
    with refused("agreed"):
        actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="再同意")
    with refused("opinion_missing"):
        ask(complaint, by=room.world.alice)
    with refused("not_your_turn"):
        actions.sign_opinion(complaint, by=room.heads["quality"], text="同意")
    actions.sign_opinion(complaint, by=room.world.boss, text="同意")
    assert notices(room, "alice", "hand_in") == 1
    with refused("not_owner"):
        ask(complaint, by=room.heads["warehouse"])
    with refused("needs_approval"):
        actions.approve_plan(complaint, by=room.world.alice)
    ask(complaint, by=room.world.alice)
    assert room.fresh(complaint).status == "deciding"


def test_a_plan_that_is_written_anew_is_not_agreed_on(room: Room) -> None:
    complaint = room.write(room.agreed(), solution="更换整柜")
    plan = complaint.plans.get()
    assert (plan.solution, plan.agreed_at, plan.version) == ("更换整柜", None, 3)
    assert plan.measures.count() == 2


def test_department_head_sales_and_executive_approve_and_the_measures_begin(room: Room) -> None:
    request = room.asked()
    complaint = Complaint.objects.get(pk=request.subject_pk)
    assert list(Task.objects.filter(request=request).values_list("approver__username", flat=True)) == ["head_warehouse"]
    assert not complaint.measures.filter(running=True).exists()
    measure = complaint.measures.first()
    assert measure is not None
    with refused("not_approved"):
        actions.finish_measure(measure, by=measure.owner, outcome="做了", proof=scan())
    room.decide(request)
    complaint = room.fresh(complaint)
    assert (complaint.status, complaint.approved_at) == ("carrying_out", clock.now())
    assert complaint.measures.filter(running=True).count() == 2


def test_what_is_sent_back_is_planned_again(room: Room) -> None:
    request = room.asked()
    task = Task.objects.get(request=request, approver=room.heads["warehouse"])
    approvals.reject(task, by=room.heads["warehouse"], reason="补偿过高")
    complaint = Complaint.objects.get(pk=request.subject_pk)
    assert complaint.status == "found"
    room.decide(ACTIONS["complaints.ask_approve_plan"](room.agreed(complaint), by=room.world.alice))
    assert room.fresh(complaint).status == "carrying_out"


def test_a_changed_plan_stops_what_is_open_and_is_approved_anew(room: Room) -> None:
    complaint = room.approved()
    first = complaint.measures.order_by("pk").first()
    assert first is not None
    actions.finish_measure(first, by=first.owner, outcome="已换", proof=scan())
    complaint = actions.change_plan(room.fresh(complaint), by=room.world.alice, reason="客户改主意")
    assert (complaint.status, complaint.plans.get().agreed_at) == ("found", None)
    assert complaint.measures.filter(running=True, status="open").count() == 0
    room.approved(complaint)
    assert sorted(complaint.measures.values_list("status", flat=True)) == ["done", "open", "open"]


def test_the_last_measure_brings_the_result_to_sales_and_to_the_customer(room: Room) -> None:
    complaint = room.approved()
    one, two = complaint.measures.order_by("pk")
    with refused("not_owner"):
        actions.finish_measure(one, by=room.heads["production"], outcome="已换", proof=scan())
    actions.finish_measure(one, by=one.owner, outcome="已换", proof=scan())
    assert room.fresh(complaint).status == "carrying_out"
    actions.finish_measure(two, by=two.owner, outcome="已道歉", proof=scan())
    complaint = room.fresh(complaint)
    assert (complaint.status, one.proof is not None) == ("carried_out", True)
    with refused("not_asked"):
        actions.report_result(complaint, by=room.heads["production"], result="完成")
    actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    assert notices(room, "alice", "reported") == 1
    actions.tell_customer(complaint, by=room.world.alice, channel="mail")
    assert (complaint.status, complaint.told_at) == ("told", clock.now())
    assert "柜门已更换" in str(Message.objects.get(template="complaints.told").texts)


def test_a_satisfied_customers_complaint_closes_only_with_an_improvement(room: Room) -> None:
    complaint = room.visited(satisfied=True)
    assert complaint.status == "satisfied"
    later = clock.today() + timedelta(days=30)
    with refused("no_improvement"):
        actions.close_complaint(complaint, by=room.world.alice, check_on=later)
    improvement = actions.plan_improvement(
        complaint, by=room.world.alice, what="装车加护角", owner=room.heads["warehouse"], due_on=clock.today()
    )
    actions.close_complaint(complaint, by=room.world.alice, check_on=later)
    assert (complaint.status, complaint.check_on, complaint.closed_at) == ("closed", later, clock.now())
    assert complaint.closed_by == room.world.alice
    with refused("improvement_open"):
        actions.check_effect(complaint, by=room.world.alice, effective=True, effect="无复发")
    actions.finish_measure(improvement, by=improvement.owner, outcome="已配护角", proof=scan())
    with refused("too_early"):
        actions.check_effect(room.fresh(complaint), by=room.world.alice, effective=True, effect="无复发")
    with clock.at(clock.now() + timedelta(days=30)):
        actions.check_effect(room.fresh(complaint), by=room.world.alice, effective=True, effect="无复发")
        assert room.fresh(complaint).effective is True
        with refused("checked"):
            actions.check_effect(room.fresh(complaint), by=room.world.alice, effective=False, effect="复发")


def test_an_unsatisfied_customers_complaint_goes_round_and_the_second_time_one_level_up(room: Room) -> None:
    complaint = room.visited(satisfied=False)
    assert (complaint.status, complaint.round, complaint.owner) == ("investigating", 2, room.world.alice)
    assert (complaint.result, complaint.told_at, complaint.approved_at) == ("", None, None)
    with refused("opinion_missing"):
        actions.sign_finding(
            complaint,
            by=room.world.alice,
            facts="复查",
            cause=Cause.objects.get(code="making"),
            fault="ours",
            responsible=room.heads["production"].department,
        )
    complaint = room.visited(False, room.find(complaint))
    assert (complaint.status, complaint.round, complaint.owner) == ("investigating", 3, room.world.boss)
    assert notices(room, "boss", "raised") == 1
    assert complaint.reopened == 2
    assert [each.satisfied for each in complaint.followups.all()] == [False, False]
    assert list(Complaint.objects.visible_to(room.world.alice)) == [complaint]


def test_nothing_leads_around_the_procedure(room: Room) -> None:
    complaint = room.registered()
    with nothing_moves():
        for name in ("close_complaint", "tell_customer", "report_result", "sign_finding", "write_plan"):
            verb = ACTIONS[f"complaints.{name}"]
            assert verb.refusal(complaint, room.world.root) is not None, name
        for name in ("note_measures_done", "begin_decision", "end_decision"):
            assert ACTIONS[f"complaints.{name}"].refusal(complaint, room.world.root) is not None, name
    leading = {verb for verb in ACTIONS.values() if verb.model is Complaint and "closed" in verb.targets}
    assert {verb.name for verb in leading if verb.source != {"closed"}} == {"complaints.close_complaint"}


def test_strangers_see_no_complaint_and_the_clerk_his_own(room: Room) -> None:
    complaint = room.received(category="appearance")
    other = room.world.person("clerk2", "counter")
    assert list(Complaint.objects.visible_to(room.world.clerk)) == [complaint]
    for user in (other, room.world.bob, room.world.charlie, room.world.stranger, room.heads["quality"]):
        assert not Complaint.objects.visible_to(user).exists(), user
    for user in (room.world.alice, room.world.boss, room.executive):
        assert list(Complaint.objects.visible_to(user)) == [complaint]
    with nothing_moves(), pytest.raises(Complaint.DoesNotExist):
        actions.send_progress_link(complaint, by=room.world.charlie)


@pytest.mark.parametrize("role", ["counter", "reception"])
def test_a_clerk_of_a_department_in_the_team_still_sees_only_his_own(room: Room, role: str) -> None:
    warehouse = Department.objects.get(code="warehouse")
    clerk = room.world.person("clerk2", role, department=warehouse)
    keeper = room.world.person("keeper", "warehouse", department=warehouse)
    both = room.world.person("both", role, "warehouse", department=warehouse)
    complaint = room.investigating()
    own = room.received()
    Complaint.objects.filter(pk=own.pk).update(received_by=clerk)
    task = complaint.teamtasks.get(department=warehouse)
    file = attach(complaint, scan(), by=room.world.alice, kind="evidence")
    for user, sees in ((clerk, False), (keeper, True), (both, True)):
        assert Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists() is sees
        assert TeamTask.objects.visible_to(user).filter(pk=task.pk).exists() is sees
        assert (seen(Complaint.objects.all(), user, complaint.pk) == complaint) is sees
        assert (seen(TeamTask.objects.all(), user, task.pk) == task) is sees
        assert visible([file], user) == ([file] if sees else [])
    assert list(Complaint.objects.visible_to(clerk)) == [own]
    let_see(complaint, users=[clerk])
    assert Complaint.objects.visible_to(clerk).filter(pk=complaint.pk).exists()


def test_a_clerk_registers_nothing(room: Room) -> None:
    complaint = room.received()
    with nothing_moves(), pytest.raises(Forbidden):
        actions.register_complaint(complaint, by=room.world.clerk, category="quality", severity="minor", wish="apology")


def test_whether_he_is_satisfied_is_never_chosen_beforehand(room: Room) -> None:
    complaint = room.told()
    verb = ACTIONS["complaints.record_return_visit"]
    assert verb.bind(by=room.world.alice, obj=complaint)["satisfied"].value() in (None, "")
    form = verb.bind(by=room.world.alice, obj=complaint, data={"channel": "phone", "words": "挂了电话"})
    assert form.problems()["satisfied"][0]["code"] == "required"
