"""Credit in REST."""

from crm.api.resources import Resource
from customers.credit import lists, serializers

STANDINGS = Resource(
    lists.STANDINGS,
    serializers.StandingSerializer,
    select=("customer",),
    prefetch=("customer__rating_changes",),
)
ASSESSMENTS = Resource(lists.ASSESSMENTS, serializers.AssessmentSerializer, select=("customer",))
ALERTS = Resource(lists.ALERTS, serializers.AlertSerializer, select=("customer",))
