"""Quotations and samples in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from orders.quotations.models import Quotation, Sample


@admin.register(Quotation)
class QuotationAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "latest", "owner", "valid_until", "total"]
    list_filter = ["status"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(Sample)
class SampleAdmin(RecordAdmin):
    list_display = ["number", "customer", "status", "round", "owner", "maker", "wanted_on"]
    list_filter = ["status"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner", "maker"]
    show_full_result_count = False
