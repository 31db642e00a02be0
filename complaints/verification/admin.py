"""Verifications and the register of scales in the back office."""

from django.contrib import admin

from complaints.verification.models import Scale, Verification
from crm.web.admin import RecordAdmin


@admin.register(Verification)
class VerificationAdmin(RecordAdmin):
    list_display = ["number", "kind", "complaint", "status", "opened_by", "opened_at", "signed_by"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "complaint__number"]
    list_select_related = ["complaint", "opened_by", "signed_by"]
    show_full_result_count = False


@admin.register(Scale)
class ScaleAdmin(RecordAdmin):
    list_display = ["number", "place", "kind", "status", "owner", "certificate_number", "valid_until"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "place"]
    list_select_related = ["owner"]
