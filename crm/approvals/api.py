"""The inbox and the requests in REST."""

from crm.api.resources import Resource
from crm.approvals import lists, serializers

APPROVALS = Resource(
    lists.APPROVALS,
    serializers.ApprovalTaskSerializer,
    select=("request__question", "request__requester", "request__subject_type", "approver"),
)
REQUESTS = Resource(
    lists.REQUESTS,
    serializers.ApprovalRequestSerializer,
    select=("question", "subject_type"),
    prefetch=("tasks", "decisions", "conditions"),
)
