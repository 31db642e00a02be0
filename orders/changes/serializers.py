"""What REST answers of one change, extension or customer's request."""

from crm.api.serializers import RecordSerializer
from orders.changes.models import Acknowledgement, Change, ChangeLine, CustomerRequest, Extension


class ChangeLineSerializer(RecordSerializer):
    class Meta:
        model = ChangeLine
        fields = [
            "id",
            "position",
            "product",
            "unit",
            "factor",
            "tax_rate",
            "specification_before",
            "specification",
            "quantity_before",
            "quantity",
            "price_before",
            "price",
            "amount",
            "tax",
        ]


class AcknowledgementSerializer(RecordSerializer):
    class Meta:
        model = Acknowledgement
        fields = ["id", "status", "department", "told_at", "by", "at", "remarks", "version"]


class ChangeSerializer(RecordSerializer):
    """A change with each line before and after, and which departments have acknowledged it."""

    lines = ChangeLineSerializer(many=True, read_only=True)
    acknowledgements = AcknowledgementSerializer(many=True, read_only=True)

    class Meta:
        model = Change
        fields = [
            "id",
            "number",
            "status",
            "order",
            "kind",
            "wish",
            "why",
            "wanted_before",
            "wanted_on",
            "total_before",
            "total",
            "shift_plan",
            "departments",
            "request",
            "drafted_by",
            "drafted_at",
            "contact",
            "asked_at",
            "confirmed_at",
            "confirmed_how",
            "answer",
            "applied_at",
            "reason",
            "version",
            "lines",
            "acknowledgements",
        ]


class ExtensionSerializer(RecordSerializer):
    """An extension request, and which departments have acknowledged it."""

    acknowledgements = AcknowledgementSerializer(many=True, read_only=True)

    class Meta:
        model = Extension
        fields = [
            "id",
            "number",
            "status",
            "order",
            "cause",
            "what",
            "wanted_before",
            "reported_by",
            "reported_at",
            "planner",
            "planning",
            "remedy",
            "possible_on",
            "planned_at",
            "new_on",
            "contact",
            "asked_at",
            "answer",
            "proposed_on",
            "agreed_at",
            "agreed_how",
            "shift_plan",
            "departments",
            "reason",
            "version",
            "acknowledgements",
        ]


class CustomerRequestSerializer(RecordSerializer):
    class Meta:
        model = CustomerRequest
        fields = [
            "id",
            "number",
            "status",
            "order",
            "text",
            "contact",
            "channel",
            "noted_at",
            "noted_by",
            "owner",
            "answer",
            "answered_at",
            "answered_by",
            "told_how",
            "version",
        ]
