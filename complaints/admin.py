"""Complaints in the back office, and the tree of causes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from complaints.models import Cause, Complaint
from crm.web.admin import RecordAdmin


@admin.register(Complaint)
class ComplaintAdmin(RecordAdmin):
    list_display = ["number", "customer", "category", "severity", "status", "owner", "received_at"]
    list_filter = ["status", "category", "severity"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False


@admin.register(Cause)
class CauseAdmin(admin.ModelAdmin):
    about = _("The tree of causes that findings choose from.")
    list_display = ["code", "name", "name_en", "parent", "active"]
    list_filter = ["active"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
