"""What is refused at the edges: nobody to mail, nobody to ask, a page whose questions do not grow with its rows."""

from typing import Any

from django.test import Client

from complaints import actions
from crm import clock
from crm.actions import ACTIONS
from crm.approvals.chains import Chain, new_version
from crm.deadlines.models import Deadline
from customers.models import Contact
from tests.complaints.conftest import Room
from tests.world import refused, scan

MOST = 95  # queries of a complaint's page for its owner: 51 were counted without the panels of the apps above


def test_who_has_no_mail_address_is_called(room: Room) -> None:
    complaint = room.write(room.found())
    Contact.objects.all().update(email="")
    complaint = room.fresh(complaint)
    for verb in (actions.send_plan, actions.send_progress_link):
        with refused("no_mail_address"):
            verb(complaint, by=room.world.alice)
    actions.record_agreement(complaint, by=room.world.alice, channel="phone", words="同意")
    actions.sign_opinion(room.fresh(complaint), by=room.world.boss, text="同意")
    room.decide(ACTIONS["complaints.ask_approve_plan"](room.fresh(complaint), by=room.world.alice))
    for measure in complaint.measures.filter(kind="remedy"):
        actions.finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan())
    complaint = room.fresh(complaint)
    actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    with refused("no_mail_address"):
        actions.tell_customer(complaint, by=room.world.alice, channel="mail")
    assert actions.tell_customer(complaint, by=room.world.alice, channel="phone").status == "told"


def test_a_plan_that_nobody_must_approve_meets_its_deadline_and_is_carried_out_at_once(room: Room) -> None:
    complaint = room.agreed()
    new_version(Chain.objects.create(verb="complaints.approve_plan", name="免审"))
    ACTIONS["complaints.ask_approve_plan"](complaint, by=room.world.alice)
    assert room.fresh(complaint).status == "carrying_out"
    row = Deadline.objects.about(complaint).get(rule="complaint.plan")
    assert row.outcome == Deadline.Outcome.MET


def test_the_page_asks_the_same_however_many_tasks_pieces_and_measures_stand_on_it(
    room: Room, django_assert_max_num_queries: Any
) -> None:
    complaint = room.approved()
    client = Client()
    client.force_login(room.world.alice)
    url = complaint.get_absolute_url()
    client.get(url)
    with django_assert_max_num_queries(MOST) as few:
        client.get(url)
    for index in range(4):
        owner = room.world.person(f"helper{index}", "warehouse", department=room.heads["warehouse"].department)
        given = {"what": "护角", "owner": owner, "due_on": clock.today()}
        actions.plan_improvement(room.fresh(complaint), by=room.world.alice, **given)
        room.evidence(room.fresh(complaint))
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(url)
