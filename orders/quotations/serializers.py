"""What REST answers of one quotation or sample."""

from crm.api.serializers import RecordSerializer
from orders.quotations.models import (
    Quotation,
    QuotationLine,
    QuotationVersion,
    Sample,
    SampleLine,
    SampleRound,
)
from orders.serializers import LISTED


class QuotationLineSerializer(RecordSerializer):
    class Meta:
        model = QuotationLine
        fields = LISTED


class QuotationVersionSerializer(RecordSerializer):
    lines = QuotationLineSerializer(many=True, read_only=True)

    class Meta:
        model = QuotationVersion
        fields = [
            "id",
            "number",
            "outcome",
            "valid_until",
            "payment_terms",
            "payment_days",
            "payment",
            "delivery",
            "remarks",
            "total",
            "tax",
            "low_price",
            "price_reason",
            "made_by",
            "made_at",
            "sent_at",
            "sent_to",
            "answered_at",
            "answered_how",
            "signed_by",
            "signed_on",
            "answer",
            "lines",
        ]


class QuotationSerializer(RecordSerializer):
    """A quotation with all of its versions; `latest` is the number of the one that counts."""

    versions = QuotationVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Quotation
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "contact",
            "inquiry",
            "sample",
            "order",
            "project",
            "latest",
            "valid_until",
            "total",
            "tax",
            "low_price",
            "made_at",
            "offered_at",
            "answered_at",
            "reason",
            "owner",
            "department",
            "version",
            "versions",
        ]


class SampleLineSerializer(RecordSerializer):
    class Meta:
        model = SampleLine
        fields = ["id", "position", "product", "what", "specification", "quantity", "unit"]


class SampleRoundSerializer(RecordSerializer):
    class Meta:
        model = SampleRound
        fields = [
            "id",
            "number",
            "batch",
            "specification",
            "goods",
            "made_at",
            "made_by",
            "carrier",
            "tracking",
            "sent_on",
            "sent_to",
            "received_on",
            "outcome",
            "answered_at",
            "answered_how",
            "signed_by",
            "signed_on",
            "changes",
        ]


class SampleSerializer(RecordSerializer):
    """A sample with its goods and every round that was made."""

    lines = SampleLineSerializer(many=True, read_only=True)
    rounds = SampleRoundSerializer(many=True, read_only=True)

    class Meta:
        model = Sample
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "contact",
            "inquiry",
            "order",
            "place",
            "expects",
            "wanted_on",
            "expected_on",
            "round",
            "progress",
            "told_at",
            "requested_at",
            "requested_by",
            "maker",
            "reason",
            "owner",
            "department",
            "version",
            "lines",
            "rounds",
        ]
