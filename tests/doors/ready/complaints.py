"""What the verbs of complaints can be done to, and input that they accept."""

from typing import Any

from complaints import actions, first_causes
from complaints.models import Cause, Complaint, Evidence, Measure, Opinion, TeamTask
from complaints.parties import columns, required
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World, scan

HOTLINE = {"channel": "hotline", "category": "service", "content": "电话无人接听"}
EVIDENCE = {"what": "通话记录", "source": "interview", "taken_by": "前台", "taken_at": "2026-11-23T09:00:00+08:00"}


def _received(world: World) -> Complaint:
    complaint = actions.receive_complaint(world.customer, by=world.root, **HOTLINE)
    Complaint.objects.filter(pk=complaint.pk).update(owner=world.root)  # who carries it on does nearly all of it
    return Complaint.objects.get(pk=complaint.pk)


def _registered(world: World) -> Complaint:
    Department.objects.filter(head=None).update(head=world.root)  # who signs for all of them
    given = {"category": "service", "severity": "minor", "wish": "apology", "content": "电话无人接听"}
    return actions.register_complaint(_received(world), by=world.root, **given)


def _investigating(world: World) -> Complaint:
    complaint = _registered(world)
    tasks = [{"department": each, "what": "查明", "due_on": clock.today()} for each in required("service")]
    return actions.form_team(complaint, by=world.root, lead=world.root, tasks=tasks)


def _task(world: World) -> TeamTask:
    return TeamTask.objects.filter(complaint=_investigating(world)).earliest("pk")


def _evidence(world: World) -> Evidence:
    given = {**EVIDENCE, "taken_at": clock.now()}
    return actions.add_evidence(_registered(world), by=world.person("tester", "administrator"), **given)


def _ripe(world: World) -> Complaint:
    complaint = _investigating(world)
    for task in complaint.teamtasks.all():
        actions.finish_task(task, by=world.root, outcome="已查明")
    for column, _department in columns("service"):
        if column != Opinion.Column.SALES:
            actions.sign_opinion(complaint, by=world.root, text="属实")
    return complaint


def _cause() -> Cause:
    first_causes.make(Cause)
    return Cause.objects.get(code="service-attitude")


def _found(world: World) -> Complaint:
    given = {"facts": "无人值班", "cause": _cause(), "fault": "ours", "responsible": world.sales}
    return actions.sign_finding(_ripe(world), by=world.root, **given)


def _written(world: World) -> Complaint:
    measures = [{"what": "上门道歉", "owner": None, "due_on": clock.today()}]
    given = {"outcome": "apology", "solution": "道歉", "department": world.sales, "person": world.root}
    return actions.write_plan(_found(world), by=world.root, measures=measures, **given)


def _agreed(world: World) -> Complaint:
    complaint = actions.record_agreement(_written(world), by=world.root, channel="phone", words="同意")
    actions.sign_opinion(complaint, by=world.root, text="同意")
    return complaint


def _approved(world: World) -> Complaint:
    keeper = world.person("decider", "administrator")
    request = ACTIONS["complaints.ask_approve_plan"](_agreed(world), by=world.root)
    while (task := request.tasks.filter(status="waiting").first()) is not None:
        approvals.approve(task, by=keeper)
    return Complaint.objects.get(pk=request.subject_pk)


def _measure(world: World) -> Measure:
    return _approved(world).measures.get()


def _carried_out(world: World) -> Complaint:
    measure = actions.finish_measure(_measure(world), by=world.root, outcome="已道歉", proof=scan())
    return Complaint.objects.get(pk=measure.complaint_id)


def _reported(world: World) -> Complaint:
    return actions.report_result(_carried_out(world), by=world.root, result="已道歉")


def _told(world: World) -> Complaint:
    return actions.tell_customer(_reported(world), by=world.root, channel="phone")


def _satisfied(world: World) -> Complaint:
    complaint = actions.record_return_visit(_told(world), by=world.root, satisfied=True, channel="phone", words="满意")
    given = {"what": "增设值班", "owner": world.bob, "due_on": clock.today()}
    actions.plan_improvement(complaint, by=world.root, **given)
    return complaint


def _closed(world: World) -> Complaint:
    complaint = actions.close_complaint(_satisfied(world), by=world.root, check_on=clock.today())
    improvement = complaint.measures.get(kind="improvement")
    actions.finish_measure(improvement, by=world.bob, outcome="已增设", proof=scan())
    return Complaint.objects.get(pk=complaint.pk)


def _owned(complaint: Complaint, owner: User) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(owner=owner)
    return Complaint.objects.get(pk=complaint.pk)


def _of_another(world: World) -> Complaint:
    return _owned(_closed(world), world.alice)  # nobody reviews the file of his own


def _sent_back(world: World) -> Complaint:
    found = actions.send_back_file(_of_another(world), by=world.root, words="缺签收单")
    return _owned(found, world.root)


def _reviewed(world: World) -> Complaint:
    return actions.review_file(_of_another(world), by=world.root, words="齐全")


def _team(world: World) -> tuple[Any, dict[str, Any]]:
    complaint = _registered(world)
    tasks = [{"department": each.pk, "what": "查明", "due_on": TODAY} for each in required("service")]
    return complaint, {"lead": world.bob.pk, "tasks": tasks}


def _plan(world: World) -> tuple[Any, dict[str, Any]]:
    complaint = _found(world)
    measures = [{"what": "上门道歉", "due_on": NEXT_WEEK}]
    given = {"outcome": "apology", "solution": "道歉", "department": world.sales.pk, "person": world.root.pk}
    return complaint, {**given, "measures": measures}


def _finding(world: World) -> tuple[Any, dict[str, Any]]:
    given = {"facts": "无人值班", "cause": _cause().pk, "fault": "ours", "responsible": world.sales.pk}
    return _ripe(world), given


def _deciding(world: World) -> Complaint:
    world.person("decider", "administrator")
    request = ACTIONS["complaints.ask_approve_plan"](_agreed(world), by=world.root)
    return Complaint.objects.get(pk=request.subject_pk)


REGISTERED = {"category": "service", "severity": "major", "wish": "apology", "content": "电话无人接听"}
WITHDRAWN = {"why": "taken_back", "words": "来电说已与司机说清，不再追究"}

READY: dict[str, Ready] = {
    "complaints.complain_at_counter": lambda w: (w.handed_over(), {"category": "quality", "content": "划伤"}),
    "complaints.receive_complaint": lambda w: (w.customer, HOTLINE),
    "complaints.register_complaint": lambda w: (_received(w), REGISTERED),
    "complaints.form_team": _team,
    "complaints.add_task": lambda w: (
        _investigating(w),
        {"department": w.sales.pk, "owner": w.bob.pk, "what": "走访客户", "due_on": TODAY},
    ),
    "complaints.change_lead": lambda w: (_investigating(w), {"lead": w.bob.pk, "reason": "原组长调离"}),
    "complaints.finish_task": lambda w: (_task(w), {"outcome": "已查明"}),
    "complaints.add_evidence": lambda w: (_registered(w), {**EVIDENCE, "file": scan()}),
    "complaints.judge_evidence": lambda w: (_evidence(w), {"verdict": "accepted", "reason": "核对无误"}),
    "complaints.sign_opinion": lambda w: (_investigating(w), {"text": "属实"}),
    "complaints.sign_finding": _finding,
    "complaints.write_plan": _plan,
    "complaints.record_agreement": lambda w: (_written(w), {"channel": "phone", "words": "同意"}),
    "complaints.send_plan": lambda w: (_written(w), {}),
    "complaints.agree_to_plan": lambda w: (_written(w), {"answer": "同意"}),
    "complaints.decline_plan": lambda w: (_written(w), {"answer": "不同意"}),
    "complaints.begin_decision": lambda w: (_agreed(w), {}),
    "complaints.end_decision": lambda w: (_deciding(w), {}),
    "complaints.ask_approve_plan": lambda w: (_agreed(w), {}),
    "complaints.approve_plan": lambda w: (_agreed(w), {}),
    "complaints.change_plan": lambda w: (_approved(w), {"reason": "客户改主意"}),
    "complaints.finish_measure": lambda w: (_measure(w), {"outcome": "已道歉", "proof": scan()}),
    "complaints.note_measures_done": lambda w: (_approved(w), {}),
    "complaints.plan_improvement": lambda w: (
        _found(w),
        {"what": "增设值班", "owner": w.bob.pk, "due_on": NEXT_WEEK},
    ),
    "complaints.report_result": lambda w: (_carried_out(w), {"result": "已道歉"}),
    "complaints.tell_customer": lambda w: (_reported(w), {"channel": "mail"}),
    "complaints.record_return_visit": lambda w: (_told(w), {"satisfied": "no", "channel": "phone", "words": "不满意"}),
    "complaints.close_complaint": lambda w: (_satisfied(w), {"check_on": NEXT_WEEK}),
    "complaints.check_effect": lambda w: (_closed(w), {"effective": "yes", "effect": "无复发"}),
    "complaints.ask_withdraw_complaint": lambda w: (_received(w), WITHDRAWN),
    "complaints.withdraw_complaint": lambda w: (_received(w), WITHDRAWN),
    "complaints.send_progress_link": lambda w: (_received(w), {}),
    "complaints.review_file": lambda w: (_of_another(w), {"words": "齐全"}),
    "complaints.send_back_file": lambda w: (_of_another(w), {"words": "缺签收单"}),
    "complaints.complete_file": lambda w: (_sent_back(w), {"words": "已补", "paper": scan()}),
    "complaints.archive_complaint": lambda w: (_reviewed(w), {}),
    "complaints.add_to_complaint": lambda w: (_received(w), {"text": "补充照片", "photo": scan()}),
}
