"""Verifications and scales in REST."""

from complaints.verification import lists, serializers
from crm.api.resources import Resource

VERIFICATIONS = Resource(
    lists.VERIFICATIONS, serializers.VerificationSerializer, prefetch=("testreports__items", "samples", "weighings")
)
SCALES = Resource(lists.SCALES, serializers.ScaleSerializer, prefetch=("certificates",))
