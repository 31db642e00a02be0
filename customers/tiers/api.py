"""Proposed tiers and their changes in REST."""

from crm.api.resources import Resource
from customers.tiers import lists, serializers

PROPOSALS = Resource(lists.PROPOSALS, serializers.ProposalSerializer, select=("customer",))
CHANGES = Resource(lists.CHANGES, serializers.TierChangeSerializer, select=("customer",))
