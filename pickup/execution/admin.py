"""Reports and subscriptions in the back office; figures and corrections are read on the report's page."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from pickup.execution.models import Report, Subscription


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    list_display = ["number", "kind", "first", "last", "status", "issued_at", "issued_by"]
    list_filter = ["kind", "status"]
    search_fields = ["number"]
    list_select_related = ["issued_by"]
    show_full_result_count = False


@admin.register(Subscription)
class SubscriptionAdmin(RecordAdmin):
    list_display = ["user", "kind", "status", "since"]
    list_filter = ["kind", "status"]
    list_select_related = ["user"]
