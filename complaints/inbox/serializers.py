"""What REST answers of one message."""

from rest_framework import serializers

from complaints.inbox.models import Incoming
from crm.api.serializers import RecordSerializer


class IncomingSerializer(RecordSerializer):
    """A message with its text in clear, which whoever may see the message reads on its page, too."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = Incoming
        fields = [
            "id",
            "number",
            "status",
            "channel",
            "received_at",
            "name",
            "company",
            "phone",
            "email",
            "subject",
            "text",
            "category",
            "said_number",
            "language",
            "automatic",
            "damaged",
            "left_out",
            "customer",
            "contact",
            "named",
            "complaint",
            "entry",
            "owner",
            "department",
            "reason",
            "done_by",
            "done_at",
            "version",
        ]
