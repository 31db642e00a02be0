"""What this app shows on the page of a customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.records.entries import talking
from crm.web.panels import panel
from customers.models import Customer
from orders.inquiries.actions import call_back
from orders.inquiries.models import Inquiry

talking(call_back)


@panel(Customer, "inquiries", _("Inquiries"), "inquiries/panels/inquiries.html", order=25)
def inquiries(customer: Customer, user: User) -> dict[str, Any] | None:
    """What he asked, the newest first."""
    rows = list(Inquiry.objects.visible_to(user).filter(customer=customer).select_related("owner")[:20])
    return {"rows": rows, "count": len(rows)} if rows else None
