"""A wrong or double complaint is withdrawn with the approval of somebody above; nothing of it stays open (ZT 5.1)."""

from typing import Any

import pytest
from django.test import Client

from complaints import actions
from complaints.models import Complaint
from crm import clock
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from tests.complaints.conftest import Room
from tests.mailed import path_of
from tests.world import nothing_moves, refused

ask = ACTIONS["complaints.ask_withdraw_complaint"]
TAKEN_BACK = {"why": "taken_back", "words": "来电说是自己装卸时碰伤的", "double_of": None}


def agree(request: ApprovalRequest, by: Any) -> Complaint:
    approvals.approve(Task.objects.get(request=request, approver=by, status="waiting"), by=by)
    return Complaint.objects.get(pk=request.subject_pk)


def told(complaint: Complaint) -> int:
    return Message.objects.filter(template="complaints.withdrawn", subject_pk=complaint.pk).count()


def another(room: Room, **facts: Any) -> Complaint:
    given = {"channel": "hotline", "category": "quality", "content": "柜门划伤", **facts}
    return actions.receive_complaint(room.world.customer, by=room.world.root, **given)


def test_it_waits_for_the_department_manager_and_then_nothing_of_it_is_open(room: Room) -> None:
    complaint = room.investigating()
    with refused("needs_approval"):
        actions.withdraw_complaint(complaint, by=room.world.alice, **TAKEN_BACK)
    request = ask(complaint, by=room.world.alice, **TAKEN_BACK)
    assert room.fresh(complaint).status == "investigating"
    assert [task.approver for task in request.tasks.all()] == [room.world.boss]
    complaint = agree(request, room.world.boss)
    assert (complaint.status, complaint.withdrawn_why, complaint.withdrawn_at) == (
        "withdrawn",
        "taken_back",
        clock.now(),
    )
    assert complaint.withdrawal == TAKEN_BACK["words"]
    assert set(complaint.teamtasks.values_list("status", flat=True)) == {"ended"}
    about = [Deadline.objects.open().about(each) for each in (complaint, *complaint.teamtasks.all())]
    assert not any(rows.exists() for rows in about)
    assert told(complaint) == 1
    task = complaint.teamtasks.earliest("pk")
    with nothing_moves(), pytest.raises(Exception, match="Ended without being done"):
        actions.finish_task(task, by=task.owner, outcome="查过")


def test_nobody_approves_his_own_withdrawal(room: Room) -> None:
    complaint = room.received()
    Complaint.objects.filter(pk=complaint.pk).update(owner=room.world.boss)
    above = room.world.person("director", "sales_manager")
    type(room.world.boss).objects.filter(pk=room.world.boss.pk).update(manager=above)
    room.world.boss.refresh_from_db()
    request = ask(room.fresh(complaint), by=room.world.boss, **TAKEN_BACK)
    assert [task.approver for task in request.tasks.all()] == [above]


def test_only_its_owner_and_who_leads_him_ask_for_it(room: Room) -> None:
    complaint = room.investigating()
    other = room.world.person("colleague", "sales_manager", department=room.world.sales)
    with refused("not_owner"):
        ask(complaint, by=other, **TAKEN_BACK)
    assert ask.refusal(complaint, room.world.boss) is None
    assert ask.refusal(complaint, room.world.alice) is None


def test_what_is_refused_above_goes_on(room: Room) -> None:
    complaint = room.investigating()
    request = ask(complaint, by=room.world.alice, **TAKEN_BACK)
    task = Task.objects.get(request=request)
    approvals.reject(task, by=room.world.boss, reason="客户没有书面说明")
    assert room.fresh(complaint).status == "investigating"
    assert set(complaint.teamtasks.values_list("status", flat=True)) == {"open"}
    assert told(complaint) == 0


@pytest.mark.parametrize("state", ["deciding", "carrying_out", "found_again", "second_round", "closed"])
def test_it_is_not_withdrawn_once_a_plan_is_decided_on(room: Room, state: str) -> None:
    if state == "deciding":
        complaint = Complaint.objects.get(pk=room.asked().subject_pk)
    elif state == "second_round":
        complaint = room.visited(satisfied=False)
    elif state == "closed":
        complaint = room.closed()
    else:
        complaint = room.approved()
        if state == "found_again":
            actions.change_plan(complaint, by=room.world.alice, reason="客户改主意")
    code = "plan_approved" if state in ("found_again", "second_round") else "wrong_state"
    with refused(code):
        ask(complaint, by=room.world.alice, **TAKEN_BACK)


def test_a_double_names_the_one_that_stays_and_the_customer_hears_of_it_where_he_called_twice(room: Room) -> None:
    first, second, third = room.received(), another(room), another(room)
    with refused("no_double"):
        ask(second, by=room.fresh(second).owner, why="double", words="同一批柜门")
    owner = room.fresh(second).owner
    for complaint, why, mails in ((second, "double", 1), (third, "twice", 0)):
        request = ask(complaint, by=owner, why=why, words="同一批柜门", double_of=first)
        gone = agree(request, request.tasks.get(status="waiting").approver)
        assert (gone.status, gone.double_of, told(gone)) == ("withdrawn", first, mails)
    assert room.fresh(first).status == "received"
    with refused("withdrawn"):
        ask(first, by=room.world.alice, why="double", words="反过来", double_of=room.fresh(second))


def test_a_double_is_of_the_same_customer(room: Room) -> None:
    complaint = room.received()
    stranger = room.world.new_customer()
    given = {"channel": "hotline", "category": "quality", "content": "柜门划伤"}
    other = actions.receive_complaint(stranger, by=room.world.root, **given)
    for wrong in (other, complaint):
        with refused("other_customer"):
            ask(complaint, by=room.world.alice, why="double", words="同一事", double_of=wrong)


def test_the_customers_links_say_so_and_take_nothing_more(room: Room) -> None:
    complaint = room.write(room.found())
    followed = path_of("complaints.number")
    actions.send_plan(complaint, by=room.world.alice)
    agreeing = path_of("complaints.plan")
    agree(ask(room.fresh(complaint), by=room.world.alice, **TAKEN_BACK), room.world.boss)
    assert not Link.objects.about(complaint).filter(purpose="complaints.agree", status="active").exists()
    client = Client()
    assert client.get(agreeing).status_code in (404, 410)
    page = client.get(path_of("complaints.withdrawn"))
    assert page.status_code == 200 and complaint.number in page.text
    assert "此投诉已撤销" in page.text and "<textarea" not in page.text
    assert client.get(followed).status_code in (404, 410)
    assert set(complaint.measures.values_list("status", flat=True)) == {"ended"}


def test_the_page_asks_for_the_reason_and_shows_it_afterwards(room: Room) -> None:
    complaint = room.received()
    client = Client()
    client.force_login(room.world.alice)
    path = f"/do/complaints.ask_withdraw_complaint/{complaint.pk}/"
    assert client.get(path).status_code == 200
    sent = {"why": "double", "words": "与前一件相同", "_key": "k1"}
    with nothing_moves():
        assert client.post(path, sent).status_code == 422  # it is asked which one
    assert client.post(path, {**sent, "why": "mistake", "_key": "k2"}).status_code == 302
    gone = agree(ApprovalRequest.objects.about(complaint).get(), room.world.boss)
    page = client.get(gone.get_absolute_url()).text
    assert "Recorded by mistake" in page and "与前一件相同" in page
