"""The time limits of approvals; a company sets them, a step of a chain may have one of its own."""

from django.utils.translation import gettext_lazy as _

from crm.approvals.declare import APPROVALS
from crm.approvals.models import Condition, Task
from crm.deadlines.rules import Rule


def own_rule(task: Task) -> str:
    """The key of the time limit that the verb has for its opinions, "" for this one."""
    approval = APPROVALS.get(task.request.verb)
    return approval.rule if approval else ""


DECIDED_BY = (
    "approvals.approve",
    "approvals.reject",
    "approvals.send_back",
    "approvals.delegate",
)

Rule(
    "approval.decide",
    "ZT 5.3, KC 5.2.2",
    label=_("Decide on a request for approval"),
    on=Task,
    during={Task.Status.WAITING},
    when=lambda task: task.due_on is None and not own_rule(task),
    since="begun_at",
    who="approver",
    met_by=DECIDED_BY,
    limit="1 wd",
    reads=("request",),
)
Rule(
    "approval.decide.step",
    "ZT 5.3, KC 5.2.2",
    label=_("Decide on a request for approval in the time of its step"),
    on=Task,
    during={Task.Status.WAITING},
    due="due_on",
    who="approver",
    met_by=DECIDED_BY,
)
Rule(
    "approval.condition",
    "KC 5.1.5",
    label=_("Meet a condition"),
    on=Condition,
    during={Condition.Status.OPEN},
    due="due_on",
    met_by=("approvals.meet_condition", "approvals.waive_condition"),
    warn="1 wd",
)
