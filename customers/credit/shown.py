"""An assessment as people read it: aspect by aspect, and who decided on it."""

from typing import Any

from crm.approvals.models import ApprovalRequest, Decision
from customers.credit.models import Aspect, Assessment

VERB = "credit.put_in_force"


def judgements(assessment: Assessment) -> list[dict[str, Any]]:
    """Each aspect with its score, its weight and what was said about it."""
    return [
        {
            "key": str(aspect),
            "label": aspect.label,
            "score": getattr(assessment, f"{aspect}_score"),
            "weight": getattr(assessment, f"{aspect}_weight"),
            "words": getattr(assessment, str(aspect)),
        }
        for aspect in Aspect
    ]


def decisions_of(assessment: Assessment) -> list[Decision]:
    """What was said to the last request for a decision, in the order in which it was said."""
    asked = ApprovalRequest.objects.about(assessment).filter(verb=VERB).order_by("-pk").first()
    return list(asked.decisions.select_related("by", "on_behalf_of").order_by("pk")) if asked else []
