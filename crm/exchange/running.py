"""The import itself: row by row, each in its own transaction, or all of them in one."""

import json
import logging
import time
from collections.abc import Callable
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, transaction

from crm.deadlocks import done_again
from crm.exchange import progress
from crm.exchange.checking import advance
from crm.exchange.judging import Judge, Prepared, stored_values, why
from crm.exchange.models import Import, ImportRow
from crm.exchange.rows import Record
from crm.exchange.texts import unexpected

log = logging.getLogger(__name__)

REFRESH = 200  # records after which choices are looked up anew
SHOWN_EVERY = 0.5  # seconds between two notes of the progress
State = ImportRow.State


class RowRefused(Exception):
    """A row of an import of all or none was refused: nothing of it remains."""

    def __init__(self, number: int, problem: dict) -> None:
        super().__init__(number)
        self.number, self.problem = number, problem


def run_good(source: Import, judge: Judge, records: list[Record], *, until: Callable[[], bool]) -> bool:
    """Import the rows that the check found right and that are not in yet; answers whether it came to the end.

    Each row and the note that it is done are one transaction, and its key says which row of which import it is: however
    often a worker is killed and another goes on, nothing comes in twice.
    """
    waiting = set(_rows(source).values_list("number", flat=True))
    done = _count_done(source)
    shown = time.monotonic()
    for record in (each for each in records if each.number in waiting):
        _import_alone(source, judge, record)
        done += 1
        if done % REFRESH == 0:
            judge.refresh()
        if time.monotonic() - shown > SHOWN_EVERY:
            advance(source, done)
            shown = time.monotonic()
        if until():
            advance(source, done)
            return not _rows(source).exists()
    advance(source, done)
    return True


def run_all(source: Import, judge: Judge, records: list[Record]) -> None:
    """Import all rows in one transaction. Raises RowRefused, after which none is in."""
    waiting = set(_rows(source).values_list("number", flat=True))
    with transaction.atomic():
        for done, record in enumerate((each for each in records if each.number in waiting), 1):
            problem = _attempt(source, judge, record)
            if problem is not None:
                raise RowRefused(record.number, problem)
            if done % REFRESH == 0:
                judge.refresh()
                progress.note(source, done)
    advance(source, _count_done(source))


def key_of(source: Import, number: int) -> str:
    """The idempotency key of one row."""
    return f"import-{source.pk}-{number}"


def _rows(source: Import):
    return ImportRow.objects.filter(source=source, state=State.GOOD).order_by("number")


def _count_done(source: Import) -> int:
    return ImportRow.objects.filter(source=source).exclude(state=State.GOOD).count()


def _import_alone(source: Import, judge: Judge, record: Record) -> None:
    problem = done_again(transaction.atomic(partial(_attempt, source, judge, record)))
    if problem is not None:
        row = ImportRow.objects.get(source=source, number=record.number)
        row.state, row.errors = State.REFUSED, [problem]
        row.save(update_fields=["state", "errors"])


def _attempt(source: Import, judge: Judge, record: Record) -> dict | None:
    """Do one record and note it; answers what it was refused by, having taken it back, or None."""
    row = ImportRow.objects.select_for_update().get(source=source, number=record.number)
    if row.state != State.GOOD:
        return None  # another worker was faster
    try:
        with transaction.atomic():
            prepared = judge.prepare(record)
            if prepared.state == State.BAD:
                return record.problems[0].as_json()
            if not row.creates and (prepared.obj is None or prepared.obj.pk != row.changed_pk):
                raise ObjectDoesNotExist
            if prepared.state or prepared.creates != row.creates:
                _settle_changed(row, prepared)
                return None
            _perform(source, judge, prepared, row)
    except OperationalError:
        raise
    except Exception as error:
        answer = why(error)
        if answer is None:
            log.exception("a row of an import failed unexpectedly")
            answer = unexpected()
        return judge.reader.problem(record.head, None, *answer).as_json()
    return None


def _settle_changed(row: ImportRow, prepared: Prepared) -> None:
    """What the check found is no longer so: somebody entered the record, or made the same change, meanwhile."""
    row.state = prepared.state or State.SKIPPED
    row.save(update_fields=["state"])


def _perform(source: Import, judge: Judge, prepared: Prepared, row: ImportRow) -> None:
    record, obj = prepared.record, prepared.obj
    before = stored_values(prepared.action, obj, judge.by, record.given) if obj is not None else {}
    result = judge.perform(prepared, key=key_of(source, row.number), version=row.seen_version)
    row.result_pk = (result if obj is None else obj).pk
    if obj is not None:
        after = stored_values(prepared.action, obj, judge.by, set(before))
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        row.before = json.dumps(changed, ensure_ascii=False)
    row.state, row.errors = State.DONE, []
    row.save(update_fields=["state", "errors", "result_pk", "before"])
