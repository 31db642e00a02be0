"""The files that one downloads, by a page's session or by a token alike."""

from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _

from crm import via
from crm.api.call import Call
from crm.api.permissions import OutOfScope, may_read
from crm.api.views import ApiView
from crm.exchange import blanks, files, vault
from crm.exchange.importers import IMPORTERS
from crm.exchange.models import Export, Import
from crm.exchange.views import sent_file
from crm.records.looks import DOWNLOAD, note
from crm.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class Download(ApiView):
    """A GET that answers a file; it is no part of the OpenAPI schema, the records name the address."""

    schema: Any = None

    def get_throttles(self) -> list[Any]:
        return super().get_throttles() if self.request.auth is not None else []


class ExportFile(Download):
    """The file of an export, for whoever ordered it; the download is logged."""

    def get(self, request: Call, pk: int) -> StreamingHttpResponse:
        if not may_read(request, Export):
            raise OutOfScope("read")
        export = Export.objects.visible_to(request.user).filter(pk=pk).first()
        if export is None:
            raise Http404
        if export.by_id != request.user.pk:
            raise Refused("not_yours", _("Only who ordered an export can download it."))
        if export.status != Export.Status.DONE:
            raise Refused("not_ready", _("The file is not ready."))
        if not export.file:
            raise Refused("removed", _("The file was removed after its time."), _("Export the list again."))
        with via.through(self.way_in(request) if request.auth is not None else via.current()):
            note(DOWNLOAD, by=request.user, subject=export, customer_id=None, inputs={"export": export.pk})
        kind = CSV if export.format == Export.Format.CSV else XLSX
        return sent_file(vault.pieces(export.file, export.file_key), export.file_name, kind)


class FailedFile(Download):
    """The rows of an import that have errors, for whoever uploaded it."""

    def get(self, request: Call, pk: int) -> StreamingHttpResponse:
        if not may_read(request, Import):
            raise OutOfScope("read")
        source = Import.objects.visible_to(request.user).filter(pk=pk).first()
        if source is None or source.by_id != request.user.pk or files.FAILED not in source.files:
            raise Http404
        name = source.file_name.rpartition(".")[0] or source.file_name
        title = _("%(file)s - rows with errors.xlsx") % {"file": name}
        return sent_file(files.open_stored(source, files.FAILED), title, XLSX)


class Template(Download):
    """The template of a list that the caller may import."""

    def get(self, request: Call, key: str) -> StreamingHttpResponse:
        importer = IMPORTERS.get(key)
        if importer is None or not importer.allowed(request.user):
            raise Http404
        return sent_file(blanks.template(importer), f"{importer.label}.xlsx", XLSX)
