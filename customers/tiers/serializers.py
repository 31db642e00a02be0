"""What REST answers of a proposed tier, and of a change of a tier."""

from crm.api.serializers import RecordSerializer
from customers.tiers.models import Proposal, TierChange


class ProposalSerializer(RecordSerializer):
    """A proposal with each measure's figure, points and weight."""

    class Meta:
        model = Proposal
        fields = [
            "id",
            "customer",
            "status",
            "proposed_at",
            "before",
            "tier",
            "total",
            "threshold",
            "measures",
            "decided",
            "decided_by",
            "decided_at",
            "reason",
            "version",
        ]


class TierChangeSerializer(RecordSerializer):
    class Meta:
        model = TierChange
        fields = ["id", "customer", "at", "by", "before", "after", "reason", "proposal"]
