"""Something that each verb of credit can be done to."""

from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import Task
from customers.credit import actions as credit
from customers.credit.models import Alert, Assessment, Standing
from customers.models import Customer
from orders.models import Order
from tests.doors.ready.house import NEXT_WEEK, Ready
from tests.world import World

JUDGED = {
    "operations_score": 75,
    "operations": "经营十年",
    "finances_score": 75,
    "finances": "负债率 40%",
    "payment_score": 75,
    "payment": "按期付款",
}


def _rated(world: World) -> Customer:
    """A customer of a company that rates its customers."""
    credit.set_up_ratings(by=world.root)
    return world.customer


def _proposed(world: World) -> Assessment:
    return credit.assess_customer(_rated(world), by=world.root, **JUDGED)


def in_force(world: World) -> Assessment:
    """An assessment that finance has agreed to."""
    cashier = world.person("cashier", "finance")
    request = ACTIONS["credit.ask_put_in_force"](_proposed(world), by=world.root)
    approvals.approve(Task.objects.get(request=request, approver=cashier), by=cashier, opinion="同意")
    return Assessment.objects.get(pk=request.subject_pk)


def _alerted(world: World) -> Alert:
    customer = in_force(world).customer
    credit.lower_rating(customer, by=world.root, reason="退票")
    return Alert.objects.get(customer=customer)


def _beyond(world: World) -> Order:
    """An application beyond its customer's limit."""
    in_force(world)
    Standing.objects.update(limit=1)
    return world.new_order()


READY: dict[str, Ready] = {
    "credit.set_up_ratings": lambda w: (None, {}),
    "credit.assess_customer": lambda w: (_rated(w), JUDGED),
    "credit.revise_assessment": lambda w: (_proposed(w), JUDGED),
    "credit.ask_put_in_force": lambda w: (_proposed(w), {}),
    "credit.put_in_force": lambda w: (_proposed(w), {}),
    "credit.replace_assessment": lambda w: (in_force(w), {}),
    "credit.withdraw_assessment": lambda w: (_proposed(w), {"reason": "资料不全"}),
    "credit.lower_rating": lambda w: (in_force(w).customer, {"reason": "退票"}),
    "credit.raise_alert": lambda w: (w.customer, {}),
    "credit.suspend_for_alert": lambda w: (_alerted(w), {"reason": "逾期"}),
    "credit.dun_for_alert": lambda w: (
        _alerted(w),
        {"channel": "phone", "words": "已催款，答应周五付", "again_on": NEXT_WEEK},
    ),
    "credit.settle_alert": lambda w: (_alerted(w), {"words": "已核实，无碍"}),
    "orders.allow_credit": lambda w: (_beyond(w), {"reason": "年底冲量"}),
    "orders.ask_allow_credit": lambda w: (_beyond(w), {"reason": "年底冲量"}),
    "credit.note_gone": lambda w: (_alerted(w), {}),
}
