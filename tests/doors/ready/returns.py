"""What the verbs of returns can be done to, and input that they accept."""

from decimal import Decimal
from typing import Any

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.parties import required
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from tests.doors.ready.complaints import _cause
from tests.doors.ready.house import Ready
from tests.world import World

CALL = {"phoned_to": "小李", "urgent": "客户停工"}


def _registered(world: World) -> Complaint:
    """Ten pieces of batch B1 are with the customer, who complains of them."""
    found = world.handed_over()
    Department.objects.filter(head=None).update(head=world.root)
    complaint = complaints.complain_at_counter(found, by=world.root, category="service", content="型号发错")
    names = ("category", "content", "contact", "order", "pickup", "product", "batch", "quantity")
    known = {name: getattr(complaint, name) for name in names}
    return complaints.register_complaint(complaint, by=world.root, severity="minor", wish="return", **known)


def _carrying_out(world: World) -> Complaint:
    """The plan is approved that says that goods come back."""
    complaint = _registered(world)
    tasks = [{"department": each, "what": "查明", "due_on": clock.today()} for each in required("service")]
    complaints.form_team(complaint, by=world.root, lead=world.root, tasks=tasks)
    for task in complaint.teamtasks.all():
        complaints.finish_task(task, by=world.root, outcome="已查明")
    while complaints.sign_opinion.refusal(complaint, world.root) is None:
        complaints.sign_opinion(complaint, by=world.root, text="属实")
    found = {"facts": "发错型号", "cause": _cause(), "fault": "ours", "responsible": world.sales}
    complaints.sign_finding(complaint, by=world.root, **found)
    plan = {"outcome": "return", "solution": "退货", "department": world.sales, "person": world.root, "measures": []}
    complaints.write_plan(complaint, by=world.root, **plan)
    complaints.record_agreement(complaint, by=world.root, channel="phone", words="同意")
    complaints.sign_opinion(complaint, by=world.root, text="同意")
    keeper = world.person("decider", "administrator")
    request = ACTIONS["complaints.ask_approve_plan"](complaint, by=world.root)
    while (task := request.tasks.filter(status="waiting").first()) is not None:
        approvals.approve(task, by=keeper)
    return Complaint.objects.get(pk=complaint.pk)


def _drafted(world: World) -> ReturnNotice:
    return ReturnNotice.objects.get(complaint=_carrying_out(world))


def _goods(notice: ReturnNotice, quantity: str) -> list[dict[str, Any]]:
    row = notice.lines.get()
    return [{"line": row.line_id, "batch": row.batch, "quantity": quantity}]


def _written(world: World) -> ReturnNotice:
    """By somebody else than who does the verbs of this table, as nobody signs what he wrote."""
    notice = _drafted(world)
    lines = [{"line": row.line, "batch": row.batch, "quantity": row.quantity} for row in notice.lines.all()]
    writer = world.person("writer", "administrator")
    User.objects.filter(pk=world.root.pk).update(manager=writer)
    return actions.change_return(notice, by=writer, lines=lines, why="型号不符")


def _signed(world: World) -> ReturnNotice:
    return actions.sign_return(_written(world), by=world.root)


def _change(world: World) -> tuple[Any, dict[str, Any]]:
    notice = _drafted(world)
    return notice, {"lines": _goods(notice, "3"), "why": "型号不符"}


def _write(world: World) -> tuple[Any, dict[str, Any]]:
    notice = _drafted(world)
    given = _goods(notice, "2")
    actions.cancel_return(notice, by=world.root, reason="重开")
    return Complaint.objects.get(pk=notice.complaint_id), {"lines": given, "why": "型号不符"}


def _receive(world: World) -> tuple[Any, dict[str, Any]]:
    notice = _signed(world)
    lines = [{"line": notice.lines.get().pk, "good": "2", "defective": "1"}]
    return notice, {"lines": lines, "brought_by": "王小明"}


def _begun(world: World) -> tuple[Any, dict[str, Any]]:
    """Two pieces have come, the others do not."""
    notice = _signed(world)
    lines = [{"line": notice.lines.get(), "good": Decimal(2)}]
    return actions.receive_return(notice, by=world.root, lines=lines, brought_by="王小明"), {"reason": "客户留用"}


READY: dict[str, Ready] = {
    "orders.note_return": lambda w: (w.collected(), {}),
    "returns.write_return": _write,
    "returns.change_return": _change,
    "returns.sign_return": lambda w: (_written(w), {}),
    "returns.send_return_back": lambda w: (_written(w), {"mend": "数量不对"}),
    "returns.order_return_by_phone": lambda w: (_registered(w), CALL),
    "returns.phone_return": lambda w: (_drafted(w), CALL),
    "returns.receive_return": _receive,
    "returns.give_up_return": _begun,
    "returns.cancel_return": lambda w: (_signed(w), {"reason": "客户留用"}),
}
