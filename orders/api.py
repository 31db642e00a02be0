"""Orders and payments in REST."""

from crm.api.resources import Resource
from orders import lists, serializers

ORDERS = Resource(lists.ORDERS, serializers.OrderSerializer)
PAYMENTS = Resource(lists.PAYMENTS, serializers.PaymentSerializer)
