"""Products in REST."""

from crm.api.resources import Resource
from orders.catalog import lists, serializers

PRODUCTS = Resource(lists.PRODUCTS, serializers.ProductSerializer, select=("unit",), prefetch=("packings", "prices"))
