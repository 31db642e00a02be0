"""Return visits in the back office."""

from django.contrib import admin

from crm.web.admin import RecordAdmin
from satisfaction.visits.models import Visit


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    list_display = ["number", "customer", "occasion", "status", "planned_on", "level", "owner"]
    list_filter = ["status", "occasion", "level"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "owner"]
    show_full_result_count = False
