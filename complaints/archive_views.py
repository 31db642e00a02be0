"""The whole file of a complaint as one archive to download, streamed as it is written."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from complaints.filing import files_of
from complaints.models import Complaint
from complaints.prints import found
from crm import clock
from crm.records.attachments import content_of
from crm.records.looks import DOWNLOAD, note
from crm.records.models import Attachment
from crm.web.requests import SignedIn

RIGHT = "complaints.take_out_file"


@login_required
@require_GET
@never_cache
def whole_file(request: SignedIn, pk: int) -> HttpResponseBase:
    """Every file of the complaint with the list of their hashes, for whoever may take it out; the look is logged.

    Of an archived complaint these are the files that its latest archive names.
    """
    complaint = found(request, pk)
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    files = _files(complaint)
    for each in files:
        next(content_of(each))  # a file that is lost or altered is an error page, not half a download
    inputs = {"complaint": complaint.pk, "files": len(files)}
    note(DOWNLOAD, by=request.user, subject=complaint, customer_id=complaint.customer_id, inputs=inputs)
    first = (f"000 {_('List of files')}.txt", listing(complaint, files))
    response = StreamingHttpResponse(zipped(first, files), content_type="application/zip")
    name = _("Complaint %(number)s.zip") % {"number": complaint.number}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _files(complaint: Complaint) -> list[Attachment]:
    """The files that were archived last, in the archive's order; before that all that there are."""
    archive = complaint.archives.last()
    if archive is None:
        return list(files_of(complaint))
    by_pk = Attachment.objects.in_bulk([each["attachment"] for each in archive.files])
    return [by_pk[each["attachment"]] for each in archive.files]


def listing(complaint: Complaint, files: Iterable[Attachment]) -> str:
    """The list that lies in the download: each file with size and hash, and the hash of the archive."""
    archive = complaint.archives.last()
    lines = [_("Complaint %(number)s, files with SHA-256") % {"number": complaint.number}, ""]
    lines += [f"{each.sha256}  {_placed(number, each)}  {each.size}" for number, each in enumerate(files, 1)]
    if archive is not None:
        lines += ["", _("Archive %(digest)s") % {"digest": archive.digest}]
    return "\n".join(lines) + "\n"


def _placed(number: int, file: Attachment) -> str:
    """The name within the download: files of the same name lie beside each other, none leads out of its folder."""
    return f"{number:03d} {file.name.replace('/', '_').replace(chr(92), '_').lstrip('.')}"


class Pieces:
    """What a zip is written to that nobody can seek in: each piece is handed on as it comes."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.written = 0

    def write(self, data: bytes) -> int:
        """Take a piece."""
        self.waiting.append(bytes(data))
        self.written += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written so far."""
        return self.written

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        """What came since the last time."""
        yield from self.waiting
        self.waiting = []


def zipped(first: tuple[str, str], files: Iterable[Attachment]) -> Iterator[bytes]:
    """A zip of a text (its name and itself) and the files, piece by piece: none is ever whole in memory."""
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w") as archive:  # type: ignore[call-overload]
        with archive.open(_entry(first[0], clock.now()), "w") as target:
            target.write(first[1].encode())
        yield from pieces.taken()
        for number, each in enumerate(files, 1):
            with archive.open(_entry(_placed(number, each), each.at), "w", force_zip64=True) as target:
                for piece in content_of(each):
                    target.write(piece)
                    yield from pieces.taken()
            yield from pieces.taken()
    yield from pieces.taken()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    found_ = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    found_.compress_type = zipfile.ZIP_DEFLATED
    return found_
