"""Imports and exports in the background: worked on by one process at a time, taken up again after a kill."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from crm import clock, via
from crm.accounts.models import User
from crm.deadlines.locks import only_one
from crm.deadlines.periodic import periodic
from crm.exchange import exporting, files, vault
from crm.exchange.actions import finish_export, finish_import, run_import, undo_import
from crm.exchange.checking import Watch, check
from crm.exchange.failed import failed_rows
from crm.exchange.importers import IMPORTERS, Importer
from crm.exchange.judging import judge_of
from crm.exchange.models import Export, Import, ImportRow, RememberedMapping
from crm.exchange.reading import read
from crm.exchange.rows import Reader
from crm.exchange.running import RowRefused, run_all, run_good
from crm.exchange.undoing import undo
from crm.exchange.wake import wake_export, wake_import
from crm.records.models import ActionLog
from crm.records.retention import remove
from crm.via import Door, Via

log = logging.getLogger(__name__)

S = Import.Status
SECONDS = 300  # of work in one task; the next goes on, so that none meets the time limit
ATTEMPTS = 3  # begun so often without getting anywhere, it is given up
EXPORTS_LAST = timedelta(days=7)
IMPORTS_LAST = timedelta(days=30)  # the uploaded files, and the values for undoing
ROWS_LAST = timedelta(days=365)  # what became of each row; the counts stay, and each record's own log
MAPPINGS_LAST = timedelta(days=2 * 365)  # since the last file of that shape
GRACE = 24 * 3600  # seconds; a file without a row may belong to a transaction that still runs
# Where a step leads to when it cannot be done.
BACK = {S.UPLOADED: S.UNUSABLE, S.CHECKING: S.MAPPED, S.RUNNING: S.DONE, S.UNDOING: S.DONE}


@shared_task
def work_on_import(pk: int) -> None:
    """Do the next step of an import, or go on with it."""
    with _alone("import", pk) as mine:
        finished = True
        source = Import.objects.select_related("by").filter(pk=pk).first() if mine else None
        if source is not None and source.is_working:
            with _as_importing(source):
                finished = _step(source)
    if not finished:
        wake_import(pk)


@shared_task
def write_export(pk: int) -> None:
    """Write the file of an export."""
    with _alone("export", pk) as mine:
        export = Export.objects.select_related("by").filter(pk=pk).first() if mine else None
        if export is not None and export.is_working:
            with translation.override(export.language or None), via.through(Via(door=Door.TASK)):
                _write(export)


@periodic("exchange.sweep", every=timedelta(minutes=1))
def sweep() -> None:
    """Take up what nobody works on: the broker was down, or the worker was killed."""
    for pk in Import.objects.filter(status__in=Import.WORKING).order_by("pk").values_list("pk", flat=True):
        wake_import(pk)
    for pk in Export.objects.filter(status=Export.Status.WRITING).order_by("pk").values_list("pk", flat=True):
        wake_export(pk)


@periodic("exchange.tidy")
def tidy() -> None:
    """Remove files, values for undoing, rows and mappings whose time is over, and files that belong to nothing."""
    now = clock.now()
    for export in Export.objects.filter(expires_at__lt=now).exclude(file=""):
        vault.remove(export.file)
        Export.objects.filter(pk=export.pk).update(file="", file_key="")
    old = Import.objects.filter(at__lt=now - IMPORTS_LAST).exclude(status__in=Import.WORKING).exclude(files={})
    for source in old:
        ImportRow.objects.filter(source=source).update(before="")
        files.forget(source)
        source.save(update_fields=["files", "file_keys", "samples"])
    remove(ImportRow.objects.filter(source__at__lt=now - ROWS_LAST).exclude(source__status__in=Import.WORKING))
    remove(RememberedMapping.objects.filter(used_at__lt=now - MAPPINGS_LAST))
    _remove_orphans()


@contextmanager
def _alone(what: str, pk: int) -> Iterator[bool]:
    with only_one(f"{what} {pk}") as mine:
        yield mine


@contextmanager
def _as_importing(source: Import) -> Iterator[None]:
    way = Via(door=Door.IMPORT, request_id=f"import-{source.pk}")
    with translation.override(source.language or None), via.through(way):
        yield


@contextmanager
def _because_of(source: Import, verb: str) -> Iterator[None]:
    """Let what is done to each record be a consequence of what was last done to the import by `verb`."""
    log_row = ActionLog.objects.about(source).filter(verb=verb).order_by("-pk").first()
    assert log_row is not None
    with via.caused_by(log_row.pk, log_row.actor_id):
        yield


def _step(source: Import) -> bool:
    """One stretch of work; answers whether the step is finished."""
    importer = IMPORTERS.get(source.kind)
    Import.objects.filter(pk=source.pk).update(attempts=F("attempts") + 1)
    if importer is None or source.attempts >= ATTEMPTS:
        _finish(source, BACK[S(source.status)], _("This was given up after several attempts; the log says why."))
        return True
    try:
        return _do(source, importer)
    except ValidationError as error:  # the file itself cannot be used
        _finish(source, BACK[S(source.status)], " ".join(error.messages))
    except FileNotFoundError:
        _finish(source, BACK[S(source.status)], _("The uploaded file is no longer there. Upload it again."))
    return True


def _do(source: Import, importer: Importer) -> bool:
    if source.status == S.UPLOADED:
        found = read(source, importer)
        Import.objects.filter(pk=source.pk).update(**found)
        _finish(source, S.READ)
        return True
    if source.status == S.UNDOING:
        undoer = User.objects.get(pk=source.options["undone_by"])
        _count(source, ImportRow.objects.filter(source=source, state=ImportRow.State.DONE).count())
        with _because_of(source, undo_import.name):
            if not undo(source, importer, undoer, until=Watch(SECONDS)):
                return False
        _finish(source, S.UNDONE)
        return True
    tables = files.chosen_tables(source, importer)
    reader = Reader(importer, tables, source.mapping, source.options, source.by)
    records = list(reader.records())
    judge = judge_of(source, reader, importer, source.by)
    _count(source, len(records))
    if source.status == S.CHECKING:
        if not check(source, judge, records, until=Watch(SECONDS)):
            return False
        outcome, problem = S.CHECKED, ""
    elif source.mode == Import.Mode.ALL:
        outcome, problem = S.DONE, ""
        try:
            with _because_of(source, run_import.name):
                run_all(source, judge, records)
        except RowRefused as refused:
            outcome = S.CHECKED
            problem = _refuse_all(source, refused)
    else:
        with _because_of(source, run_import.name):
            if not run_good(source, judge, records, until=Watch(SECONDS)):
                return False
        outcome, problem = S.DONE, ""
    files.store(source, files.FAILED, failed_rows(source, tables, records), "xlsx")
    source.save(update_fields=["files", "file_keys"])
    _finish(source, outcome, problem)
    return True


def _refuse_all(source: Import, refused: RowRefused) -> str:
    """Mark the row that stopped an import of all or none, and say so."""
    row = ImportRow.objects.get(source=source, number=refused.number)
    ImportRow.objects.filter(pk=row.pk).update(state=ImportRow.State.BAD, errors=[refused.problem])
    return _("Nothing was imported, because of row %(place)s: %(message)s") % {
        "place": row.place,
        "message": refused.problem["message"],
    }


def _count(source: Import, total: int) -> None:
    if not source.total or (source.status == S.UNDOING and not source.done):
        source.total = total
        Import.objects.filter(pk=source.pk).update(total=total)


def _finish(source: Import, outcome: str, problem: str = "") -> None:
    finish_import(source, by=User.objects.system("import"), outcome=outcome, problem=problem)


def _write(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(attempts=F("attempts") + 1)
    problem, kept = "", None
    if export.attempts >= ATTEMPTS:
        problem = _("This was given up after several attempts; the log says why.")
    else:
        begun = time.monotonic()
        try:
            kept = vault.keep(exporting.write(export))
        except ValidationError as error:
            problem = " ".join(error.messages)
        log.info("export %s written in %.1f s", export.pk, time.monotonic() - begun)
    if kept is not None:
        name, key, size = kept
        expires = clock.now() + EXPORTS_LAST
        Export.objects.filter(pk=export.pk).update(file=name, file_key=key, size=size, expires_at=expires)
    outcome = Export.Status.FAILED if problem else Export.Status.DONE
    finish_export(export, by=User.objects.system("import"), outcome=outcome, problem=problem)


def _remove_orphans() -> None:
    """Remove files that no row names and that are old enough to belong to no running transaction."""
    known = set(Export.objects.exclude(file="").values_list("file", flat=True))
    for stored in Import.objects.exclude(files={}).values_list("files", flat=True):
        known |= {each["name"] for each in stored.values()}
    for path in vault.folder().iterdir():
        if path.name not in known and time.time() - path.stat().st_mtime > GRACE:
            path.unlink(missing_ok=True)
