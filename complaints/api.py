"""Complaints in REST."""

from complaints import lists, serializers
from crm.api.resources import Resource

COMPLAINTS = Resource(lists.COMPLAINTS, serializers.ComplaintSerializer)
