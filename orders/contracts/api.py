"""Contracts, supplements, requirement records and requests for shipment in REST."""

from crm.api.resources import Resource
from orders.contracts import lists, serializers

CONTRACTS = Resource(
    lists.CONTRACTS,
    serializers.ContractSerializer,
    select=("customer", "order"),
    prefetch=("lines", "supplements__lines", "shipments"),
)
REQUIREMENTS = Resource(lists.REQUIREMENTS, serializers.RequirementSerializer)
SHIPMENTS = Resource(lists.SHIPMENTS, serializers.ShipmentRequestSerializer, select=("contract",))
SUPPLEMENTS = Resource(lists.SUPPLEMENTS, serializers.SupplementSerializer, select=("contract",), prefetch=("lines",))
