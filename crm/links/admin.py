"""The back office's side of customers' links."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from crm.links.models import Link
from crm.web.admin import RecordAdmin


@admin.register(Link)
class LinkAdmin(RecordAdmin):
    """Every link with its state; it can be revoked, and nothing else. Of its token there is nothing to show."""

    list_display = ["made_at", "purpose", "contact_name", "status", "expires_at", "opened_at", "used_at", "made_by"]
    list_filter = ["status", "purpose"]
    search_fields = ["contact_name"]
    list_select_related = ["made_by"]
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            "status",
            "purpose",
            "contact_name",
            "language",
            "made_by",
            "made_at",
            "expires_at",
            "opened_at",
            "opens",
            "used_at",
            "used_verb",
            "revoked_at",
        ]
