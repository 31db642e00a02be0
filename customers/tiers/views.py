"""The page of a proposed tier."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from customers.tiers.models import Proposal

join_area("credit", "tier-proposals", "tier-changes")


class ProposalView(RecordView):
    """One proposal with every figure behind it."""

    model = Proposal
    related = ("customer__owner", "customer__department", "decided_by")
    facts = (
        (_("Proposal"), ("customer", "before", "tier", "proposed_at")),
        (_("Decision"), ("decided", "decided_by", "decided_at", "reason")),
    )
