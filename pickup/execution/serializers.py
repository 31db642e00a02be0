"""What REST answers of one report, as far as the caller sees its contracts, and of a subscription."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from pickup.execution.models import Correction, Report, Subscription


class CorrectionSerializer(RecordSerializer):
    class Meta:
        model = Correction
        fields = ["id", "number", "reason", "digest", "at", "by"]


class ReportSerializer(RecordSerializer):
    """A report with the rows and sums of what the caller may see; `digest` is the hash of all rows as issued."""

    corrections = CorrectionSerializer(many=True, read_only=True)
    digest = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()
    sums = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id",
            "number",
            "kind",
            "status",
            "first",
            "last",
            "drafted_at",
            "issued_at",
            "issued_by",
            "remarks",
            "version",
            "corrections",
            "digest",
            "rows",
            "sums",
        ]

    def get_digest(self, report: Report) -> str:
        """The SHA-256 of all rows, empty for a draft."""
        return report.figures.digest if report.status == Report.Status.ISSUED else ""

    def get_rows(self, report: Any) -> list[dict[str, Any]]:
        """Each contract, and each order without one, that is the caller's to see."""
        rows: list[dict[str, Any]] = report.part.rows
        return rows

    def get_sums(self, report: Any) -> dict[str, dict[str, str]]:
        """The sums of these rows."""
        return {
            name: {each: str(value) for each, value in columns.items()} for name, columns in report.part.sums.items()
        }


class SubscriptionSerializer(RecordSerializer):
    class Meta:
        model = Subscription
        fields = ["id", "status", "user", "kind", "since", "ended_at", "version"]
