"""What REST answers of one pickup, record, window, and of stock."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from pickup.models import Authority, Pickup, Record, RecordLine, Window
from pickup.stock.models import Movement, Stock, Warehouse
from pickup.verdict import verdict


class AuthoritySerializer(RecordSerializer):
    class Meta:
        model = Authority
        fields = [
            "id",
            "status",
            "person",
            "id_number",
            "phone",
            "vehicle",
            "goods",
            "valid_from",
            "valid_until",
            "version",
        ]


class AuthorityRecordSerializer(AuthoritySerializer):
    """A letter of authority by itself, with whose it is and what for."""

    class Meta(AuthoritySerializer.Meta):
        fields = [*AuthoritySerializer.Meta.fields, "customer", "pickup", "paper"]


class PickupSerializer(RecordSerializer):
    """A pickup with the verdict on it as it is now."""

    authorities = AuthoritySerializer(many=True, read_only=True)
    verdict = serializers.SerializerMethodField()

    class Meta:
        model = Pickup
        fields = [
            "id",
            "number",
            "status",
            "code",
            "order",
            "customer",
            "contact",
            "warehouse",
            "window",
            "owner",
            "notified_at",
            "confirmed_at",
            "arrived_at",
            "moves",
            "reason",
            "made_at",
            "version",
            "authorities",
            "verdict",
        ]

    def get_verdict(self, pickup: Pickup) -> dict[str, Any]:
        found = verdict(pickup)
        return {"colour": found.colour, "obstacles": [each.shown() for each in found.obstacles]}


class RecordLineSerializer(RecordSerializer):
    class Meta:
        model = RecordLine
        fields = ["id", "line", "due", "quantity", "difference"]


class PickupRecordSerializer(RecordSerializer):
    lines = RecordLineSerializer(many=True, read_only=True)

    class Meta:
        model = Record
        fields = [
            "id",
            "number",
            "kind",
            "pickup",
            "reverses",
            "returns",
            "at",
            "clerk",
            "collector",
            "authority",
            "identity",
            "vehicle",
            "override",
            "overridden",
            "reason",
            "objection",
            "lines",
        ]


class WindowSerializer(RecordSerializer):
    class Meta:
        model = Window
        fields = ["id", "warehouse", "starts_at", "ends_at", "capacity", "taken"]


class WarehouseSerializer(RecordSerializer):
    class Meta:
        model = Warehouse
        fields = ["id", "code", "name", "name_en", "kind", "address", "map_url", "phone", "counter", "active"]


class StockSerializer(RecordSerializer):
    class Meta:
        model = Stock
        fields = ["id", "warehouse", "product", "batch", "quantity", "reserved"]


class MovementSerializer(RecordSerializer):
    class Meta:
        model = Movement
        fields = ["id", "warehouse", "product", "batch", "quantity", "kind", "at", "by", "reason", "reference", "line"]
