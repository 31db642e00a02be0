"""The inbox in REST."""

from complaints.inbox import lists, serializers
from crm.api.resources import Resource

INBOX = Resource(lists.INBOX, serializers.IncomingSerializer)
