"""A request whose facts have changed: void, and asked again by itself where its declaration wants it so."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import telling
from crm.approvals.declare import APPROVALS, ASKED_BY
from crm.approvals.kept import restored
from crm.approvals.models import ApprovalRequest
from crm.refusals import Refused


def is_renewed(request: ApprovalRequest) -> bool:
    """Whether it is asked again by itself when its facts change."""
    approval = APPROVALS.get(request.verb)
    return approval is not None and approval.renewed


def outdated(request: ApprovalRequest, changes: list[dict[str, Any]]) -> ApprovalRequest:
    """End a request whose facts have changed; answers the one that was asked in its place, else itself.

    Raises Refused where somebody has ended it in this moment.
    """
    from crm.approvals.actions import void
    from crm.approvals.engine import over, system

    ended: ApprovalRequest = void(request, by=system(), changes=changes)
    if not is_renewed(request):
        return ended
    again = _ask_again(request)
    if again is None:
        telling.voided(ApprovalRequest.objects.get(pk=request.pk))
        over(request, ApprovalRequest.Status.VOID)
    return again or ended


def _ask_again(request: ApprovalRequest) -> ApprovalRequest | None:
    """Ask the same with the facts as they are, as who asked before; None where that is refused."""
    from crm.approvals.engine import subject_of

    verb, requester = ACTIONS[request.verb], User.objects.get(pk=request.requester_id)
    subject = subject_of(request)
    try:
        with transaction.atomic():
            form = restored(request, subject, APPROVALS[verb.name].actor(requester))
            if not form.is_valid():
                return None
            found: ApprovalRequest = ASKED_BY[verb.name](subject, by=requester, **form.cleaned_data)
            return found
    except (Refused, ValidationError, ObjectDoesNotExist):
        return None
