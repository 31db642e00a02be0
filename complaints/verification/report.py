"""What the handling report says of the verifications of a complaint (KC 5.2.1.4-5.2.1.5)."""

from typing import Any

from complaints.models import Complaint
from complaints.report import section
from complaints.verification.models import Verification
from complaints.verification.told import brought_up


@section("verification/print/section.html", order=20)
def verifications(complaint: Complaint) -> dict[str, Any] | None:
    """Each verification that was not dropped, with all that it brought up and who signed and sealed it."""
    rows = complaint.verifications.exclude(status=Verification.Status.DROPPED)
    found = rows.select_related("scale", "stated_by", "explained_by", "signed_by").order_by("pk")
    shown = [{"verification": each, **brought_up(each)} for each in found]
    return {"verifications": shown} if shown else None
