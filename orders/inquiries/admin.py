"""Inquiries in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.inquiries.models import Inquiry


@admin.register(Inquiry)
class InquiryAdmin(RecordAdmin):
    list_display = ["number", "name", "status", "urgent", "owner", "received_at"]
    list_filter = ["status", "channel", "urgent"]
    search_fields = ["number", "name"]
    list_select_related = ["owner"]
    show_full_result_count = False
