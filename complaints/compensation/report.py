"""What the customer got, in the printed handling report."""

from typing import Any

from complaints.models import Complaint
from complaints.report import section


@section("compensation/print/section.html", order=30)
def what_he_got(complaint: Complaint) -> dict[str, Any] | None:
    """Agreements that were not withdrawn, discounts and replacement orders."""
    agreements = list(complaint.agreements.exclude(status="dropped").select_related("order").order_by("pk"))
    discounts = list(
        complaint.discounts.filter(allowance__reversal=None).select_related("allowance__order").order_by("pk")
    )
    replacements = list(complaint.replacements.select_related("order").order_by("pk"))
    if not (agreements or discounts or replacements):
        return None
    return {"agreements": agreements, "discounts": discounts, "replacements": replacements}
