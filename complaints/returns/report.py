"""What came back, in the printed handling report."""

from typing import Any

from complaints.models import Complaint
from complaints.report import section
from complaints.returns.models import ReturnNotice


@section("returns/print/section.html", order=20)
def returns(complaint: Complaint) -> dict[str, Any] | None:
    """The return notices with what came of them."""
    rows = ReturnNotice.objects.filter(complaint=complaint, status__in=ReturnNotice.LIVE)
    found = list(rows.select_related("signed_by").prefetch_related("lines__line__product__unit", "receipts"))
    return {"returns": found} if found else None
