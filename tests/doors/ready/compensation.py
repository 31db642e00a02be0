"""What the verbs of compensations, of amounts that are taken off, and of replacement orders can be done to."""

from decimal import Decimal
from typing import Any

from complaints import actions as complaints
from complaints.compensation import actions
from complaints.compensation.models import Agreement
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from orders import actions as orders
from orders.models import Allowance
from tests.doors.ready.complaints import _cause
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World, scan


def _approved(world: World, outcome: str, **facts: Any) -> Complaint:
    """A complaint about goods that left, its plan written by Bob and approved."""
    complaint = complaints.complain_at_counter(world.handed_over(), by=world.root, category="service", content="划伤")
    Department.objects.filter(head=None).update(head=world.root)
    planner = world.person("planner", "administrator", department=world.sales)
    Complaint.objects.filter(pk=complaint.pk).update(owner=planner)
    complaint = Complaint.objects.get(pk=complaint.pk)
    names = ("category", "content", "contact", "order", "pickup", "product", "batch", "quantity")
    kept = {name: getattr(complaint, name) for name in names}
    complaints.register_complaint(complaint, by=planner, severity="minor", wish=outcome, **kept)
    tasks = [
        {"department": each, "what": "查明", "due_on": clock.today()}
        for each in Department.objects.filter(code__in=["sales", "warehouse", "logistics", "order_desk"])
    ]
    complaints.form_team(complaint, by=planner, lead=planner, tasks=tasks)
    for task in complaint.teamtasks.all():
        complaints.finish_task(task, by=world.root, outcome="已查明")
    while complaints.sign_opinion.refusal(complaint, world.root) is None:
        complaints.sign_opinion(complaint, by=world.root, text="属实")
    found = {"facts": "装车划伤", "cause": _cause(), "fault": "ours", "responsible": world.sales}
    complaints.sign_finding(complaint, by=planner, **found)
    world.person("decider", "executive")
    world.person("decider_of_sales", "sales_manager", department=world.sales)
    measures = [{"what": "上门道歉", "owner": None, "due_on": clock.today()}]
    given = {"outcome": outcome, "solution": "补偿", "department": world.sales, "person": world.root, **facts}
    complaints.write_plan(complaint, by=planner, measures=measures, **given)
    complaints.record_agreement(complaint, by=planner, channel="phone", words="同意")
    complaints.sign_opinion(complaint, by=world.root, text="同意按方案处理")
    request = ACTIONS["complaints.ask_approve_plan"](complaint, by=planner)
    while (task := request.tasks.filter(status="waiting").first()) is not None:
        approvals.approve(task, by=task.approver)
    return Complaint.objects.get(pk=complaint.pk)


def _drafted(world: World) -> Agreement:
    return _approved(world, "compensation", amount=Decimal("100.00")).agreements.get()


def _signed(world: World) -> Agreement:
    """By somebody else than who does the verbs of this table, as nobody finds that his own agreement came back."""
    return actions.sign_agreement(_drafted(world), by=world.person("signer", "administrator"))


def _sealed(world: World) -> Agreement:
    return actions.seal_agreement(_signed(world), by=world.root)


def _granted(world: World) -> Allowance:
    return orders.grant_allowance(
        world.collected(),
        by=User.objects.system("complaints"),
        amount=Decimal("100.00"),
        reason="补偿",
        reference="BC1",
    )


def _allowance(world: World) -> tuple[Any, dict[str, Any]]:
    return _granted(world).order, {"allowance": 1}


def _replacement(world: World) -> tuple[Any, dict[str, Any]]:
    lines = [{"product": world.product.pk, "quantity": "1"}]
    return _approved(world, "replacement"), {"lines": lines, "wanted_on": NEXT_WEEK}


READY: dict[str, Ready] = {
    "orders.grant_allowance": lambda w: (
        w.collected(),
        {"amount": "100.00", "reason": "补偿", "reference": "BC2026-000001"},
    ),
    "orders.reverse_allowance": lambda w: (_granted(w), {"reason": "方案变更"}),
    "settlement.state_allowance": _allowance,
    "compensation.sign_agreement": lambda w: (_drafted(w), {}),
    "compensation.seal_agreement": lambda w: (_signed(w), {"scan": scan()}),
    "compensation.send_agreement": lambda w: (_sealed(w), {}),
    "compensation.hand_in_agreement": lambda w: (_sealed(w), {"name": "王小明", "scan": scan()}),
    "compensation.return_agreement": lambda w: (
        _sealed(w),
        {"his_name": "王小明", "his_day": TODAY, "scan": scan()},
    ),
    "compensation.drop_agreement": lambda w: (_drafted(w), {}),
    "compensation.order_replacement": _replacement,
}
