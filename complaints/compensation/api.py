"""Agreements on compensations in REST."""

from complaints.compensation import lists, serializers
from crm.api.resources import Resource

AGREEMENTS = Resource(lists.AGREEMENTS, serializers.AgreementSerializer)
