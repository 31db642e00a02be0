"""The pages of contracts and requirement records."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.contracts.models import Contract, Requirement

area(
    "contracts",
    _("Contracts"),
    icon="file-text",
    order=42,
    listings=["contracts", "requirements", "shipments"],
)


class ContractView(RecordView):
    """Everything about one contract: what was said, reviewed, signed, and how far it is carried out."""

    model = Contract
    related = ("customer", "contact", "order", "owner", "department", "recorded_by", "classified_by")
    prints = ((_("Review form"), "contract-review"),)
    facts = (
        (_("Contract"), ("customer", "order", "kind", "class_reason", "delivery_on", "total", "tax")),
        (_("Accepted by word of mouth"), ("contact", "accepted_at", "accepted_by", "accepted_words", "recorded_by")),
        (_("Product and making"), ("quality", "technology", "capacity")),
        (_("Delivery"), ("place", "transport", "packing")),
        (_("Payment"), ("payment_terms", "payment_days", "payment")),
        (_("Agreements"), ("other", "signed_place", "valid_until", "reason")),
        (_("People"), ("owner", "department", "classified_by")),
        (
            _("When"),
            (
                "passed_at",
                "made_at",
                "sent_at",
                "copy_at",
                "signed_on",
                "returned_at",
                "arranged_at",
                "executed_at",
                "archived_at",
                "archive_place",
            ),
        ),
    )

    def record(self, obj: Contract, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        if obj.text:  # there is nothing to print before it is made
            made = {"label": _("Sales contract"), "url": reverse("contract-print", args=[obj.pk])}
            record["print_links"] = [made, *record["print_links"]]
        return record


class RequirementView(RecordView):
    """What one customer requires, and what he said to the sample."""

    model = Requirement
    related = ("customer", "order", "owner", "department", "taken_by", "answered_by")
    facts = (
        (_("For whom"), ("customer", "order", "goods")),
        (_("Requirements"), Requirement.HEADS),
        (_("Sample"), ("batch", "taken_by", "sent_how", "sent_on")),
        (_("Answer"), ("answered_by", "answered_on", "answered_how", "answer")),
        (_("People"), ("owner", "department", "noted_at")),
    )
