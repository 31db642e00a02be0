"""Feedback in the back office."""

from django.contrib import admin

from complaints.feedback.models import Feedback
from crm.web.admin import RecordAdmin


@admin.register(Feedback)
class FeedbackAdmin(RecordAdmin):
    list_display = ["number", "customer", "kind", "about", "status", "concerned", "owner", "received_at"]
    list_filter = ["status", "kind", "about", "verdict"]
    search_fields = ["number", "customer__name"]
    list_select_related = ["customer", "concerned", "owner"]
    show_full_result_count = False
