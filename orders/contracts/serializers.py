"""What REST answers of one contract, requirement record or request for shipment."""

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from orders.contracts.models import (
    TERMS,
    Contract,
    ContractLine,
    Requirement,
    ShipmentRequest,
    Supplement,
    SupplementLine,
)
from orders.contracts.progress import progress_of


class ContractLineSerializer(RecordSerializer):
    class Meta:
        model = ContractLine
        fields = [
            "id",
            "position",
            "product",
            "specification",
            "unit",
            "quantity",
            "factor",
            "price",
            "tax_rate",
            "amount",
            "tax",
        ]


class ShipmentRequestSerializer(RecordSerializer):
    class Meta:
        model = ShipmentRequest
        fields = [
            "id",
            "number",
            "status",
            "contract",
            "contact",
            "called_at",
            "said",
            "transport",
            "ships_on",
            "amount",
            "funds",
            "by",
            "taken_by",
            "reason",
            "version",
        ]


class SupplementLineSerializer(RecordSerializer):
    class Meta:
        model = SupplementLine
        fields = [
            "id",
            "position",
            "product",
            "specification",
            "unit",
            "factor",
            "tax_rate",
            "quantity_before",
            "quantity",
            "price_before",
            "price",
            "amount",
            "tax",
        ]


class SupplementSerializer(RecordSerializer):
    """A supplementary agreement: each line and term before and after."""

    lines = SupplementLineSerializer(many=True, read_only=True)

    class Meta:
        model = Supplement
        fields = [
            "id",
            "number",
            "status",
            "contract",
            "why",
            "agreed",
            "effective_on",
            "terms",
            "drafted_by",
            "drafted_at",
            "applied_at",
            "sent_at",
            "sent_how",
            "copy_at",
            "signed_on",
            "returned_at",
            "archive_place",
            "reason",
            "version",
            "lines",
        ]


class RequirementSerializer(RecordSerializer):
    class Meta:
        model = Requirement
        fields = [
            "id",
            "status",
            "customer",
            "order",
            "goods",
            "stated",
            "intended",
            "legal",
            "own",
            "batch",
            "taken_by",
            "sent_how",
            "sent_on",
            "answered_by",
            "answered_on",
            "answered_how",
            "answer",
            "noted_at",
            "owner",
            "department",
            "version",
        ]


class ProgressSerializer(serializers.Serializer):
    """How far a contract is carried out, in base units and money with tax."""

    ordered = serializers.DecimalField(max_digits=16, decimal_places=3)
    executed = serializers.DecimalField(max_digits=16, decimal_places=3)
    open = serializers.DecimalField(max_digits=16, decimal_places=3)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    executed_amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    open_amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class ContractSerializer(RecordSerializer):
    """A contract with its lines as signed, what was agreed anew, requests for shipment, and how far it is."""

    lines = ContractLineSerializer(many=True, read_only=True)
    supplements = SupplementSerializer(many=True, read_only=True)
    shipments = ShipmentRequestSerializer(many=True, read_only=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Contract
        fields = [
            "id",
            "number",
            "status",
            "kind",
            "class_reason",
            "order",
            "customer",
            "contact",
            "accepted_at",
            "accepted_by",
            "accepted_words",
            "recorded_by",
            "classified_by",
            *TERMS,
            "quantity",
            "total",
            "tax",
            "text",
            "signed_place",
            "valid_until",
            "passed_at",
            "made_at",
            "sent_at",
            "copy_at",
            "signed_on",
            "returned_at",
            "archived_at",
            "archive_place",
            "arranged_at",
            "executed_at",
            "reason",
            "owner",
            "department",
            "version",
            "lines",
            "supplements",
            "shipments",
            "progress",
        ]

    def get_progress(self, contract: Contract) -> ProgressSerializer:
        """Ordered, executed and open."""
        return ProgressSerializer(progress_of(contract).totals).data  # type: ignore[return-value]
