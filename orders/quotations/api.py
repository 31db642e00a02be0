"""Quotations and samples in REST."""

from crm.api.resources import Resource
from orders.quotations import lists, serializers

QUOTATIONS = Resource(lists.QUOTATIONS, serializers.QuotationSerializer, prefetch=("versions__lines",))
SAMPLES = Resource(lists.SAMPLES, serializers.SampleSerializer, prefetch=("lines", "rounds"))
