"""Inquiries in REST."""

from crm.api.resources import Resource
from orders.inquiries import lists, serializers

INQUIRIES = Resource(lists.INQUIRIES, serializers.InquirySerializer)
