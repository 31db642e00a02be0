"""What REST answers of one order or payment."""

from crm.api.serializers import RecordSerializer
from orders.models import JointSession, Line, Milestone, Order, Payment, ProgressReport

LISTED = [  # of a line that keeps what the price list said
    "id",
    "position",
    "product",
    "specification",
    "unit",
    "quantity",
    "factor",
    "price",
    "list_price",
    "tax_rate",
    "amount",
    "tax",
]


class LineSerializer(RecordSerializer):
    class Meta:
        model = Line
        fields = [*LISTED, "collected", "returned"]


class MilestoneSerializer(RecordSerializer):
    class Meta:
        model = Milestone
        fields = ["id", "status", "name", "owner", "due_on", "risk", "answer", "done_on", "remarks", "version"]


class ProgressReportSerializer(RecordSerializer):
    class Meta:
        model = ProgressReport
        fields = ["id", "at", "by", "progress", "problems", "solutions", "expected_on", "given"]


class JointSessionSerializer(RecordSerializer):
    class Meta:
        model = JointSession
        fields = ["id", "held_at", "topic", "departments", "minutes", "by"]


class PaymentSerializer(RecordSerializer):
    class Meta:
        model = Payment
        fields = [
            "id",
            "order",
            "amount",
            "received_on",
            "method",
            "reference",
            "entered_by",
            "entered_at",
            "reverses",
            "version",
        ]


class OrderSerializer(RecordSerializer):
    """An order with its lines, plan and reports."""

    lines = LineSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    progressreports = ProgressReportSerializer(many=True, read_only=True)
    jointsessions = JointSessionSerializer(many=True, read_only=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "status",
            "type",
            "customer",
            "contact",
            "inquiry",
            "priority",
            "reference",
            "project",
            "description",
            "fulfilment",
            "wanted_on",
            "place",
            "payment_terms",
            "payment_days",
            "total",
            "tax",
            "settled",
            "returned",
            "allowance",
            "paid",
            "due_on",
            "credit_allowed",
            "credit_reason",
            "history",
            "remarks",
            "mend",
            "reason",
            "applied_by",
            "owner",
            "department",
            "received_at",
            "submitted_at",
            "accepted_at",
            "confirmed_at",
            "planned_at",
            "reported_at",
            "sheet_received_at",
            "closed_at",
            "version",
            "lines",
            "milestones",
            "progressreports",
            "jointsessions",
        ]
