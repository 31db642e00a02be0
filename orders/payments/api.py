"""Invoices, receipts, matches, write-offs and dunning in REST."""

from crm.api.resources import Resource
from orders.payments import lists, serializers

INVOICES = Resource(lists.INVOICES, serializers.InvoiceSerializer)
RECEIPTS = Resource(lists.RECEIPTS, serializers.ReceiptSerializer, prefetch=("matches", "refunds"))
MATCHES = Resource(lists.MATCHES, serializers.MatchSerializer)
WRITE_OFFS = Resource(lists.WRITE_OFFS, serializers.WriteOffSerializer)
DUNNINGS = Resource(lists.DUNNINGS, serializers.DunningSerializer, prefetch=("reminders",))
