"""The pages of customers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from customers.models import ChangeReport, Customer, Note, completeness

area(
    "customers",
    _("Customers"),
    icon="building",
    order=20,
    listings=["customers", "contacts", "notes", "change-reports", "tasks", "contact-log"],
)


class CustomerView(RecordView):
    """Everything about one customer (C6)."""

    model = Customer
    related = ("owner", "department", "verified_by")
    facts = (
        (
            _("Customer"),
            ("code", "kind", "tier", "short_name", "name_en", "region", "business_area", "industry", "size"),
        ),
        (_("Care"), ("owner", "department", "source", "verified_at", "verified_by")),
        (_("Money"), ("payment_terms", "payment_days", "supply_suspended", "suspension_reason")),
        (_("Papers and bank"), ("licence", "tax_number", "bank_name", "bank_account")),
        (_("Needs"), ("needs", "usual_goods", "remarks")),
    )

    def record(self, obj: Customer, request: Any) -> dict[str, Any]:
        score, missing = completeness(obj)
        return {**super().record(obj, request), "completeness": {"score": score, "missing": missing}}


class NoteView(RecordView):
    model = Note
    related = ("owner", "department", "received_by", "customer")
    facts = (
        (_("What was learned"), ("name", "contact_name", "phone", "text", "source", "received_at", "received_by")),
        (_("What became of it"), ("customer", "reason", "owner")),
    )


class ChangeReportView(RecordView):
    model = ChangeReport
    related = ("customer__owner", "reported_by")
    facts = ((_("Report"), ("customer", "changed_on", "source", "reported_by", "reported_at", "decision")),)
