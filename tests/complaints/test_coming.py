"""What the page of a complaint says comes next, by whom and until when."""

import re
from typing import Any

from django.test import Client

from complaints import actions
from complaints.coming import coming
from complaints.models import Complaint
from complaints.verification import actions as verification
from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from tests.complaints.conftest import Room
from tests.world import scan


def said(complaint: Complaint) -> list[tuple[str, str]]:
    """What is waited for, and of whom."""
    return [(str(each.what), str(each.who)) for each in coming(Complaint.objects.get(pk=complaint.pk))]


def page(complaint: Complaint, user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(complaint.get_absolute_url()).content.decode()


def primary(complaint: Complaint, user: User) -> str:
    """The verb of the one next step in the head of the page."""
    found = re.search(r'btn-primary" data-next-step href="/do/complaints\.(\w+)/', page(complaint, user))
    return found[1] if found else ""


def test_at_first_its_owner_registers_it_and_names_the_team(room: Room) -> None:
    complaint = room.received()
    assert said(complaint) == [("Register the complaint", str(room.world.alice))]
    room.register(complaint)
    assert [what for what, _who in said(complaint)] == ["Name the investigation team and give each department its task"]


def test_while_it_is_looked_into_every_open_part_stands_there_with_who_does_it_and_until_when(room: Room) -> None:
    complaint = room.investigating()
    tasks = complaint.teamtasks.count()
    found = coming(complaint)
    assert [each.until for each in found[:tasks]] == [clock.today()] * tasks
    quality = room.heads["quality"].department
    assert (str(found[tasks].what), found[tasks].who) == ("Open the verification", str(quality))
    verification.open_verification(complaint, by=room.world.alice, kind="quality")
    number = complaint.verifications.get().number
    assert (f"{number}: Enter a test report, or take a sample on site", str(quality)) in said(complaint)
    room.do_tasks(complaint)
    verification.drop_verification(complaint.verifications.get(), by=room.world.alice, reason="另行核查")
    room.verify(complaint)
    assert ("Sign the opinion of quality", str(room.heads["quality"])) in said(complaint)
    actions.sign_opinion(room.fresh(complaint), by=room.heads["quality"], text="情况属实")
    assert said(complaint) == [("Sign the opinion of production", str(room.heads["production"]))]
    actions.sign_opinion(room.fresh(complaint), by=room.heads["production"], text="情况属实")
    assert said(complaint) == [("Sign the finding", str(room.world.alice))]


def test_a_task_has_its_button_in_that_line_for_whoever_does_it_only(room: Room) -> None:
    complaint = room.investigating()
    task = complaint.teamtasks.get(department__code="warehouse")
    line = re.compile(rf'class="coming".*/do/complaints\.finish_task/{task.pk}/.*</section>', re.DOTALL)
    head = page(complaint, room.heads["warehouse"]).split('<div class="record">')[0]
    assert line.search(head)
    assert f"finish_task/{task.pk}/" not in page(complaint, room.heads["logistics"])


def test_the_plan_is_led_step_by_step_to_its_approval(room: Room) -> None:
    complaint = room.found()
    alice = room.world.alice
    assert primary(complaint, alice) == "write_plan"
    complaint = room.write(complaint)
    assert primary(complaint, alice) == "send_plan"
    actions.send_plan(complaint, by=alice)
    assert said(complaint)[0][1] == str(complaint.customer)
    assert primary(complaint, alice) == "record_agreement"
    complaint = actions.record_agreement(room.fresh(complaint), by=alice, channel="phone", words="同意")
    assert primary(complaint, room.world.boss) == "sign_opinion"
    actions.sign_opinion(complaint, by=room.world.boss, text="同意")
    assert primary(complaint, alice) == "ask_approve_plan"


def test_what_was_sent_back_is_written_anew_before_it_is_handed_in_again(room: Room) -> None:
    complaint = room.agreed()
    alice: Any = room.world.alice
    ACTIONS["complaints.ask_approve_plan"](complaint, by=alice)
    task = Task.objects.get(status=Task.Status.WAITING)
    assert said(complaint) == [("Decide on the plan", str(task.approver))]
    approvals.send_back(task, by=task.approver, reason="谁去、哪天去，写清楚")
    assert "谁去、哪天去，写清楚" in said(complaint)[0][0]
    assert primary(complaint, alice) == "write_plan"


def test_to_the_end_it_says_who_carries_out_tells_improves_closes_and_reviews(room: Room) -> None:
    complaint, alice = room.approved(), str(room.world.alice)
    assert said(complaint) == [(each.what, str(each.owner)) for each in complaint.measures.order_by("pk")]
    for measure in complaint.measures.order_by("pk"):
        actions.finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan())
    head = room.heads["warehouse"]
    assert said(complaint) == [("Report to sales what was done and what came of it", f"{head.department} · {head}")]
    actions.report_result(room.fresh(complaint), by=head, result="柜门已更换")
    assert said(complaint) == [("Tell the customer the result", alice)]
    actions.tell_customer(room.fresh(complaint), by=room.world.alice, channel="mail")
    assert said(complaint) == [("Ask the customer whether he is satisfied", alice)]
    actions.record_return_visit(
        room.fresh(complaint), by=room.world.alice, satisfied=True, channel="phone", words="满意"
    )
    assert [what for what, _who in said(complaint)] == ["Say what is improved so that it happens no more"]
    given = {"what": "装车加护角", "owner": head, "due_on": clock.today()}
    actions.plan_improvement(room.fresh(complaint), by=room.world.alice, **given)
    assert said(complaint) == [("Close the complaint", alice)]
    actions.close_complaint(room.fresh(complaint), by=room.world.alice, check_on=clock.today())
    assert said(complaint) == [("装车加护角", str(head))]
    improvement = complaint.measures.get(kind="improvement")
    actions.finish_measure(improvement, by=head, outcome="已完成", proof=scan())
    assert said(complaint) == [
        ("Look whether the improvements worked", alice),
        ("Review the file", str(room.world.boss)),
    ]


def test_what_the_customer_declines_stands_there_in_his_words(room: Room) -> None:
    complaint = room.write(room.found())
    actions.decline_plan(complaint, by=User.objects.system("links"), answer="要退货")
    assert "要退货" in said(complaint)[0][0]
    assert primary(complaint, room.world.alice) == "write_plan"


def test_an_approved_plan_that_was_taken_back_is_written_anew(room: Room) -> None:
    complaint = actions.change_plan(room.approved(), by=room.world.alice, reason="客户改要退货")
    assert said(complaint)[0][0] == "The approved plan was taken back: write it anew"
    assert primary(complaint, room.world.alice) == "write_plan"


def test_a_replacement_is_ordered_by_the_button_at_the_top_and_then_waited_for(room: Room) -> None:
    complaint = room.approved_with("replacement")
    assert ("The replacement order is not made yet. Make it.", str(room.world.alice)) in said(complaint)
    assert re.search(r"data-next-step href=\"/do/compensation\.order_replacement/", page(complaint, room.world.alice))
