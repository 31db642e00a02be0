"""Pickup times, pickups and records in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.records.admin import ReadOnlyAdmin
from crm.web.admin import RecordAdmin
from pickup.models import Authority, Pickup, Record, Scan, Window, WindowPattern


@admin.register(WindowPattern)
class WindowPatternAdmin(admin.ModelAdmin):
    about = _("On which weekdays and hours customers collect, and how many at once.")
    list_display = ["warehouse", "weekday", "start", "end", "capacity"]
    list_filter = ["warehouse", "weekday"]
    list_select_related = ["warehouse"]


@admin.register(Window)
class WindowAdmin(RecordAdmin):
    list_display = ["__str__", "warehouse", "taken", "capacity"]
    list_filter = ["warehouse"]
    list_select_related = ["warehouse"]


@admin.register(Pickup)
class PickupAdmin(RecordAdmin):
    list_display = ["number", "customer", "order", "status", "window", "warehouse"]
    list_filter = ["status", "warehouse"]
    search_fields = ["number", "order__number"]
    list_select_related = ["customer", "order", "window", "warehouse"]
    show_full_result_count = False


@admin.register(Record)
class PickupRecordAdmin(RecordAdmin):
    list_display = ["number", "kind", "pickup", "at", "clerk", "override"]
    list_filter = ["kind", "identity"]
    search_fields = ["number"]
    list_select_related = ["pickup", "clerk"]


@admin.register(Authority)
class AuthorityAdmin(RecordAdmin):
    list_display = ["person", "customer", "status", "valid_until"]
    list_filter = ["status"]
    list_select_related = ["customer"]


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["at", "clerk", "typed", "colour", "code"]
    list_filter = ["colour", "code"]
    list_select_related = ["clerk"]
