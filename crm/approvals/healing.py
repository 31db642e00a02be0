"""What nobody's verb has noticed: approvers who have left, facts that an import or the back office has changed.

Most of the time there is nothing to be done, so each of the three is found by some queries, whatever waits.
"""

from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from crm import clock
from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.approvals import telling
from crm.approvals.actions import replace_approver
from crm.approvals.changing import changed
from crm.approvals.declare import APPROVALS
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.people import deputies_of, who_may_decide
from crm.approvals.renewal import outdated
from crm.deadlines.one_by_one import one_by_one
from crm.outbox import queue

AT_ONCE = 300  # requests whose facts are compared in one run: each asks some queries of its verb


def replaced(by: User) -> int:
    """Ask others in the place of those who may not decide any more; answers in how many tasks."""
    able = Exists(who_may_decide().filter(pk=OuterRef("approver")))
    membership = User.groups.through.objects.filter(user=OuterRef("approver"), group__name=OuterRef("role"))
    stale = Task.objects.filter(~able | (~Q(role="") & ~Exists(membership)), status__in=Task.OPEN)
    # Whoever was decided meanwhile, or has nobody else to ask, is refused: the deadline goes up the line as always.
    return one_by_one(stale.select_related("approver", "request").order_by("pk"), partial(replace_approver, by=by))


def handed_over() -> int:
    """Ask the deputies of those who are away by now; answers in how many tasks. Who was told is not told again."""
    away = User.objects.in_bulk(Absence.objects.on(clock.now()).values_list("user_id", flat=True))
    waiting = Task.objects.filter(status=Task.Status.WAITING, approver__in=away).order_by("pk")
    rows = list(waiting.values_list("pk", "begun_at", "approver_id", "request__requester_id"))
    deputies = deputies_of({(away[approver], requester) for _pk, _begun, approver, requester in rows}) if rows else {}
    wanted = {
        pk: (deputies[approver, requester].pk, telling.key_of_asking(pk, begun))
        for pk, begun, approver, requester in rows
        if (approver, requester) in deputies
    }
    told = queue.notified(wanted.values())
    untold = [pk for pk, notice in wanted.items() if notice not in told]
    tasks = Task.objects.filter(pk__in=untold).order_by("pk")
    return one_by_one(
        tasks.select_related("approver", "request__requester", "request__question"), transaction.atomic(telling.asked)
    )


def voided(by: User) -> int:
    """Make waiting requests void whose facts have changed; answers how many.

    Records that have gone on are found at once. Facts are compared request by request: of many that wait, those that
    were not compared the longest. What is approved and was not carried out is compared when somebody carries it out,
    and so is what is decided, so nothing else is approved in the meantime than what was asked.
    """
    waiting = ApprovalRequest.objects.filter(status=ApprovalRequest.Status.WAITING)
    gone = list(waiting.filter(_gone_on()).values_list("pk", flat=True))
    in_turn = list(
        waiting.order_by(F("compared_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:AT_ONCE]
    )
    rows = waiting.filter(pk__in={*gone, *in_turn}).select_related("question", "requester").order_by("pk")
    done = 0

    def compare(request: ApprovalRequest) -> None:
        nonlocal done
        if differing := changed(request, request.subject):
            transaction.atomic(outdated)(request, differing)
            done += 1

    one_by_one(rows.prefetch_related("subject"), compare)
    if len(in_turn) == AT_ONCE:
        waiting.filter(pk__in=in_turn).update(compared_at=clock.now())
    return done


def _gone_on() -> Q:
    """Which requests are about a record that is in a state by now in which the verb is not done any more."""
    found = Q(pk__in=[])
    for name in APPROVALS.keys() & ACTIONS.keys():
        verb: Any = ACTIONS[name]
        if verb.model is not None and verb.source is not None:
            kind = ContentType.objects.get_for_model(verb.model)
            subjects = verb.model._base_manager.filter(pk=OuterRef("subject_pk")).exclude(status__in=verb.source)
            found |= Q(Exists(subjects), verb=name, subject_type=kind)
    return found
