"""Imports and exports in REST: the verbs come by the API's own door, the files by their addresses."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from crm.api.resources import Resource
from crm.api.serializers import RecordSerializer
from crm.exchange import lists
from crm.exchange.files import FAILED
from crm.exchange.models import Export, Import

ERRORS = 200  # in one answer; the file of failed rows has all


class ImportSerializer(RecordSerializer):
    """An import with what was found in its file, its counts and the first errors by cell."""

    reached = serializers.IntegerField(read_only=True)
    percent = serializers.IntegerField(read_only=True)
    errors: Any = serializers.SerializerMethodField()
    failed_url = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = [
            "id",
            "kind",
            "status",
            "file_name",
            "lines_name",
            "tables",
            "mapping",
            "options",
            "mode",
            "total",
            "reached",
            "percent",
            "counts",
            "errors",
            "problem",
            "failed_url",
            "by",
            "at",
            "finished_at",
            "version",
        ]

    def get_errors(self, source: Import) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        rows = source.rows.exclude(errors=[]).order_by("number").values_list("number", "state", "errors")
        for number, state, errors in rows[:ERRORS]:
            found += [
                {
                    "record": number,
                    "state": state,
                    "cell": each["cell"],
                    "label": each["label"],
                    "code": each["code"],
                    "message": each["message"],
                }
                for each in errors
            ]
        return found[:ERRORS]

    def get_failed_url(self, source: Import) -> str | None:
        return reverse("import-failed", args=[source.pk]) if FAILED in source.files else None


class ExportSerializer(RecordSerializer):
    """An export, and where its file is."""

    reached = serializers.IntegerField(read_only=True)
    percent = serializers.IntegerField(read_only=True)
    file_url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = [
            "id",
            "listing",
            "status",
            "columns",
            "format",
            "purpose",
            "recipient",
            "revealed",
            "total",
            "reached",
            "percent",
            "size",
            "problem",
            "file_url",
            "by",
            "at",
            "finished_at",
            "expires_at",
            "version",
        ]

    def get_file_url(self, export: Export) -> str | None:
        return reverse("export-file", args=[export.pk]) if export.file else None


IMPORTS = Resource(lists.IMPORTS, ImportSerializer)
EXPORTS = Resource(lists.EXPORTS, ExportSerializer)
