"""Changes, extensions and customers' requests in REST."""

from crm.api.resources import Resource
from orders.changes import lists, serializers

CHANGES = Resource(
    lists.CHANGES,
    serializers.ChangeSerializer,
    select=("order__customer",),
    prefetch=("lines", "acknowledgements", "departments"),
)
EXTENSIONS = Resource(
    lists.EXTENSIONS,
    serializers.ExtensionSerializer,
    select=("order__customer",),
    prefetch=("acknowledgements", "departments"),
)
REQUESTS = Resource(lists.REQUESTS, serializers.CustomerRequestSerializer, select=("order__customer",))
