"""Help and joint handling end with their order, with their time limits; those who took part are told (JD 5.1, 3.2)."""

from datetime import timedelta

import pytest

from crm import clock
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from orders import actions as orders
from orders.coordination import actions as coordination
from orders.coordination.models import HelpRequest, JointHandling
from orders.models import Order
from tests.world import World


def worked_on(world: World, order: Order) -> None:
    """Help is asked for twice, promised once, and departments handle the order together."""
    day = clock.today() + timedelta(days=2)
    for what in ("请催货", "请备车"):
        coordination.ask_help(order, by=world.root, department=world.sales, what=what, needed_on=day)
    promised = HelpRequest.objects.get(what="请备车")
    clerk = world.person("clerk", "sales", department=world.sales)
    coordination.answer_help(promised, by=clerk, outcome="promised", promised_on=day)
    coordination.begin_joint(order, by=world.root, purpose="分批", lead=clerk, departments=[world.sales])


def test_help_and_joint_handling_end_with_an_order_that_is_cancelled(world: World) -> None:
    order = world.accepted()
    worked_on(world, order)
    rules = Deadline.objects.open().filter(rule__startswith="assist.")
    assert sorted(rules.values_list("rule", flat=True)) == ["assist.answer", "assist.promise"]
    orders.cancel_order(Order.objects.get(), by=world.root, reason="客户资金问题")
    assert set(HelpRequest.objects.values_list("status", "answer")) == {("withdrawn", "The order was cancelled.")}
    joint = JointHandling.objects.get()
    assert (joint.status, joint.result) == ("ended", "The order was cancelled.")
    assert joint.ended_by.username == "coordination"
    assert not rules.exists()
    assert Message.objects.filter(template="coordination.joint_ended", recipient__username="clerk").count() == 1


def test_they_end_with_an_order_that_is_closed_and_another_order_keeps_its_own(world: World) -> None:
    order, other = world.accepted(), world.accepted()
    worked_on(world, order)
    kept = coordination.ask_help(other, by=world.root, department=world.sales, what="请催货", needed_on=clock.today())
    Order.objects.filter(pk=order.pk).update(status="signed_off")
    orders.close_order(Order.objects.get(pk=order.pk), by=world.root)
    assert set(HelpRequest.objects.filter(order=order).values_list("status", "answer")) == {
        ("withdrawn", "The order was closed.")
    }
    assert JointHandling.objects.get().status == "ended"
    assert HelpRequest.objects.get(pk=kept.pk).status == "asked"


@pytest.mark.parametrize("verb", ["confirm_order", "report_progress"])
def test_nothing_ends_while_the_order_goes_on(world: World, verb: str) -> None:
    order = world.accepted()
    worked_on(world, order)
    given = {"channel": "phone"} if verb == "confirm_order" else {"progress": "一半"}
    getattr(orders, verb)(Order.objects.get(), by=world.root, **given)
    assert set(HelpRequest.objects.values_list("status", flat=True)) == {"asked", "promised"}
    assert JointHandling.objects.get().status == "running"
