"""What this app shows on the page of a complaint: that its cause came again."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.analysis.recurring import of_complaint
from complaints.models import Complaint
from crm.accounts.models import User
from crm.web.panels import panel


@panel(Complaint, "recurring", _("Recurring cause"), "analysis/panels/recurring.html", side=True, order=5)
def recurring(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """How often the same cause came with the same product, or batch, within ninety days (K8)."""
    found = of_complaint(complaint, user)
    return {"number": found[0], "pattern": found[1]} if found else None
