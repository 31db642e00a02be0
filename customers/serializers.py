"""What REST answers of one customer, contact, note, report, entry or task."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from customers.models import (
    Address,
    ChangeReport,
    Contact,
    ContactEntry,
    Customer,
    Document,
    Note,
    ReportedField,
    Task,
    completeness,
)


class ContactSerializer(RecordSerializer):
    class Meta:
        model = Contact
        fields = [
            "id",
            "customer",
            "name",
            "title",
            "roles",
            "mobile",
            "phone",
            "email",
            "wechat",
            "birthday",
            "preferred_channel",
            "language",
            "main",
            "active",
            "version",
        ]


class AddressSerializer(RecordSerializer):
    class Meta:
        model = Address
        fields = ["id", "kind", "text", "region", "postal_code", "version"]


class DocumentSerializer(RecordSerializer):
    class Meta:
        model = Document
        fields = ["id", "kind", "title", "number", "expires_on", "status", "file", "version"]


class CustomerSerializer(RecordSerializer):
    """A customer with his people, places and papers."""

    contacts = ContactSerializer(many=True, read_only=True)
    addresses = AddressSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)
    completeness = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = [
            "id",
            "code",
            "status",
            "kind",
            "tier",
            "name",
            "short_name",
            "name_en",
            "licence",
            "tax_number",
            "bank_name",
            "bank_account",
            "region",
            "business_area",
            "industry",
            "size",
            "source",
            "needs",
            "usual_goods",
            "remarks",
            "owner",
            "department",
            "payment_terms",
            "payment_days",
            "supply_suspended",
            "suspension_reason",
            "verified_at",
            "verified_by",
            "created_at",
            "version",
            "completeness",
            "contacts",
            "addresses",
            "documents",
        ]

    def get_completeness(self, customer: Customer) -> dict[str, Any]:
        score, missing = completeness(customer)
        return {"score": score, "missing": missing}


class NoteSerializer(RecordSerializer):
    class Meta:
        model = Note
        fields = [
            "id",
            "status",
            "source",
            "received_at",
            "name",
            "contact_name",
            "phone",
            "text",
            "reason",
            "received_by",
            "owner",
            "department",
            "customer",
            "version",
        ]


class ReportedFieldSerializer(RecordSerializer):
    """One reported field, old and new value side by side, identifiers masked."""

    old = serializers.CharField(source="old_shown", read_only=True)
    new = serializers.CharField(source="new_shown", read_only=True)

    class Meta:
        model = ReportedField
        fields = ["id", "contact", "field", "old", "new", "accepted"]


class ChangeReportSerializer(RecordSerializer):
    details = ReportedFieldSerializer(many=True, read_only=True, source="fields")

    class Meta:
        model = ChangeReport
        fields = [
            "id",
            "customer",
            "status",
            "changed_on",
            "source",
            "reported_by",
            "reported_at",
            "decision",
            "version",
            "details",
        ]


class ContactEntrySerializer(RecordSerializer):
    class Meta:
        model = ContactEntry
        fields = ["id", "customer", "channel", "direction", "at", "contact", "what", "by", "version"]


class TaskSerializer(RecordSerializer):
    class Meta:
        model = Task
        fields = ["id", "customer", "status", "what", "due_on", "owner", "entry", "outcome", "version"]
