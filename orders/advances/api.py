"""Advances in REST."""

from crm.api.resources import Resource
from orders.advances import lists, serializers

ADVANCES = Resource(
    lists.ADVANCES, serializers.AdvanceSerializer, select=("order", "customer", "applied_by"), prefetch=("uses",)
)
