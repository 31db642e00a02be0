"""What REST answers of one statement or invoice memo."""

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from pickup.settlement.models import InvoiceMemo, IssuedInvoice, MemoLine, Statement, StatementLine
from pickup.settlement.stating import is_stale


class StatementLineSerializer(RecordSerializer):
    class Meta:
        model = StatementLine
        fields = [
            "id",
            "position",
            "line",
            "record_line",
            "delivery_line",
            "day",
            "source",
            "product",
            "specification",
            "unit",
            "base_quantity",
            "quantity",
            "price",
            "tax_rate",
            "amount",
            "tax",
            "adjusts",
            "allowance",
            "reason",
            "answer",
            "his_quantity",
            "his_amount",
            "his_words",
            "reply",
            "replied_by",
        ]


class StatementSerializer(RecordSerializer):
    """A statement with its lines and what was said to each; `stale` says that goods moved since."""

    lines = StatementLineSerializer(many=True, read_only=True)
    stale = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = [
            "id",
            "number",
            "revision",
            "status",
            "order",
            "replaces",
            "why",
            "total",
            "tax",
            "made_by",
            "made_at",
            "contact",
            "sent_at",
            "answered_at",
            "answered_by",
            "answered_through",
            "signed_on",
            "reconciled_at",
            "reopened",
            "version",
            "lines",
            "stale",
        ]

    def get_stale(self, statement: Statement) -> bool:
        """Whether goods left or came back since it was made."""
        return is_stale(statement)


class MemoLineSerializer(RecordSerializer):
    class Meta:
        model = MemoLine
        fields = ["id", "position", "product", "specification", "unit", "quantity", "tax_rate", "amount", "tax"]


class IssuedInvoiceSerializer(RecordSerializer):
    class Meta:
        model = IssuedInvoice
        fields = ["id", "number", "amount", "tax"]


class MemoSerializer(RecordSerializer):
    """An invoice memo with its lines and the invoices issued on it."""

    lines = MemoLineSerializer(many=True, read_only=True)
    issued = IssuedInvoiceSerializer(many=True, read_only=True)

    class Meta:
        model = InvoiceMemo
        fields = [
            "id",
            "number",
            "status",
            "order",
            "statement",
            "kind",
            "title",
            "tax_number",
            "address",
            "phone",
            "bank_name",
            "bank_account",
            "remarks",
            "post_to",
            "total",
            "tax",
            "filled_by",
            "filled_at",
            "checked_by",
            "checked_at",
            "reason",
            "issued_by",
            "issued_on",
            "posted_by",
            "posted_at",
            "posted_how",
            "carrier",
            "tracking",
            "version",
            "lines",
            "issued",
        ]
