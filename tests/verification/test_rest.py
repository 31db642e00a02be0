"""A shortage by REST, from the counter over the scale to a satisfied customer, each step by a user of his role."""

import json

from complaints.models import Complaint, TeamTask
from complaints.parties import columns
from complaints.verification.models import Scale, Verification
from crm.accounts.models import User
from tests.complaints.test_rest import TODAY, Rest, carry_out, decide, finding
from tests.verification.conftest import Bench
from tests.world import scan

RAISED = {"category": "shortage", "content": "过磅少 200 公斤"}
CERTIFICATE = {
    "number": "JD-2026-1",
    "issued_by": "重庆市计量院",
    "issued_on": "2026-03-01",
    "valid_until": "2027-02-28",
}
SCALE = {
    "number": "DB-01",
    "place": "一号门",
    "kind": "truck",
    "capacity": "80000",
    "division": "20",
    "accuracy": "III",
}
STATED = {"meets_standard": "yes", "statement": "检定合格，误差在允许范围内"}


def weighing(net: int, at: str, **facts: object) -> dict[str, object]:
    return {"place": "一号门", "gross": net + 12000, "tare": 12000, "at": at, "weigher": "司磅员老李", **facts}


def a_scale(rest: Rest, keeper: User, warehouse: int) -> Scale:
    """Entered into the register, and certified."""
    path, body = "/api/v1/verification.register_scale/", json.dumps({**SCALE, "warehouse": warehouse})
    answer = rest.client(keeper).post(path, body, content_type="application/json")
    assert answer.status_code == 201, answer.text
    scale = Scale.objects.get()
    rest.do(keeper, scale, "verification.enter_certificate", file=scan("certificate.pdf"), **CERTIFICATE)
    return scale


def test_a_shortage_from_the_counter_to_closed(bench: Bench) -> None:
    world, rest = bench.world, Rest(bench)
    alice, weigher = world.alice, bench.weigher
    User.objects.filter(pk=world.boss.pk).update(manager=bench.executive)
    rest.do(world.clerk, bench.handed_over(), "complain_at_counter", **RAISED)
    rest.pk = Complaint.objects.get().pk
    rest.do(alice, rest.complaint, "register_complaint", severity="major", wish="compensation", **RAISED)
    tasks = [
        {"department": each["department"].pk, "what": "查明", "due_on": TODAY} for each in bench.team(rest.complaint)
    ]
    rest.do(alice, rest.complaint, "form_team", lead=alice.pk, tasks=tasks)

    scale = a_scale(rest, weigher, world.warehouse.pk)
    early = rest.do(bench.heads["warehouse"], rest.complaint, "sign_opinion", 409, text="属实")
    assert early["error"]["code"] == "not_verified"
    rest.do(alice, rest.complaint, "verification.open_verification", kind="pickup")
    paper = Verification.objects.get()
    refused = rest.do(weigher, paper, "verification.state_scale", 409, scale=scale.pk, **STATED)
    assert refused["error"]["code"] == "not_weighed"
    loaded = weighing(30000, "2026-11-20T10:00:00+08:00", stage="loaded", scale=scale.pk)
    rest.do(alice, paper, "verification.note_weighing", **loaded)
    arrived = weighing(29800, "2026-11-20T15:00:00+08:00", stage="arrived", whose="客户地磅")
    rest.do(alice, paper, "verification.note_weighing", **arrived)
    rest.do(weigher, paper, "verification.state_scale", scale=scale.pk, **STATED)
    assert rest.do(weigher, paper, "verification.sign_verification", sealed=True)["status"] == "signed"

    for task in TeamTask.objects.filter(complaint=rest.pk, status="open"):
        rest.do(task.owner, task, "finish_task", outcome="已查明")
    for column, department in columns(rest.complaint.category):
        if column != "sales":
            assert department.head is not None
            rest.do(department.head, rest.complaint, "sign_opinion", text="情况属实")
    rest.do(alice, rest.complaint, "sign_finding", **finding(bench))
    decide(rest, alice)
    carry_out(rest, alice, bench.heads["logistics"])
    rest.do(alice, rest.complaint, "record_return_visit", channel="phone", satisfied="yes", words="满意")
    improvement = {"what": "装车复磅", "owner": bench.heads["warehouse"].pk, "due_on": TODAY}
    rest.do(alice, rest.complaint, "plan_improvement", **improvement)
    rest.do(alice, rest.complaint, "close_complaint", check_on="2026-12-30")
    answer = rest.seen_by(alice)
    assert (answer["status"], answer["round"], answer["category"]) == ("closed", 1, "shortage")
