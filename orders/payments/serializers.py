"""What REST answers of one invoice, receipt, match, write-off or dunning."""

from crm.api.serializers import RecordSerializer
from orders.payments.models import Dunning, Invoice, Match, Receipt, Refund, Reminder, WriteOff


class InvoiceSerializer(RecordSerializer):
    class Meta:
        model = Invoice
        fields = [
            "id",
            "number",
            "status",
            "kind",
            "order",
            "customer",
            "amount",
            "tax",
            "paid",
            "issued_on",
            "due_on",
            "posted_on",
            "reference",
            "entered_by",
            "entered_at",
            "reason",
            "version",
        ]


class MatchSerializer(RecordSerializer):
    class Meta:
        model = Match
        fields = [
            "id",
            "receipt",
            "order",
            "payment",
            "amount",
            "by",
            "at",
            "taken_back_at",
            "taken_back_by",
            "reason",
            "version",
        ]


class RefundSerializer(RecordSerializer):
    class Meta:
        model = Refund
        fields = ["id", "amount", "paid_on", "reference", "reason", "by", "at"]


class ReceiptSerializer(RecordSerializer):
    """A receipt with what of it was matched to which order, and what was paid back."""

    matches = MatchSerializer(many=True, read_only=True)
    refunds = RefundSerializer(many=True, read_only=True)

    class Meta:
        model = Receipt
        fields = [
            "id",
            "number",
            "status",
            "account",
            "customer",
            "received_on",
            "amount",
            "matched",
            "refunded",
            "method",
            "payer_name",
            "payer_account",
            "payer_bank",
            "serial",
            "remark",
            "balance",
            "entered_by",
            "entered_at",
            "reason",
            "version",
            "matches",
            "refunds",
        ]


class WriteOffSerializer(RecordSerializer):
    class Meta:
        model = WriteOff
        fields = ["id", "order", "payment", "amount", "reason", "by", "at"]


class ReminderSerializer(RecordSerializer):
    class Meta:
        model = Reminder
        fields = ["id", "number", "step", "channel", "contact", "text", "said", "amount", "invoices", "by", "at"]


class DunningSerializer(RecordSerializer):
    """A case of dunning with each reminder."""

    reminders = ReminderSerializer(many=True, read_only=True)

    class Meta:
        model = Dunning
        fields = [
            "id",
            "number",
            "status",
            "customer",
            "step",
            "proposed_at",
            "promised_on",
            "promised_amount",
            "promised_by",
            "broken",
            "opened_at",
            "ended_at",
            "owner",
            "department",
            "version",
            "reminders",
        ]
