"""Imports and exports in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from crm.exchange.models import Export, Import, RememberedMapping
from crm.web.admin import RecordAdmin

HIDDEN = {"file_keys", "samples", "file_key", "query", "files", "attempts"}  # keys, and what may hold identifiers


class WorkAdmin(RecordAdmin):
    """A piece of work in the background; its keys and samples are shown to nobody."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [field.name for field in self.model._meta.fields if field.name not in HIDDEN]


@admin.register(Import)
class ImportAdmin(WorkAdmin):
    list_display = ["file_name", "kind", "status", "total", "by", "at"]
    list_filter = ["status", "kind"]
    search_fields = ["file_name"]
    list_select_related = ["by"]
    show_full_result_count = False


@admin.register(Export)
class ExportAdmin(WorkAdmin):
    list_display = ["listing", "status", "total", "purpose", "recipient", "revealed", "by", "at"]
    list_filter = ["status", "listing", "revealed"]
    search_fields = ["purpose", "recipient"]
    list_select_related = ["by"]
    show_full_result_count = False


@admin.register(RememberedMapping)
class RememberedMappingAdmin(admin.ModelAdmin):
    """Mappings may be forgotten here; they are made by mapping a file."""

    list_display = ["kind", "user", "used_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    readonly_fields = ["kind", "shape", "user", "mapping", "options", "used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
