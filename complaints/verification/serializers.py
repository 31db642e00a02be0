"""What REST answers of one verification and of one scale."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.verification.differences import overall
from complaints.verification.models import (
    Sample,
    Scale,
    ScaleCertificate,
    TestItem,
    TestReport,
    Verification,
    Weighing,
)
from crm.api.serializers import RecordSerializer


class TestItemSerializer(RecordSerializer):
    __test__ = False  # it is no test of ours

    class Meta:
        model = TestItem
        fields = ["position", "name", "standard", "measured", "conforms"]


class TestReportSerializer(RecordSerializer):
    __test__ = False  # it is no test of ours

    items = TestItemSerializer(many=True, read_only=True)

    class Meta:
        model = TestReport
        fields = [
            "id",
            "stage",
            "number",
            "tested_on",
            "tester",
            "conforms",
            "conclusion",
            "evidence",
            "accepted",
            "accepted_how",
            "words",
            "accepted_at",
            "made_by",
            "made_at",
            "items",
        ]


class SiteSampleSerializer(RecordSerializer):
    class Meta:
        model = Sample
        fields = [
            "id",
            "number",
            "what",
            "amount",
            "place",
            "taken_at",
            "tester",
            "witness",
            "seal",
            "evidence",
            "made_by",
            "made_at",
        ]


class WeighingSerializer(RecordSerializer):
    class Meta:
        model = Weighing
        fields = [
            "id",
            "stage",
            "place",
            "scale",
            "certificate",
            "whose",
            "vehicle",
            "gross",
            "tare",
            "net",
            "at",
            "weigher",
            "logistics",
            "sales",
            "evidence",
            "struck_by",
            "struck_because",
            "made_by",
            "made_at",
        ]


class DifferenceSerializer(serializers.Serializer):
    """How much less arrived than was loaded, in kilograms and in percent."""

    lost = serializers.DecimalField(max_digits=13, decimal_places=3)
    percent = serializers.DecimalField(max_digits=9, decimal_places=2)


class VerificationSerializer(RecordSerializer):
    """A verification with its tests, samples and weighings, and what was lost on the way."""

    testreports = TestReportSerializer(many=True, read_only=True)
    samples = SiteSampleSerializer(many=True, read_only=True)
    weighings = WeighingSerializer(many=True, read_only=True)
    difference = serializers.SerializerMethodField()

    class Meta:
        model = Verification
        fields = [
            "id",
            "number",
            "status",
            "kind",
            "complaint",
            "round",
            "opened_by",
            "opened_at",
            "laboratory",
            "laboratory_how",
            "laboratory_words",
            "laboratory_at",
            "scale",
            "meets_standard",
            "statement",
            "stated_by",
            "stated_at",
            "explanation",
            "explained_by",
            "explained_at",
            "opinion",
            "signed_by",
            "signed_at",
            "sealed",
            "signed_paper",
            "reason",
            "version",
            "testreports",
            "samples",
            "weighings",
            "difference",
        ]

    @extend_schema_field(DifferenceSerializer(allow_null=True))
    def get_difference(self, verification: Verification) -> dict[str, Any] | None:
        """Loaded against arrived, null where one of both is missing."""
        found = overall(verification.weighings.all())
        return DifferenceSerializer(found).data if found else None


class ScaleCertificateSerializer(RecordSerializer):
    class Meta:
        model = ScaleCertificate
        fields = ["id", "number", "issued_by", "issued_on", "valid_until", "file", "entered_by", "entered_at"]


class ScaleSerializer(RecordSerializer):
    """A scale of the register with all its certificates."""

    certificates = ScaleCertificateSerializer(many=True, read_only=True)

    class Meta:
        model = Scale
        fields = [
            "id",
            "status",
            "number",
            "warehouse",
            "place",
            "kind",
            "capacity",
            "division",
            "accuracy",
            "owner",
            "registered_on",
            "certificate_number",
            "valid_until",
            "reason",
            "version",
            "certificates",
        ]
