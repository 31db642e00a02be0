"""The deadlines of a record, beside its facts."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.deadlines.rules import rules_on
from crm.web.panels import panel

CLOSED = 5  # shown of those that are over


@panel(None, "deadlines", _("Deadlines"), "deadlines/panel.html", side=True, order=10)
def deadlines(obj: models.Model, user: User) -> dict[str, Any] | None:
    """What must be done by when, the most urgent first, then how the last ones ended."""
    if not rules_on(type(obj)):
        return None
    rows = Deadline.objects.about(obj).select_related("responsible", "department")
    opened = list(rows.open().order_by("due_at"))
    closed = list(rows.exclude(closed_at=None).order_by("-closed_at")[:CLOSED])
    return {"rows": [*opened, *closed], "count": len(opened)}
