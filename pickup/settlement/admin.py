"""Statements and invoice memos in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from pickup.settlement.models import InvoiceMemo, Statement


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    list_display = ["number", "order", "status", "total", "made_at"]
    list_filter = ["status"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order"]
    show_full_result_count = False


@admin.register(InvoiceMemo)
class InvoiceMemoAdmin(RecordAdmin):
    list_display = ["number", "order", "status", "title", "total", "issued_on"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order"]
    show_full_result_count = False
