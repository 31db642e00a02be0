"""What was brought up in a verification, as panels and paper show it."""

from typing import Any

from complaints.verification.differences import overall, stretches
from complaints.verification.models import Verification


def brought_up(verification: Verification) -> dict[str, Any]:
    """Test reports with their items, samples, and weighings with what was lost since the one before."""
    reports = verification.testreports.select_related("evidence__file").prefetch_related("items").order_by("pk")
    samples = verification.samples.select_related("tester", "evidence__file").order_by("pk")
    rows = verification.weighings.select_related(
        "scale", "certificate", "logistics", "sales", "evidence__file", "struck_by"
    )
    weighings = list(rows.order_by("at", "pk"))
    lost = stretches(weighings)
    return {
        "reports": list(reports),
        "samples": list(samples),
        "weighings": [{"row": each, "since": lost.get(each.pk)} for each in weighings],
        "difference": overall(weighings),
    }
