"""Advances in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.advances.models import Advance


@admin.register(Advance)
class AdvanceAdmin(RecordAdmin):
    list_display = ["number", "customer", "order", "status", "ceiling", "expires_on", "promised_on"]
    list_filter = ["status"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "order"]
    show_full_result_count = False
