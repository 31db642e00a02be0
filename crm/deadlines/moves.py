"""What a changed calendar means for running deadlines: which would move, and to when. Nothing moves by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from crm import clock
from crm.deadlines import basis as basis_
from crm.deadlines import worktime
from crm.deadlines.basis import Basis, rulings_of
from crm.deadlines.due import Timing, pushed, telling_time, warning
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.deadlines.worktime import WORKING_UNITS, Span


@dataclass(frozen=True)
class Move:
    """One running deadline, when it is due, and when it would be by the present calendar."""

    deadline: Deadline
    old: datetime
    new: datetime


def moves(limit: int = 500) -> tuple[list[Move], bool]:
    """The running deadlines that the present calendars would move, at most `limit`, and whether there are more."""
    basis = basis_.current()
    found: list[Move] = []
    for row in _computed_before():
        if changes := moved(row, basis):
            if len(found) == limit:
                return found, True
            found.append(Move(row, row.due_at, changes["due_at"]))
    return found, False


def moved(row: Deadline, basis: Basis) -> Timing | None:
    """The columns of an open deadline by the present calendar, or None where its due time stays as it is.

    The rule's values stay those that it started with, and each pause is walked again.
    """
    rule = RULES.get(row.rule)
    if rule is None or row.unit not in WORKING_UNITS or row.amount is None or row.paused_at is not None:
        return None
    calendar = basis.calendar_of(row.calendar_id)
    if rule.due is not None:
        if row.anchor is None:
            return None
        due = worktime.subtract(calendar, row.anchor, row.amount, row.unit)
        spans = [Span(due, row.anchor, "before")]
    else:
        due, spans = worktime.add(calendar, row.started_at, row.amount, row.unit)
        for pause in map(Span.restored, row.pauses):
            if pause.start < due:
                due, spans = pushed(calendar, True, row.started_at, due, spans, pause)
    if due == row.due_at:
        return None
    warn = warning(calendar, rule, rulings_of(rule, row.rule_version), row.started_at, due)
    return {
        "due_at": due,
        "warn_at": warn,
        "next_at": telling_time(calendar, warn, row.started_at, due),
        "step": Deadline.NOTHING_TOLD,
        "breached_at": None,
        "calendar_version": calendar.version,
        "spans": [span.stored() for span in spans],
    }


def move(pks: list[int]) -> int:
    """Move the open ones among `pks` to where the present calendars put them; answers how many moved.

    Call it in a transaction. What was told about the old due time stays told; the new one is told about anew.
    """
    basis, now, count = basis_.current(), clock.now(), 0
    rows = Deadline.objects.open().filter(pk__in=pks).select_related("rule_version")
    for row in rows.select_for_update(of=("self",), no_key=True):
        changes = moved(row, basis)
        if changes is None:
            continue
        if row.step and now >= changes["warn_at"] and now < changes["due_at"]:
            changes |= {"step": Deadline.WARNED, "next_at": changes["due_at"]}
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))
        count += 1
    return count


def _computed_before() -> Iterator[Deadline]:
    """Open deadlines in working time that were computed by an earlier version of their calendar."""
    rows = Deadline.objects.open().filter(unit__in=WORKING_UNITS, calendar__isnull=False, paused_at=None)
    rows = rows.exclude(calendar__version=F("calendar_version")).select_related("rule_version").order_by("due_at")
    return rows.prefetch_related("subject").iterator(chunk_size=500)
