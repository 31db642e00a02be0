"""The time limits of approvals; a company sets them, a step of a chain may have one of its own."""

from django.utils.translation import gettext_lazy as _

from crm.approvals.models import Task
from crm.deadlines.rules import Rule

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
    when=lambda task: task.due_on is None,
    since="begun_at",
    who="approver",
    met_by=DECIDED_BY,
    limit="1 wd",
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
