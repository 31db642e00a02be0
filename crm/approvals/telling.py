"""Who is told what about requests, and the signed link that opens a card from a mail."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import lazy, lazystr

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals.facts import said
from crm.approvals.models import ApprovalRequest, Condition, Task
from crm.approvals.people import deputy_of
from crm.outbox.queue import notify

SALT = "approvals.open"
LASTS = 30 * 24 * 3600  # seconds for which a link in a mail opens the card

_lazily: Callable[..., Any] = lazy(lambda make: make(), str)


def link_for(task: Task, user: User) -> str:
    """The address in a mail to `user`: signed, for him and this task only; it opens the card once he has signed in."""
    token = signing.dumps([task.pk, user.pk], salt=SALT)
    return f"{settings.CRM_URL}{reverse('approval-open', args=[token])}"


def read_link(token: str) -> tuple[int, int]:
    """The keys of task and user that a link was made for. Raises signing.BadSignature for what we did not make."""
    found = signing.loads(token, salt=SALT, max_age=LASTS)
    if not (isinstance(found, list) and len(found) == 2 and all(isinstance(each, int) for each in found)):
        raise signing.BadSignature(token)
    return found[0], found[1]


def asked(task: Task, again: bool = False) -> None:
    """Tell who is asked, or his deputy where he is away; `again` is a reminder, one an hour at most."""
    request = task.request
    user = deputy_of(task.approver, request.requester) or task.approver
    if user.pk != task.approver_id:
        from crm.approvals.engine import let_see

        let_see(request, user)
    hour = f"-{clock.now():%Y%m%dT%H}" if again else ""
    notify(
        user,
        "approvals.reminded" if again else "approvals.asked",
        about=request,
        context=_context(request) | {"step": _lazily(lambda: task.step.title), "url": link_for(task, user)},
        key=f"{key_of_asking(task.pk, task.begun_at)}{hour}",
    )


def key_of_asking(task: int, begun_at: datetime) -> str:
    """What makes it the same notice that somebody is asked: the task's key, and when it was begun."""
    return f"approval-{task}-{begun_at.astimezone(UTC):%Y%m%dT%H%M%S}"


def ended(request: ApprovalRequest, status: str) -> None:
    """Tell the requester how it ended: in `status`, which the gate may not have written yet."""
    state = lazystr(ApprovalRequest.Status(status).label)
    notify(
        request.requester,
        "approvals.ended",
        about=request,
        context=_context(request) | {"state": state, "reason": request.problem or request.reason},
        key=f"approval-ended-{request.pk}-{status}-{request.version}",
    )


def voided(request: ApprovalRequest) -> None:
    """Tell the requester, those who were asked and those who had approved, what has changed."""
    changes = _lazily(lambda: changes_text(request))
    tasks = request.tasks.filter(superseded=False).exclude(status__in=[Task.Status.SKIPPED, Task.Status.PENDING])
    people = User.objects.filter(pk__in={request.requester_id, *tasks.values_list("approver", flat=True)})
    for user in people.filter(is_active=True):
        notify(
            user,
            "approvals.void",
            about=request,
            context=_context(request) | {"changes": changes},
            key=f"approval-void-{request.pk}",
        )


def copied(request: ApprovalRequest, user: User, by: User) -> None:
    """Tell somebody that he may see a request."""
    context = _context(request) | {"who": lazystr(by)}
    notify(user, "approvals.copied", about=request, context=context, key=f"approval-copy-{request.pk}")


def condition_raised(condition: Condition) -> None:
    """Tell who is to meet it."""
    _about_condition(condition, condition.owner, "approvals.condition")


def condition_met(condition: Condition) -> None:
    """Tell who raised it, with the proof."""
    _about_condition(condition, condition.raised_by, "approvals.condition_met")


def _about_condition(condition: Condition, user: User, template: str) -> None:
    notify(
        user,
        template,
        about=condition.request,
        context=_context(condition.request)
        | {
            "condition": condition.text,
            "due_on": condition.due_on,
            "who": lazystr(condition.raised_by),
            "proof": condition.proof,
        },
        key=f"{template}-{condition.pk}",
    )


def changes_text(request: ApprovalRequest) -> str:
    """What has changed, one line each, in the reader's language."""
    lines = [
        f"{said(row['label'])}: {said(row['before']) or '–'} → {said(row['after']) or '–'}"
        for row in request.changes
        if said(row["label"])
    ]
    return "\n".join(lines)


def facts_text(request: ApprovalRequest) -> str:
    """What is asked, one line each, in the reader's language."""
    return "\n".join(f"{row['label']}: {row['text']}" for row in request.facts)


def _context(request: ApprovalRequest) -> dict[str, Any]:
    label = ACTIONS[request.verb].label if request.verb in ACTIONS else request.verb
    return {
        "number": request.number,
        "what": lazystr(label),
        "about": request.title,
        "requester": lazystr(request.requester),
        "facts": _lazily(lambda: facts_text(request)),
    }
