"""Files of records: checked by their content, stored encrypted, opened only by whoever may see the record."""

import hashlib
import io
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import involved, may_open, opens
from crm.actions import customer_of
from crm.records import crypto
from crm.records.looks import DOWNLOAD, note
from crm.records.models import Attachment, SealedContent
from crm.records.sniff import ACCEPT, Content, safe_name, sniff
from crm.statements import insert, insert_keyed

FOLDER = "attachments"
SEALED = ".sealed"
IN_DATABASE = 32 * 1024  # bytes; signatures have some thousands
WRITTEN = Content("html", "text/html", ("html",))  # nobody uploads such
GRACE = timedelta(days=1)  # a file without a row may belong to a transaction that still runs

logger = logging.getLogger(__name__)


class UploadField(forms.FileField):
    """A file in a form: not empty, not too big, of a kind that is taken, and what its name says."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ACCEPT}))
        super().__init__(**options)

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        check(data)
        return data


def check(upload: File) -> Content:
    """What the uploaded file is. Raises ValidationError that says why it is not taken."""
    if not upload.size:
        raise ValidationError(_("The file is empty."), "empty")
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(
            _("The file has %(size)s; at most %(most)s are taken."),
            "too_big",
            {"size": filesizeformat(upload.size), "most": filesizeformat(settings.MAX_UPLOAD_BYTES)},
        )
    return sniff(upload, upload.name or "")  # type: ignore[arg-type]


def attach(subject: models.Model, upload: File, *, by: User, kind: str = "") -> Attachment:
    """Store a file as belonging to `subject`, and answer its row; `kind` says what it is, as in "licence".

    To be called from a verb's body. Raises ValidationError for what is not taken.
    """
    return attach_all(subject, [upload], by=by, kind=kind)[0]


def keep_written(subject: models.Model, papers: Iterable[File], *, by: User, kind: str) -> list[Attachment]:
    """Store pages that the product itself has written, such as papers as they were printed: two queries.

    A browser saves them from the address of files, and shows none there.
    """
    return attach_all(subject, papers, by=by, kind=kind, written=WRITTEN)


def attach_all(
    subject: models.Model, uploads: Iterable[File], *, by: User, kind: str = "", written: Content | None = None
) -> list[Attachment]:
    """`attach` some files to the same record: two queries, however many they are. `written` ones are not looked into.

    A small file lies in the database, so that it is there exactly when its transaction is. A larger one is on the disk
    before its row is written; where the transaction is rolled back it is left over, unreadable, until `remove_orphans`.
    """
    rows, sealed = [], []
    for upload in uploads:
        content = written or check(upload)
        key, digest = crypto.new_file_key(), hashlib.sha256()
        row = Attachment(
            subject_type=ContentType.objects.get_for_model(subject),
            subject_pk=subject.pk,
            customer_id=customer_of(subject),
            kind=kind,
            name=safe_name(upload.name or "", content),
            content_type=content.content_type,
            size=upload.size,
            key=key,
            by=by,
        )
        if upload.size <= IN_DATABASE:
            target = io.BytesIO()
            crypto.seal(_pieces(upload, digest), target, key)
            sealed.append(SealedContent(attachment=row, data=target.getvalue()))
        else:
            row.path = _save(_pieces(upload, digest), key)
        row.sha256 = digest.hexdigest()
        rows.append(row)
    insert_keyed(rows)
    for each in sealed:
        each.attachment_id = each.attachment.pk
    insert(sealed)
    return rows


def _pieces(upload: File, digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in upload.chunks():
        digest.update(piece)
        yield piece


def _save(pieces: Iterator[bytes], key: str) -> str:
    """Seal into a new file under a name that says nothing, and answer its path when it is on the disk."""
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as sealed:
        crypto.seal(pieces, sealed, key)  # type: ignore[arg-type]
        sealed.seek(0)
        name = uuid4().hex
        path = default_storage.save(f"{FOLDER}/{name[:2]}/{name[2:]}{SEALED}", File(sealed))
    if isinstance(default_storage, FileSystemStorage):  # any other answers when it has it
        file = Path(default_storage.path(path))
        for place in (file, file.parent, file.parent.parent):  # the folders may be new as well
            _sync(place)
    return path


def _sync(place: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def content_of(attachment: Attachment) -> Iterator[bytes]:
    """The clear content in pieces. Raises FileNotFoundError, and crypto.WrongKey where it was altered."""
    if attachment.path is None:
        data = SealedContent.objects.values_list("data", flat=True).get(attachment=attachment.pk)
        yield from crypto.unseal(io.BytesIO(data), attachment.key)
        return
    with default_storage.open(attachment.path, "rb") as sealed:
        yield from crypto.unseal(sealed, attachment.key)  # type: ignore[arg-type]


def open_attachment(pk: int, *, by: User) -> Attachment:
    """The attachment `pk` for reading, if `by` may see its record; the look is logged.

    Raises Attachment.DoesNotExist for one that is not there and for one that is not his, alike.
    """
    attachment = Attachment.objects.select_related("subject_type").get(pk=pk)
    model = attachment.subject_type.model_class()
    rows = model._default_manager.all() if model else None
    if rows is None or not hasattr(rows, "visible_to") or not opens(by, model, attachment.subject_pk):
        raise Attachment.DoesNotExist
    try:
        subject = rows.visible_to(by).get(pk=attachment.subject_pk)
    except ObjectDoesNotExist:
        raise Attachment.DoesNotExist from None
    inputs = {"file": attachment.pk, "kind": attachment.kind}
    note(DOWNLOAD, by=by, subject=subject, customer_id=attachment.customer_id, inputs=inputs)
    return attachment


def visible(attachments: Iterable[Any], user: User) -> list[Any]:
    """Those of `attachments`, or of notes, whose record `user` may see: one query for each kind of record."""
    found = list(attachments)
    seen: dict[int, set[int]] = {}
    for type_id in {each.subject_type_id for each in found}:
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None and hasattr(model._default_manager.all(), "visible_to"):
            wanted = {each.subject_pk for each in found if each.subject_type_id == type_id}
            rows = model._default_manager.visible_to(user).filter(pk__in=wanted)  # type: ignore[attr-defined]
            opened = rows if may_open(user, model) else rows.filter(involved(user, model))
            seen[type_id] = set(opened.values_list("pk", flat=True))
    return [each for each in found if each.subject_pk in seen.get(each.subject_type_id, ())]


def remove_orphans() -> int:
    """Remove sealed files that no row names and that are older than a day; answers how many."""
    removed = 0
    folders, _files = default_storage.listdir(FOLDER) if default_storage.exists(FOLDER) else ([], [])
    for folder in folders:
        _folders, names = default_storage.listdir(f"{FOLDER}/{folder}")
        paths = {f"{FOLDER}/{folder}/{name}" for name in names if name.endswith(SEALED)}
        known = set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in paths - known:
            if default_storage.get_modified_time(path) < clock.now() - GRACE:
                default_storage.delete(path)
                removed += 1
    if removed:
        logger.info("removed %d files that belong to nothing", removed)
    return removed
