"""Return notices in the back office."""

from django.contrib import admin

from complaints.returns.models import ReturnNotice
from crm.web.admin import RecordAdmin


@admin.register(ReturnNotice)
class ReturnNoticeAdmin(RecordAdmin):
    list_display = ["number", "complaint", "order", "status", "warehouse", "signed_at", "phoned_at"]
    list_filter = ["status"]
    search_fields = ["number", "complaint__number", "order__number"]
    list_select_related = ["complaint", "order", "warehouse"]
    show_full_result_count = False
