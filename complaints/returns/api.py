"""Return notices in REST; a warehouse system takes goods in by the verb."""

from complaints.returns import lists, serializers
from crm.api.resources import Resource

RETURNS = Resource(lists.RETURNS, serializers.ReturnSerializer, prefetch=("lines", "receipts__lines"))
