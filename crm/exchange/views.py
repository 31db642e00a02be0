"""The pages of imports and exports, and the files that one downloads."""

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.exchange.actions import check_import, map_import, run_import
from crm.exchange.importers import IMPORTERS, importers_for
from crm.exchange.mapping_page import mapping_page
from crm.exchange.models import Export, Import, ImportRow
from crm.refusals import Refused
from crm.small import whole
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

area("exchange", gettext_lazy("Import and export"), icon="arrows-exchange", order=95, listings=["imports", "exports"])

SHOWN = 200  # errors on the page; the file of failed rows has them all
INTERNAL = {"exchange.finish_import", "exchange.finish_export"}
S = Import.Status


class ImportView(RecordView):
    """One import: where it stands, the mapping, what came of each row."""

    model = Import
    related = ("by",)
    facts = ((gettext_lazy("File"), ("file_name", "lines_name", "at", "by", "finished_at")),)

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Keep the mapping and begin the check: two verbs by one button."""
        source = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
        form = map_import.bind(by=request.user, obj=source, data=request.POST)
        key, version = request.POST.get("_key", ""), request.POST.get("_version", "")
        refusal: Refused | None = map_import.refusal(source, request.user)
        if refusal is None and form.is_valid():
            try:
                map_import(
                    source,
                    by=request.user,
                    key=f"{key}:map" if key else None,
                    version=whole(version),
                    **form.cleaned_data,
                )
                check_import(source, by=request.user, key=f"{key}:check" if key else None)
                return HttpResponseRedirect(source.get_absolute_url())
            except Refused as refused:
                refusal = refused
                source.refresh_from_db()
        self.sent, self.refusal = form, refusal
        record = self.record(source, request)
        return render(request, "record.html", {"record": record, "object": source}, status=422)

    sent: Any = None
    refusal: Refused | None = None

    def record(self, obj: Import, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        panels = [_panel("progress", _("Where it stands"), "progress", {"source": obj, **_stages(obj)}, request)]
        if obj.counts:
            panels.append(_panel("rows", _("Rows"), "rows", _result(obj, request), request))
        own = obj.by_id == request.user.pk
        if own and obj.status in {S.READ, S.MAPPED, S.CHECKED} and obj.kind in IMPORTERS:
            context = mapping_page(
                obj,
                request.user,
                self.sent,
                sheet=request.GET.get("sheet", ""),
                lines_sheet=request.GET.get("lines_sheet", ""),
            )
            context |= {"source": obj, "refusal": self.refusal, "key": uuid4(), "version": obj.version}
            panels.append(_panel("mapping", _("Columns"), "mapping", context, request))
        verb = run_import.name if obj.status == S.CHECKED else check_import.name
        record["panels_main"] = panels + record["panels_main"]
        return record | _steps(record, verb if obj.status in {S.CHECKED, S.MAPPED} else "")


class ExportView(RecordView):
    """One export: how far it is, and the file."""

    model = Export
    related = ("by",)
    facts = (
        (gettext_lazy("List"), ("format", "total", "at", "by")),
        (gettext_lazy("Statement"), ("purpose", "recipient", "revealed", "expires_at")),
    )

    def record(self, obj: Export, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        context = {"export": obj, "own": obj.by_id == request.user.pk}
        record["panels_main"] = [_panel("file", _("The file"), "export", context, request), *record["panels_main"]]
        return record | _steps(record, "")


@login_required
@require_GET
def start(request: SignedIn) -> HttpResponse:
    """What may be imported, each with its template."""
    importers = list(importers_for(request.user))
    return render(request, "exchange/start.html", {"importers": importers})


@login_required
@require_GET
def import_progress(request: SignedIn, pk: int) -> HttpResponse:
    """How far an import is, as a fragment that asks again; the page is loaded anew when the step is done."""
    source = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    return _progress(
        request, source, "exchange/bar.html", {"work": source, "url": reverse("import-progress", args=[pk])}
    )


@login_required
@require_GET
def export_progress(request: SignedIn, pk: int) -> HttpResponse:
    """How far an export is."""
    export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    return _progress(
        request, export, "exchange/bar.html", {"work": export, "url": reverse("export-progress", args=[pk])}
    )


def _progress(request: SignedIn, work: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    if not work.is_working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, template, context)


def _panel(key: str, title: str, name: str, context: dict[str, Any], request: SignedIn) -> dict[str, Any]:
    html = render_to_string(f"exchange/panels/{name}.html", context, request)
    return {"key": key, "title": title, "html": html, "count": None, "action": None}


def _steps(record: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The verbs at the head: the wanted one first; what only the background does is not mentioned."""
    possible = [each for each in [record["primary"], *record["others"]] if each and each["name"] not in INTERNAL]
    possible = [each for each in possible if each["name"] != map_import.name]  # it is done by the form on the page
    primary = next((each for each in possible if each["name"] == wanted), None)
    return {
        "primary": primary,
        "others": [each for each in possible if each is not primary],
        "refused": [each for each in record["refused"] if each["name"] not in INTERNAL],
    }


def _stages(source: Import) -> dict[str, Any]:
    """The four steps with which of them are done, and which one is at hand."""
    names = [_("Upload"), _("Map the columns"), _("Check"), _("Import")]
    reached = {
        S.UPLOADED: 0,
        S.UNUSABLE: 0,
        S.READ: 1,
        S.MAPPED: 2,
        S.CHECKING: 2,
        S.CHECKED: 3,
        S.RUNNING: 3,
        S.DONE: 4,
        S.UNDOING: 4,
        S.UNDONE: 4,
    }[S(source.status)]
    stages = [
        {"name": name, "number": number + 1, "done": number < reached, "current": number == reached}
        for number, name in enumerate(names)
    ]
    return {"stages": stages, "url": reverse("import-progress", args=[source.pk])}


def _result(source: Import, request: SignedIn) -> dict[str, Any]:
    """The counts by state, the first errors by cell, and the file with all of them."""
    tones = {"good": "active", "done": "done", "bad": "late", "refused": "late", "kept": "soon"}
    counts = [
        {"label": state.label, "count": source.counts[state.value], "tone": tones.get(state.value, "neutral")}
        for state in ImportRow.State
        if source.counts.get(state.value)
    ]
    errors: list[dict[str, Any]] = []
    told = source.rows.exclude(errors=[]).order_by("number").values_list("errors", flat=True)
    left_out = ImportRow.State.LEFT_OUT
    # What is wrong comes first: of a bank's file hundreds of rows may be left out.
    for rows in (told.exclude(state=left_out), told.filter(state=left_out) if source.counts.get(left_out) else ()):
        for found in rows[: SHOWN + 1]:
            errors += found
    failed = source.by_id == request.user.pk and any(source.counts.get(state) for state in ("bad", "refused"))
    return {
        "source": source,
        "counts": counts,
        "errors": errors[:SHOWN],
        "more": len(errors) > SHOWN,
        "failed_url": reverse("import-failed", args=[source.pk]) if failed and "failed" in source.files else "",
    }


def sent_file(pieces: Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """A file as the answer. A first piece that cannot be read is an error page, not half a download."""
    source = iter(pieces)
    try:
        first = next(source, b"")
    except FileNotFoundError as error:
        raise Http404 from error
    response = StreamingHttpResponse(chain([first], source), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
