"""What this app shows on the page of a customer, and of a proposal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from customers.models import Customer
from customers.tiers.models import Judgement, Proposal, Score, TierChange
from customers.tiers.service import service_of
from customers.tiers.shown import working

SHOWN = 10  # changes


@panel(Customer, "tier", _("Tier"), "tiers/panels/tier.html", side=True, order=14)
def tier(customer: Customer, user: User) -> dict[str, Any]:
    """His tier, why and since when, what was worked out last, and how he is served for it (C5)."""
    changes = list(customer.tier_changes.select_related("by", "proposal")[:SHOWN])
    waiting = Proposal.objects.filter(customer=customer, status=Proposal.Status.OPEN).first()
    score = Score.objects.filter(customer=customer).first()
    service = service_of(customer.tier)
    owner = customer.owner
    return {
        "changes": changes,
        "since": changes[0].at if changes else customer.created_at,
        "last": changes[0] if changes else None,
        "waiting": waiting,
        "score": score,
        "working": working(score.measures) if score else None,
        "judgement": Judgement.objects.filter(customer=customer).select_related("by").first(),
        "service": service,
        "nobody": service.dedicated_owner and (owner is None or not owner.is_active),
        "rows": [waiting] if waiting else [],
        "action": step("tiers.set_tier", customer, user),
    }


@panel(Proposal, "measures", _("How it was worked out"), "tiers/panels/measures.html", order=10)
def measures(proposal: Proposal, user: User) -> dict[str, Any]:
    """Each measure's figure, points and weight, the sum and the threshold."""
    return {"working": working(proposal.measures)}


@panel(Proposal, "history", _("Changes of the tier so far"), "tiers/panels/history.html", order=20)
def history(proposal: Proposal, user: User) -> dict[str, Any] | None:
    """How the customer's tier has changed."""
    rows = list(
        TierChange.objects.filter(customer=proposal.customer_id)
        .select_related("by", "proposal")
        .order_by("-pk")[:SHOWN]
    )
    return {"changes": rows, "count": len(rows)} if rows else None
