"""What REST answers of one inquiry."""

from crm.api.serializers import RecordSerializer
from orders.inquiries.models import Inquiry


class InquirySerializer(RecordSerializer):
    class Meta:
        model = Inquiry
        fields = [
            "id",
            "number",
            "status",
            "channel",
            "urgent",
            "priority",
            "received_at",
            "name",
            "contact_name",
            "phone",
            "email",
            "matter",
            "customer",
            "received_by",
            "owner",
            "department",
            "answer",
            "reply",
            "answered_at",
            "answered_by",
            "called_back_at",
            "closing_reason",
            "version",
        ]
