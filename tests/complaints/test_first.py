"""Complaints are the first thing that everyone sees (KH 3.3): they stand first in each group of the start page."""

from datetime import timedelta
from typing import Any

from complaints import actions
from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES, first_rules
from crm.reports import today as start
from orders import actions as orders
from orders.models import Order
from tests.complaints.conftest import Room


def group(room: Room, key: str) -> list[Any]:
    page = start.today(room.world.alice)
    return next(each["rows"] for each in page["groups"] if each["key"] == key)


def test_every_rule_of_complaints_stands_first(room: Room) -> None:
    assert set(first_rules()) >= {key for key in RULES if key.startswith("complaint.")}
    assert "order.milestone" not in first_rules()


def milestones(room: Room, number: int) -> None:
    """An order of Alice's with so many milestones, one a day."""
    order = room.world.confirmed()
    lines = [{"name": f"第{each}步", "due_on": clock.today() + timedelta(days=each + 1)} for each in range(number)]
    orders.plan_order(order, by=room.world.root, milestones=lines)
    Order.objects.filter(pk=order.pk).update(owner=room.world.alice)
    Deadline.objects.filter(rule="order.milestone").update(responsible=room.world.alice)


def test_a_complaint_stands_before_what_is_due_earlier_even_where_there_is_more_than_is_shown(room: Room) -> None:
    complaint = room.visited(satisfied=True)
    given = {"what": "加护角", "owner": room.world.alice, "due_on": clock.today() + timedelta(days=90)}
    actions.plan_improvement(complaint, by=room.world.alice, **given)
    milestones(room, 35)
    rows = group(room, "next")
    assert str(rows[0]["label"]) == "加护角"
    assert len(rows) == start.SHOWN
    names = [str(each["label"]) for each in rows]
    assert names.index("第0步") < names.index("第1步") < names.index("第2步")


def test_what_is_late_stays_above_a_complaint_that_is_due_later(room: Room) -> None:
    complaint = room.received()
    milestones(room, 1)
    Deadline.objects.filter(rule="order.milestone").update(due_at=clock.now() - timedelta(hours=1))
    page = start.today(room.world.alice)
    assert [each["key"] for each in page["groups"]] == ["late", "today", "next"]
    assert [str(row["label"]) for row in group(room, "late")] == ["第0步"]
    assert [row["label"] for row in group(room, "today")][:1] == [complaint]
