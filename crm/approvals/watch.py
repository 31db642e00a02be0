"""What a verb changes may be what others are asked to approve: looked at in the same transaction."""

from typing import Any

from django.db import models

from crm.actions import ACTIONS
from crm.approvals.declare import APPROVALS
from crm.approvals.models import ApprovalRequest, Condition


def watched(model: type[models.Model]) -> bool:
    """Whether any verb on records of `model` needs an approval."""
    return any(name in ACTIONS and ACTIONS[name].model is model for name in APPROVALS)


def _still_done(obj: Any) -> list[str]:
    """The verbs that need an approval and may be done in the record's state; else the clock makes a request void."""
    kind: type = type(obj)
    verbs = (ACTIONS[name] for name in APPROVALS if name in ACTIONS)
    return [each.name for each in verbs if each.model is kind and (each.source is None or obj.status in each.source)]


def end_about(obj: Any, reason: str) -> None:
    """End what is being decided about a record that has come to its end, at once; one query where nothing is.

    What was still to be met for what is not done in its state is met no more, with the `reason`.
    """
    from crm.approvals.actions import waive_condition
    from crm.approvals.changing import changed
    from crm.approvals.engine import system
    from crm.approvals.renewal import outdated

    about = ApprovalRequest.objects.about(obj)
    live = about.live().select_related("question", "requester")
    for request in live.select_for_update(of=("self",), no_key=True, skip_locked=True):
        if differing := changed(request, obj):
            outdated(request, differing)
    over = about.exclude(status__in=ApprovalRequest.LIVE).exclude(verb__in=_still_done(obj))
    for condition in Condition.objects.filter(request__in=over, status=Condition.Status.OPEN):
        waive_condition(condition, by=system(), reason=reason)


def look_at(obj: Any) -> None:
    """Make requests about `obj` void whose facts have changed; one query where none is live, none in a later state."""
    if not _still_done(obj):
        return
    from crm.approvals.changing import changed
    from crm.approvals.renewal import outdated

    live = ApprovalRequest.objects.about(obj).live().select_related("question", "requester")
    # One that is being decided looks at the record itself when this is done: waiting for it would be a circle.
    for request in live.select_for_update(of=("self",), no_key=True, skip_locked=True):
        if differing := changed(request, obj):
            outdated(request, differing)
            obj.refresh_from_db()  # verbs that follow from it may have been done to the record
