"""What nobody's verb has noticed: approvers who have left, facts that an import or the back office has changed."""

import logging

from django.db.models import Exists, OuterRef, Q

from crm import clock
from crm.accounts.models import Absence, User
from crm.approvals import telling
from crm.approvals.actions import replace_approver
from crm.approvals.changing import changed
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.people import deputy_of, may_decide_at_all
from crm.approvals.renewal import outdated
from crm.refusals import Refused

log = logging.getLogger(__name__)


def replaced(by: User) -> int:
    """Ask others in the place of those who may not decide any more; answers in how many tasks."""
    done = 0
    open_ones = Task.objects.filter(status__in=Task.OPEN)
    people = User.objects.in_bulk(open_ones.order_by().values_list("approver", flat=True).distinct())
    out = [pk for pk, user in people.items() if not may_decide_at_all(user)]
    membership = User.groups.through.objects.filter(user=OuterRef("approver"), group__name=OuterRef("role"))
    stale = Q(approver__in=out) | (~Q(role="") & ~Exists(membership))
    for task in open_ones.filter(stale).select_related("approver", "request").order_by("pk"):
        try:
            replace_approver(task, by=by)
            done += 1
        except Refused as refusal:  # decided meanwhile, or there is nobody: the deadline goes up the line as always
            log.info("task %s: nobody else is asked (%s)", task.pk, refusal.code)
    return done


def handed_over() -> None:
    """Ask the deputies of those who are away by now; who was told already is not told again."""
    away = Absence.objects.on(clock.now()).values("user")
    waiting = Task.objects.filter(status=Task.Status.WAITING, approver__in=away)
    for task in waiting.select_related("approver", "request__requester", "request__question"):
        if deputy_of(task.approver, task.request.requester) is not None:
            telling.asked(task)


def voided(by: User) -> int:
    """Make waiting requests void whose facts have changed; answers how many.

    What is approved and was not carried out is compared when somebody carries it out.
    """
    done = 0
    waiting = ApprovalRequest.objects.filter(status=ApprovalRequest.Status.WAITING)
    for request in waiting.select_related("question", "requester").order_by("pk"):
        if differing := changed(request):
            try:
                outdated(request, differing)
                done += 1
            except Refused as refusal:
                log.info("request %s: not made void (%s)", request.pk, refusal.code)
    return done
