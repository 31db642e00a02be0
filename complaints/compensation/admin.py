"""Agreements on compensations in the back office."""

from django.contrib import admin

from complaints.compensation.models import Agreement
from crm.web.admin import RecordAdmin


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    list_display = ["number", "complaint", "order", "status", "amount", "drafted_at"]
    list_filter = ["status"]
    search_fields = ["number", "complaint__number"]
    list_select_related = ["complaint", "order"]
    show_full_result_count = False
