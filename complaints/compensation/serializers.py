"""What REST answers of one agreement."""

from complaints.compensation.models import Agreement
from crm.api.serializers import RecordSerializer


class AgreementSerializer(RecordSerializer):
    class Meta:
        model = Agreement
        fields = [
            "id",
            "number",
            "status",
            "complaint",
            "plan",
            "order",
            "contract",
            "amount",
            "text",
            "seller",
            "buyer",
            "drafted_at",
            "signed_by",
            "signed_at",
            "sealed_by",
            "sealed_at",
            "sent_at",
            "copy_at",
            "his_name",
            "his_day",
            "in_force_at",
            "due_before",
            "allowance",
            "version",
        ]
