"""Whose a complaint is from the first moment, who is told of it, what registration keeps (ZT 5.1, KF 3.3)."""

from decimal import Decimal
from typing import Any

import pytest

from complaints import actions
from complaints.models import Complaint
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from customers.models import Customer
from pickup import actions as pickup
from tests.complaints.conftest import Room
from tests.complaints.test_path import notices
from tests.world import refused, scan

HOTLINE: dict[str, Any] = {"channel": "hotline", "category": "service", "content": "电话无人接听"}
REGISTERED: dict[str, Any] = {"category": "quality", "severity": "major", "wish": "apology", "content": "柜门划伤"}


def nobodys(room: Room) -> Customer:
    Customer.objects.filter(pk=room.world.customer.pk).update(owner=None)
    return Customer.objects.get(pk=room.world.customer.pk)


def test_what_the_reception_writes_down_for_a_customer_of_nobody_is_of_the_head_of_sales(room: Room) -> None:
    customer = nobodys(room)
    front = room.world.person("front", "reception", department=room.heads["order_desk"].department)
    complaint = actions.receive_complaint(customer, by=front, **HOTLINE)
    assert (complaint.owner, complaint.department) == (room.world.boss, room.world.sales)
    User.objects.filter(pk=room.world.boss.pk).update(is_active=False)
    complaint = actions.receive_complaint(customer, by=front, **HOTLINE)
    assert complaint.owner.department == room.world.sales
    assert complaint.owner.has_perm("complaints.register_complaint")


def test_whoever_can_register_it_keeps_what_he_writes_down_himself(room: Room) -> None:
    complaint = actions.receive_complaint(nobodys(room), by=room.world.root, **HOTLINE)
    assert complaint.owner == room.world.root


def test_who_has_left_owns_no_new_complaint(room: Room) -> None:
    found = room.handed_over()
    User.objects.filter(pk=room.world.alice.pk).update(is_active=False)
    complaint = actions.complain_at_counter(found, by=room.world.clerk, category="service", content="排队过久")
    assert complaint.owner.is_active


def test_owner_and_head_see_it_wherever_they_work(room: Room) -> None:
    found = room.handed_over()
    keeper = room.world.person("keeper_of_desk", "order_desk_manager", department=room.heads["order_desk"].department)
    type(found.order).objects.filter(pk=found.order_id).update(owner=keeper)
    complaint = actions.complain_at_counter(
        room.fresh(found), by=room.world.clerk, category="service", content="排队过久"
    )
    assert complaint.owner == keeper
    for user in (keeper, room.heads["order_desk"]):
        assert list(Complaint.objects.visible_to(user)) == [complaint], user


def test_quality_hears_of_a_quality_complaint_at_once_and_is_asked_for_a_solution(room: Room) -> None:
    complaint = room.received()
    assert notices(room, "head_quality", "solution") == 1
    assert list(Complaint.objects.visible_to(room.heads["quality"])) == [complaint]
    assert notices(room, "boss", "received") == 1


def test_the_manager_and_quality_hear_of_it_where_registration_makes_it_one_of_quality(room: Room) -> None:
    complaint = room.received(category="delivery")
    assert notices(room, "head_quality", "solution") == 0
    actions.register_complaint(complaint, by=room.world.alice, **REGISTERED)
    assert notices(room, "head_quality", "solution") == 1
    assert notices(room, "boss", "registered") == 1


def test_the_order_desk_hears_how_a_complaint_about_an_order_was_handled(room: Room) -> None:
    complaint = room.carried_out()
    actions.report_result(complaint, by=room.heads["warehouse"], result="柜门已更换")
    assert notices(room, "head_order_desk", "settled") == 0
    actions.tell_customer(complaint, by=room.world.alice, channel="phone")
    assert notices(room, "head_order_desk", "settled") == 1
    assert list(Complaint.objects.visible_to(room.heads["order_desk"])) == [complaint]


def test_registration_keeps_what_was_left_out_and_takes_away_what_was_sent_empty(room: Room) -> None:
    complaint = room.received()
    form = ACTIONS["complaints.register_complaint"].bind
    kept = form(by=room.world.alice, obj=complaint, data=REGISTERED)
    assert kept.is_valid() and set(kept.cleaned_data) == set(REGISTERED)
    emptied = form(by=room.world.alice, obj=complaint, data={**REGISTERED, "order": "", "pickup": "", "batch": ""})
    assert emptied.is_valid()
    actions.register_complaint(complaint, by=room.world.alice, **emptied.cleaned_data)
    assert (complaint.order, complaint.pickup, complaint.batch) == (None, None, "")
    assert complaint.product == room.world.product


def test_order_and_pickup_always_agree(room: Room) -> None:
    complaint, other = room.received(), room.world.new_order()
    with refused("other_order"):  # the pickup that is kept is of another order
        actions.register_complaint(complaint, by=room.world.alice, **REGISTERED, order=other)
    actions.register_complaint(complaint, by=room.world.alice, **REGISTERED, order=None)
    assert complaint.pickup is not None and complaint.order == complaint.pickup.order


@pytest.mark.parametrize("fault", ["ours", "shared"])
def test_what_the_finding_calls_ours_is_not_planned_as_nobodys_fault(room: Room, fault: str) -> None:
    complaint = room.investigating()
    room.evidence(complaint)
    complaint = room.find(complaint, fault=fault)
    with refused("our_fault"):
        room.write(complaint, outcome="no_fault")


def test_not_our_fault_is_proven_by_more_than_the_customers_photo_and_before_the_finding(room: Room) -> None:
    complaint = room.received(photo=scan("door.pdf"))
    actions.judge_evidence(complaint.evidences.get(), by=room.world.alice, verdict="accepted", reason="是原图")
    room.register(complaint)
    actions.form_team(complaint, by=room.world.alice, lead=room.world.alice, tasks=room.team(complaint))
    complaint = room.find(room.fresh(complaint), fault="customer")
    with refused("no_proof"):
        room.write(complaint, outcome="no_fault")
    second = room.investigating()
    room.evidence(second)
    assert room.write(room.find(second, fault="customer"), outcome="no_fault").status == "found"


@pytest.mark.parametrize(("handed", "category"), [("9", "shortage"), ("10", "")])
def test_the_counter_proposes_a_shortage_only_where_less_left(room: Room, handed: str, category: str) -> None:
    found = room.world.notified()
    line = {"line": found.order.lines.get(), "quantity": Decimal(handed), "difference": "划伤"}
    pickup.hand_over(found, by=room.world.clerk, identity="id_seen", lines=[line], objection="柜门划伤")
    form = ACTIONS["complaints.complain_at_counter"].bind(by=room.world.clerk, obj=room.fresh(found))
    assert form.initial.get("category", "quality") == category
    assert "柜门划伤" in form.initial["content"]


def test_the_head_of_a_department_that_has_none_is_not_looked_for(room: Room) -> None:
    Department.objects.filter(code="quality").update(head=None)
    worker = room.world.person("tester1", "quality", department=Department.objects.get(code="quality"))
    complaint = room.received()
    assert notices(room, "tester1", "solution") == 1
    assert list(Complaint.objects.visible_to(worker)) == [complaint]
