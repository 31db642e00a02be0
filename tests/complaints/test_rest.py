"""The whole life of a complaint by REST, each step by a user of his role with a token; it is reopened twice (ZT 5)."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from complaints.models import Cause, Complaint, Measure, TeamTask
from complaints.parties import columns
from crm import clock
from crm.accounts.models import User
from crm.api.resources import resource_of
from crm.api.tokens import issue
from crm.approvals.models import ApprovalRequest
from crm.approvals.models import Task as ApprovalTask
from tests.complaints.conftest import Room
from tests.world import scan

TODAY = "2026-11-23"
POSSIBLE = {  # what the owner is offered in each state, as far as it leads on
    "received": {"register_complaint", "ask_withdraw_complaint"},
    "registered": {"form_team", "add_evidence", "ask_withdraw_complaint"},
    "investigating": {"add_task", "add_evidence", "change_lead"},
    "found": {"write_plan", "change_lead"},
    "carrying_out": {"change_plan", "plan_improvement"},
    "reported": {"tell_customer"},
    "told": {"record_return_visit"},
    "satisfied": {"plan_improvement"},
}


@dataclass
class Rest:
    """Everybody's own client, and the complaint that they work on."""

    room: Room
    pk: int = 0
    clients: dict[int, Client] = field(default_factory=dict)

    def client(self, user: User) -> Client:
        if user.pk not in self.clients:
            _token, secret = issue(user, "test", ("write",), days=None)
            self.clients[user.pk] = Client(headers={"Authorization": f"Bearer {secret}"})
        return self.clients[user.pk]

    def do(self, user: User, row: Model, verb: str, want: int = 200, **body: Any) -> dict[str, Any]:
        """The verb, sent as JSON, or as a form of parts where there is a file; answers what was answered."""
        resource = resource_of(type(row))
        assert row.pk is not None
        url = resource.url_of(row.pk) if resource else f"/api/v1/{row._meta.label_lower}/{row.pk}/"
        path = f"{url}{verb if '.' in verb else f'complaints.{verb}'}/"
        client = self.client(user)
        if any(isinstance(each, SimpleUploadedFile) for each in body.values()):
            answer = client.post(path, body)
        else:
            answer = client.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code in {200: (200, 201)}.get(want, (want,)), (verb, answer.status_code, answer.text[:500])
        found: dict[str, Any] = answer.json()
        return found

    @property
    def complaint(self) -> Complaint:
        return Complaint.objects.get(pk=self.pk)

    def seen_by(self, user: User) -> dict[str, Any]:
        found: dict[str, Any] = self.client(user).get(f"/api/v1/complaints/{self.pk}/").json()
        return found

    def stands(self, state: str, owner: User) -> None:
        """It is in this state, its owner is offered what leads on, and closing is refused with the code of the gate."""
        answer = self.seen_by(owner)
        assert answer["status"] == state
        offered = {each["name"].partition(".")[2] for each in answer["actions"]}
        assert POSSIBLE.get(state, set()) <= offered, (state, offered)
        refused = {each["name"].partition(".")[2]: each["code"] for each in answer["refused"]}
        if state == "satisfied":
            assert refused["close_complaint"] == "no_improvement"
        else:
            assert refused["close_complaint"] == "wrong_state"
            code = self.do(owner, self.complaint, "close_complaint", 409, check_on="2026-12-30")["error"]["code"]
            assert code == "wrong_state"


def investigate(rest: Rest) -> None:
    """Tasks of this round, the columns of the heads, and the finding of the lead."""
    room = rest.room
    for task in TeamTask.objects.filter(complaint=rest.pk, status="open"):
        other = room.heads["finance"]
        assert rest.do(other, task, "finish_task", 404, outcome="x")["error"]["code"] == "not_found"
        rest.do(task.owner, task, "finish_task", outcome="已查明")
    early = rest.do(room.world.alice, rest.complaint, "sign_finding", 409, **finding(room))
    assert early["error"]["code"] == ("not_verified" if rest.complaint.round == 1 else "opinion_missing")
    room.verify(rest.complaint)
    for column, department in columns(rest.complaint.category):
        if column != "sales":
            assert department.head is not None
            rest.do(department.head, rest.complaint, "sign_opinion", text="情况属实")
    rest.do(room.world.alice, rest.complaint, "sign_finding", **finding(room))


def finding(room: Room) -> dict[str, Any]:
    cause = Cause.objects.get(code="storage-damage").pk
    return {
        "facts": "装车时划伤",
        "cause": cause,
        "fault": "ours",
        "responsible": room.heads["warehouse"].department_id,
    }


def decide(rest: Rest, owner: User) -> None:
    """The plan: written, agreed on, signed by sales, and approved by all who are asked."""
    room, head = rest.room, rest.room.heads["warehouse"]
    plan = {"outcome": "apology", "solution": "更换柜门", "department": head.department_id, "person": head.pk}
    measures = [
        {"what": "更换柜门", "due_on": TODAY},
        {"what": "上门道歉", "owner": room.world.alice.pk, "due_on": TODAY},
    ]
    refused = rest.do(head, rest.complaint, "write_plan", 409, measures=measures, **plan)
    assert refused["error"]["code"] == "not_carrying"
    rest.do(owner, rest.complaint, "write_plan", measures=measures, **plan)
    assert rest.do(owner, rest.complaint, "ask_approve_plan", 409)["error"]["code"] == "not_agreed"
    rest.do(owner, rest.complaint, "record_agreement", channel="phone", words="同意")
    assert rest.do(owner, rest.complaint, "ask_approve_plan", 409)["error"]["code"] == "opinion_missing"
    rest.do(room.world.boss, rest.complaint, "sign_opinion", text="同意按方案处理")
    rest.do(owner, rest.complaint, "ask_approve_plan")
    assert rest.complaint.status == "deciding"
    assert rest.do(owner, rest.complaint, "approve_plan", 409)["error"]["code"] == "needs_approval"
    request = ApprovalRequest.objects.latest("pk")
    while (task := ApprovalTask.objects.filter(request=request, status="waiting").first()) is not None:
        rest.do(task.approver, task, "approvals.approve", opinion="同意")


def carry_out(rest: Rest, owner: User, bystander: User) -> None:
    """Each measure with its proof; the result goes to sales and to the customer, and a bystander reports none."""
    room = rest.room
    for measure in Measure.objects.filter(complaint=rest.pk, status="open", kind="remedy"):
        rest.do(measure.owner, measure, "finish_measure", outcome="已完成", proof=scan("proof.pdf"))
    assert rest.complaint.status == "carried_out"
    refused = rest.do(bystander, rest.complaint, "report_result", 409, result="完成")
    assert refused["error"]["code"] == "not_asked"
    rest.do(room.heads["warehouse"], rest.complaint, "report_result", result="柜门已更换")
    rest.stands("reported", owner)
    rest.do(owner, rest.complaint, "tell_customer", channel="phone")
    rest.stands("told", owner)


def test_from_the_counter_to_closed_and_twice_round_again(room: Room) -> None:
    world, rest = room.world, Rest(room)
    alice, boss = world.alice, world.boss
    User.objects.filter(pk=boss.pk).update(manager=room.executive)  # who decides in his place on what he hands in
    pickup = room.handed_over()
    opened = rest.do(world.clerk, pickup, "complain_at_counter", category="quality", content="柜门划伤")
    rest.pk = Complaint.objects.get().pk
    assert opened["number"] == "TS2026-000001"
    rest.stands("received", alice)
    refused = rest.do(
        world.clerk,
        rest.complaint,
        "register_complaint",
        403,
        category="quality",
        severity="major",
        wish="replacement",
        content="柜门划伤",
    )
    assert refused["error"]["code"] == "forbidden"
    rest.do(
        alice,
        rest.complaint,
        "register_complaint",
        category="quality",
        severity="major",
        wish="replacement",
        content="柜门划伤，漆面脱落",
    )
    rest.stands("registered", alice)
    tasks = [
        {"department": each["department"].pk, "what": "查明", "due_on": TODAY} for each in room.team(rest.complaint)
    ]
    some = rest.do(alice, rest.complaint, "form_team", 409, lead=alice.pk, tasks=tasks[:2])
    assert some["error"]["code"] == "team_incomplete"
    rest.do(alice, rest.complaint, "form_team", lead=alice.pk, tasks=tasks)
    rest.stands("investigating", alice)
    taken = {"what": "检验报告", "source": "test", "taken_by": "质检员", "taken_at": "2026-11-23T09:00:00+08:00"}
    rest.do(room.heads["quality"], rest.complaint, "add_evidence", file=scan("report.pdf"), **taken)
    piece = rest.complaint.evidences.get()
    own = rest.do(room.heads["quality"], piece, "judge_evidence", 409, verdict="accepted", reason="属实")
    assert own["error"]["code"] == "own_evidence"
    rest.do(alice, piece, "judge_evidence", verdict="accepted", reason="原件核对无误")

    for round_, owner in ((1, alice), (2, alice), (3, boss)):
        assert (rest.complaint.round, rest.complaint.owner) == (round_, owner)
        investigate(rest)
        rest.stands("found", owner)
        decide(rest, owner)
        rest.stands("carrying_out", owner)
        carry_out(rest, owner, room.heads["quality"])
        satisfied = round_ == 3
        words = {"satisfied": "yes" if satisfied else "no", "words": "满意" if satisfied else "还是有划痕"}
        rest.do(owner, rest.complaint, "record_return_visit", channel="phone", **words)
        assert rest.complaint.status == ("satisfied" if satisfied else "investigating")

    rest.stands("satisfied", boss)
    improvement = {"what": "装车加护角", "owner": room.heads["warehouse"].pk, "due_on": TODAY}
    rest.do(boss, rest.complaint, "plan_improvement", **improvement)
    rest.do(boss, rest.complaint, "close_complaint", check_on="2026-12-30")
    answer = rest.seen_by(alice)
    assert (answer["status"], answer["round"], len(answer["findings"]), len(answer["followups"])) == ("closed", 3, 3, 3)
    assert [each["satisfied"] for each in answer["followups"]] == [False, False, True]
    assert answer["closed_by"] == boss.pk
    measure = Measure.objects.get(complaint=rest.pk, kind="improvement")
    rest.do(room.heads["warehouse"], measure, "finish_measure", outcome="已配", proof=scan("corner.pdf"))
    early = rest.do(boss, rest.complaint, "check_effect", 409, effective="yes", effect="无复发")
    assert early["error"]["code"] == "too_early"
    with clock.at(clock.now().replace(month=12, day=30)):
        rest.do(boss, rest.complaint, "check_effect", effective="yes", effect="无复发")
    answer = rest.seen_by(boss)
    assert (answer["effective"], [each["effective"] for each in answer["effectchecks"]]) == (True, [True])
