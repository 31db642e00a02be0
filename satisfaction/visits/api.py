"""Return visits in REST."""

from crm.api.resources import Resource
from satisfaction.visits import lists, serializers

VISITS = Resource(lists.VISITS, serializers.VisitSerializer)
