"""Feedback in REST."""

from complaints.feedback import lists, serializers
from crm.api.resources import Resource

FEEDBACK = Resource(lists.FEEDBACK, serializers.FeedbackSerializer)
