"""What nobody's verb has noticed: approvers who have left, facts that an import or the back office has changed."""

import logging

from crm.accounts.models import User
from crm.approvals.actions import replace_approver, void
from crm.approvals.engine import changed
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.people import is_stale
from crm.refusals import Refused

log = logging.getLogger(__name__)


def replaced(by: User) -> int:
    """Ask others in the place of those who may not decide any more; answers in how many tasks."""
    done = 0
    rows = Task.objects.filter(status__in=Task.OPEN).select_related("approver", "request")
    for task in rows.order_by("pk"):
        if not is_stale(task):
            continue
        try:
            replace_approver(task, by=by)
            done += 1
        except Refused as refusal:  # decided meanwhile, or there is nobody: the deadline goes up the line as always
            log.info("task %s: nobody else is asked (%s)", task.pk, refusal.code)
    return done


def voided(by: User) -> int:
    """Make requests void whose facts have changed; answers how many."""
    done = 0
    for request in ApprovalRequest.objects.live().select_related("question", "requester").order_by("pk"):
        if differing := changed(request):
            try:
                void(request, by=by, changes=differing)
                done += 1
            except Refused as refusal:
                log.info("request %s: not made void (%s)", request.pk, refusal.code)
    return done
