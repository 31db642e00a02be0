"""What the page of a customer shows of his return visits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel
from customers.models import Customer
from satisfaction.visits.models import Visit

SHOWN = 5


@panel(Customer, "visits", _("Return visits"), "visits/panels/visits.html", side=True, order=46)
def visits(customer: Customer, user: User) -> dict[str, Any] | None:
    """The latest ones, with how satisfied he was."""
    if not user.has_perm("visits.view_visit"):
        return None
    rows = list(Visit.objects.visible_to(user).filter(customer=customer).order_by("-quarter")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None
