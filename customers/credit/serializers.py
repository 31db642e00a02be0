"""What REST answers of one assessment, standing or alert."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from customers.credit.exposure import Exposure, exposure_of, parts
from customers.credit.models import Alert, Assessment, RatingChange, Standing


class AssessmentSerializer(RecordSerializer):
    class Meta:
        model = Assessment
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "operations_score",
            "operations",
            "operations_weight",
            "finances_score",
            "finances",
            "finances_weight",
            "payment_score",
            "payment",
            "payment_weight",
            "score",
            "rating",
            "policy_limit",
            "limit",
            "limit_reason",
            "payment_terms",
            "payment_days",
            "valid_until",
            "assessed_by",
            "assessed_at",
            "in_force_at",
            "reason",
            "version",
        ]


class RatingChangeSerializer(RecordSerializer):
    class Meta:
        model = RatingChange
        fields = [
            "id",
            "at",
            "by",
            "why",
            "reason",
            "rating_before",
            "rating",
            "limit_before",
            "limit",
            "assessment",
        ]


class PartSerializer(serializers.Serializer):
    """One kind of documents that count: what it is called, what it comes to, where they are listed."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    documents = serializers.CharField()


class ExposureSerializer(serializers.Serializer):
    """What is used of the limit at this moment, and by which documents."""

    open_orders = serializers.DecimalField(max_digits=14, decimal_places=2)
    owed = serializers.DecimalField(max_digits=14, decimal_places=2)
    overdue = serializers.DecimalField(max_digits=14, decimal_places=2)
    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    parts = PartSerializer(many=True)


class StandingSerializer(RecordSerializer):
    """How far a customer is trusted, what was used when the list was reckoned, and what is used now."""

    now = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    class Meta:
        model = Standing
        fields = [
            "id",
            "customer",
            "rating",
            "limit",
            "valid_until",
            "open_orders",
            "owed",
            "overdue",
            "used",
            "free",
            "looked_at",
            "version",
            "now",
            "history",
        ]

    @extend_schema_field(RatingChangeSerializer(many=True))
    def get_history(self, standing: Standing) -> Any:
        """How the rating went, the latest first."""
        return RatingChangeSerializer(standing.customer.rating_changes.all(), many=True).data

    def get_now(self, standing: Standing) -> ExposureSerializer:
        """What is used at this moment."""
        found: Exposure = exposure_of(standing.customer_id)
        shown = [
            {
                "key": part.key,
                "name": str(part.label),
                "kind": part.kind,
                "amount": found.amounts.get(part.key, 0),
                "documents": part.documents(standing.customer_id),
            }
            for part in parts()
        ]
        sums = {name: getattr(found, name) for name in ("open_orders", "owed", "overdue", "total")}
        return ExposureSerializer({**sums, "parts": shown}).data  # type: ignore[return-value]


class AlertSerializer(RecordSerializer):
    class Meta:
        model = Alert
        fields = [
            "id",
            "status",
            "customer",
            "sign",
            "rating",
            "limit",
            "used",
            "overdue",
            "raised_at",
            "done",
            "words",
            "settled_by",
            "settled_at",
            "gone_at",
            "version",
        ]
