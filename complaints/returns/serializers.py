"""What REST answers of one return notice."""

from rest_framework import serializers

from complaints.returns.models import NoticeLine, ReceiptLine, ReturnNotice, ReturnReceipt
from crm.api.serializers import RecordSerializer


class ReturnNoticeLineSerializer(RecordSerializer):
    """What comes back of a line; `open_quantity` is still to come."""

    open_quantity = serializers.DecimalField(max_digits=14, decimal_places=3, read_only=True)

    class Meta:
        model = NoticeLine
        fields = ["id", "line", "batch", "quantity", "good", "defective", "open_quantity"]


class ReturnReceiptLineSerializer(RecordSerializer):
    class Meta:
        model = ReceiptLine
        fields = ["id", "line", "good", "defective"]


class ReturnReceiptSerializer(RecordSerializer):
    lines = ReturnReceiptLineSerializer(many=True, read_only=True)

    class Meta:
        model = ReturnReceipt
        fields = [
            "id",
            "number",
            "at",
            "clerk",
            "brought_by",
            "vehicle",
            "remarks",
            "amount",
            "record",
            "delivery",
            "paper",
            "lines",
        ]


class ReturnSerializer(RecordSerializer):
    """A return notice with its goods and the receipts of what came."""

    lines = ReturnNoticeLineSerializer(many=True, read_only=True)
    receipts = ReturnReceiptSerializer(many=True, read_only=True)

    class Meta:
        model = ReturnNotice
        fields = [
            "id",
            "number",
            "status",
            "complaint",
            "round",
            "order",
            "record",
            "delivery",
            "warehouse",
            "why",
            "drafted_at",
            "written_by",
            "written_at",
            "mend",
            "signed_by",
            "signed_at",
            "phoned_by",
            "phoned_at",
            "phoned_to",
            "urgent",
            "ended_at",
            "reason",
            "version",
            "lines",
            "receipts",
        ]
