"""The requests about a record, on the record's page."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.watch import watched
from crm.web.panels import panel

SHOWN = 8


@panel(None, "approvals", _("Approvals"), "approvals/panel.html", side=True, order=15)
def approvals(obj: models.Model, user: User) -> dict[str, Any] | None:
    """The latest requests about it with who is asked now; whoever sees the record sees them named."""
    if not watched(type(obj)):
        return None
    found = list(ApprovalRequest.objects.about(obj).select_related("requester").order_by("-pk")[:SHOWN])
    if not found:
        return None
    waiting: dict[int, list[str]] = {}
    rows = Task.objects.filter(request__in=found, status=Task.Status.WAITING).select_related("approver")
    for task in rows:
        waiting.setdefault(task.request_id, []).append(str(task.approver))
    seen = set(
        ApprovalRequest.objects.visible_to(user).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    shown = [{"request": row, "waiting": ", ".join(waiting.get(row.pk, [])), "seen": row.pk in seen} for row in found]
    return {"rows": shown, "count": sum(1 for row in found if row.status == ApprovalRequest.Status.WAITING)}
