"""The dry run: every record goes through the verb itself, in a transaction that is rolled back."""

import logging
import time
from collections.abc import Callable, Iterable

from django.db import transaction

from crm.exchange import progress
from crm.exchange.judging import Judge, Prepared, why
from crm.exchange.models import Import, ImportRow
from crm.exchange.rows import Record
from crm.exchange.texts import unexpected

log = logging.getLogger(__name__)

CHUNK = 50  # records that are tried in one transaction; what they lock, such as a number series, is soon free again
State = ImportRow.State


def check(source: Import, judge: Judge, records: list[Record], *, until: Callable[[], bool]) -> bool:
    """Judge the records that are not judged yet, until `until()` says to stop; answers whether all are judged."""
    reached = source.rows.count()  # rows are written in order
    for record in records[:reached]:
        judge.note(record)
    while reached < len(records):
        chunk = records[reached : reached + CHUNK]
        judge.refresh()
        prepared = try_out(judge, chunk)
        ImportRow.objects.bulk_create([_row(source, judge, each) for each in prepared], ignore_conflicts=True)
        reached += len(chunk)
        advance(source, reached)
        if until():
            return reached >= len(records)
    return True


def try_out(judge: Judge, chunk: Iterable[Record]) -> list[Prepared]:
    """Prepare and perform each record, see what it is refused by, and take everything back."""
    done = []
    with transaction.atomic():
        for record in chunk:
            prepared = judge.prepare(record)
            if not prepared.state:
                _perform(judge, prepared)
            done.append(prepared)
        transaction.set_rollback(True)
    return done


def _perform(judge: Judge, prepared: Prepared) -> None:
    record = prepared.record
    version = getattr(prepared.obj, "version", None)
    try:
        with transaction.atomic():
            judge.perform(prepared)
        prepared.state = State.GOOD
    except Exception as error:
        answer = why(error)
        if answer is None:
            log.exception("a row of an import failed unexpectedly")
            answer = unexpected()
        record.problems.append(judge.reader.problem(record.head, None, *answer))
        prepared.state = State.BAD
    if prepared.obj is not None and version is not None:
        prepared.obj.version = version  # type: ignore[attr-defined]  # what was tried did not happen


def _row(source: Import, judge: Judge, prepared: Prepared) -> ImportRow:
    record, obj = prepared.record, prepared.obj
    return ImportRow(
        source=source,
        number=record.number,
        place=judge.reader.place_of(record),
        state=prepared.state,
        creates=prepared.creates,
        errors=[each.as_json() for each in record.problems],
        changed_pk=obj.pk if obj is not None else None,
        seen_version=getattr(obj, "version", None),
    )


def advance(source: Import, done: int) -> None:
    """Write down how far the work has come, and that this attempt was not in vain."""
    Import.objects.filter(pk=source.pk).update(done=done, attempts=0)
    progress.note(source, done)


class Watch:
    """Says when a task has worked long enough, so that the next one goes on."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def __call__(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.end
