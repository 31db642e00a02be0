"""What REST answers of one advance."""

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from orders.advances.accounts import account_of
from orders.advances.models import Advance, AdvanceUse


class AdvanceUseSerializer(RecordSerializer):
    class Meta:
        model = AdvanceUse
        fields = ["id", "reference", "amount", "at"]


class AccountSerializer(serializers.Serializer):
    """How the order stands now, and what may still leave under the advance; money with tax."""

    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid = serializers.DecimalField(max_digits=14, decimal_places=2)
    left = serializers.DecimalField(max_digits=14, decimal_places=2)
    owed = serializers.DecimalField(max_digits=14, decimal_places=2)
    free = serializers.DecimalField(max_digits=14, decimal_places=2)


class AdvanceSerializer(RecordSerializer):
    """An advance with what left under it, and how its order stands."""

    uses = AdvanceUseSerializer(many=True, read_only=True)
    account = serializers.SerializerMethodField()

    class Meta:
        model = Advance
        fields = [
            "id",
            "number",
            "status",
            "order",
            "customer",
            "route",
            "ceiling",
            "expires_on",
            "promised_on",
            "situation",
            "why",
            "order_total",
            "paid_then",
            "left_then",
            "applied_by",
            "applied_at",
            "granted_at",
            "used_at",
            "ended_at",
            "settled_at",
            "broken_at",
            "broken_amount",
            "reason",
            "lifted_by",
            "lifted_at",
            "lift_reason",
            "version",
            "uses",
            "account",
        ]

    def get_account(self, advance: Advance) -> AccountSerializer:
        """Ordered, paid, left, owed and free."""
        found = account_of(advance.order)
        amounts = {name: getattr(found, name) for name in ("total", "paid", "left", "owed")}
        return AccountSerializer({**amounts, "free": found.free(advance)}).data  # type: ignore[return-value]
