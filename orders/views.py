"""The pages of orders."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from orders.models import Order

area("orders", _("Orders"), icon="clipboard-list", order=40, listings=["orders", "payments"])


class OrderView(RecordView):
    """Everything about one order."""

    model = Order
    related = ("customer", "contact", "type", "owner", "department", "applied_by", "inquiry")
    prints = (
        (_("Application form"), "order-application"),
        (_("Order confirmation"), "order-confirmation"),
        (_("Sign-off sheet"), "order-sheet"),
    )
    facts = (
        (_("Customer"), ("customer", "contact", "reference", "inquiry")),
        (
            _("Order"),
            (
                "type",
                "project",
                "description",
                "fulfilment",
                "wanted_on",
                "place",
                "remarks",
                "mend",
                "price_reason",
                "reason",
            ),
        ),
        (
            _("Money"),
            (
                "total",
                "tax",
                "settled",
                "returned",
                "allowance",
                "paid",
                "payment_terms",
                "payment_days",
                "due_on",
                "credit_allowed",
                "credit_reason",
            ),
        ),
        (_("People"), ("owner", "department", "applied_by")),
        (_("When"), ("received_at", "submitted_at", "accepted_at", "confirmed_at", "sheet_received_at", "closed_at")),
    )

    def subtitle(self, obj: Order) -> Any:
        return obj.detail
