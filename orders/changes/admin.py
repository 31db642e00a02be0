"""Changes, extensions and customers' requests in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.changes.models import Change, CustomerRequest, Extension


@admin.register(Change)
class ChangeAdmin(RecordAdmin):
    list_display = ["number", "order", "kind", "wish", "status", "drafted_by", "drafted_at"]
    list_filter = ["status", "kind", "wish"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order", "drafted_by"]
    show_full_result_count = False


@admin.register(Extension)
class ExtensionAdmin(RecordAdmin):
    list_display = ["number", "order", "cause", "status", "planner", "reported_at"]
    list_filter = ["status", "cause"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order", "planner"]
    show_full_result_count = False


@admin.register(CustomerRequest)
class CustomerRequestAdmin(RecordAdmin):
    list_display = ["number", "order", "status", "owner", "noted_at"]
    list_filter = ["status"]
    search_fields = ["number", "order__number"]
    list_select_related = ["order", "owner"]
    show_full_result_count = False
