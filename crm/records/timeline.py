"""What happened to a record, newest first: notes, verbs, changes of fields, files, and what other apps add.

A long story is told a stretch at a time. Each source gives its newest entries before a moment; where one has more than
it gave, nothing older than its last entry is told yet, so that no stretch leaves out what belongs between two others.
"""

import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.scopes import may_open
from crm.records.addresses import Addresses
from crm.records.attachments import visible
from crm.records.changes import Namer
from crm.records.deeds import Seen, changed, entry_of_log, entry_of_row
from crm.records.entries import CHANGES, FILES, NOTES, STEPS, TALKING, TALKS, Entry, entry
from crm.records.looks import LOOKS
from crm.records.models import ActionLog, Attachment, FieldHistory, TimelineNote

Source = Callable[[Any, User, int, datetime | None], Iterable[Entry]]

SOURCES: dict[type[models.Model] | None, list[tuple[str, Source]]] = defaultdict(list)
UNTOLD = {*LOOKS, "records.write_note", "records.withdraw_note"}  # looks change nothing, and notes speak for themselves


@dataclass(frozen=True)
class Story:
    """A stretch of a timeline; what is `older` begins before that moment, None where there is nothing more."""

    entries: list[Entry]
    older: datetime | None


def register_timeline(model: type[models.Model] | None, source: Source, kind: str = TALKS) -> None:
    """Add `source(obj, user, limit, before)` to the timelines of `model` (None: of every record).

    It answers at most `limit` entries of the `kind`, as `entry` makes them, which `user` may see, the newest of those
    before the moment `before` (None: now), in a constant number of queries.
    """
    SOURCES[model].append((kind, source))


def timeline(obj: models.Model, user: User, limit: int = 60, addresses: Addresses | None = None) -> list[Entry]:
    """The last `limit` entries about `obj` that `user` may see; a customer's gather what belongs to him."""
    return story(obj, user, limit, addresses).entries


def story(
    obj: models.Model,
    user: User,
    limit: int = 60,
    addresses: Addresses | None = None,
    *,
    kind: str = "",
    before: datetime | None = None,
) -> Story:
    """The last entries about `obj` before a moment that `user` may see, all or those of one of entries.KINDS.

    They are about `limit`: what happened at the same moment stays together. The number of queries depends on how many
    kinds of records occur, not on how many entries. Records are linked where `addresses` say that their page may be
    opened.
    """
    stretch = _Stretch(limit, before)
    entries: list[Entry] = []
    if kind in ("", TALKS, STEPS, CHANGES):
        entries += _deeds(obj, user, stretch, kind, addresses or Addresses(user))
    if kind in ("", NOTES):
        entries += _notes(obj, user, stretch)
    if kind in ("", FILES):
        entries += _files(obj, user, stretch)
    for own_kind, source in [*SOURCES[None], *SOURCES[type(obj)]]:
        if kind in ("", own_kind):
            given = list(source(obj, user, limit + 1, before))
            stretch.reaches([each["at"] for each in given])
            entries += given
    return stretch.cut(entries)


class _Stretch:
    """How far back a stretch goes: as far as every source that has more has told."""

    def __init__(self, limit: int, before: datetime | None) -> None:
        self.limit, self.before = limit, before
        self.horizon: datetime | None = None

    def newest(self, queries: Iterable[QuerySet], at: str = "at") -> list[Any]:
        """The last rows of several queries before the moment, and what that means for the horizon."""
        parts = []
        for rows in queries:
            earlier = rows.filter(**{f"{at}__lt": self.before}) if self.before else rows
            wanted = earlier.filter(**{f"{at}__gte": self.horizon}) if self.horizon else earlier
            parts.append(wanted.order_by(f"-{at}", "-pk")[: self.limit + 1])
        first, *others = parts
        last = first.union(*others).order_by(f"-{at}", "-id")[: self.limit + 1] if others else first
        found = list(last)
        self.reaches([getattr(row, at) for row in found])
        return found

    def reaches(self, moments: list[datetime]) -> None:
        """A source gave entries of these moments, the newest first; where it gave all it might, it may have more."""
        if len(moments) > self.limit and (self.horizon is None or moments[-1] > self.horizon):
            self.horizon = moments[-1]

    def cut(self, entries: list[Entry]) -> Story:
        """The entries of this stretch, the newest first, and where the next one begins."""
        since = self.horizon
        told = [
            each
            for each in entries
            if (since is None or each["at"] >= since) and (self.before is None or each["at"] < self.before)
        ]
        told.sort(key=lambda each: each["at"], reverse=True)
        if len(told) > self.limit:
            last = told[self.limit - 1]["at"]
            told = told[: self.limit] + [each for each in told[self.limit :] if each["at"] == last]
            return Story(told, last)
        return Story(told, since)


def _deeds(obj: models.Model, user: User, stretch: _Stretch, kind: str, addresses: Addresses) -> list[Entry]:
    """What log and history say: verbs with what they changed, and changes that no verb about the record explains."""
    logs = [] if kind == CHANGES else _logs(obj, stretch, TALKING if kind == TALKS else None)
    history = _history(obj, stretch, explained=kind == CHANGES) if kind in ("", CHANGES) else []
    missing = {row.log_id for row in history if row.log_id} - {log.pk for log in logs}
    origins = {log.pk: log for log in [*logs, *ActionLog.objects.filter(pk__in=missing)]}
    history += _history_of(obj, origins, {row.pk for row in history})
    seen = Seen(obj, user, logs, history)
    for model, found in seen.found.items():
        if may_open(user, model):  # what he sees through another record may have a page that is not for him
            addresses.know(found.values())
        addresses.expect(found.values())
    shown = [row for row in history if seen.row(row)]
    people = User.objects.in_bulk(
        {log.actor_id for log in origins.values()}
        | {log.on_behalf_of_id for log in logs if log.on_behalf_of_id}
        | {row.by_id for row in shown if row.by_id}
    )
    namer = Namer(shown)
    changes: dict[int | None, list[FieldHistory]] = defaultdict(list)
    for row in shown:
        changes[row.log_id].append(row)
    entries = [
        entry_of_log(log, obj, seen, people, changed(obj, changes.pop(log.pk, []), namer), addresses)
        for log in logs
        if seen.log(log)
    ]
    for log_id, rows in changes.items():
        if log_id in origins:
            lines = changed(obj, rows, namer)
            if lines:
                entries.append(entry_of_log(origins[log_id], obj, seen, people, lines, addresses))
        else:
            entries += [entry_of_row(row, obj, seen, people, namer) for row in rows]
    return entries


def _is_customer(obj: models.Model) -> bool:
    return obj._meta.label == "customers.Customer"


def _any(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions)


def _logs_about(obj: models.Model) -> list[Q]:
    """The conditions of log rows about a record, each of which an index of its own serves."""
    kind = ContentType.objects.get_for_model(obj)
    found = [Q(subject_type=kind, subject_pk=obj.pk), Q(result_type=kind, result_pk=obj.pk)]
    return [*found, Q(customer_id=obj.pk)] if _is_customer(obj) else found


def _logs(obj: models.Model, stretch: _Stretch, verbs: Iterable[str] | None) -> list[ActionLog]:
    rows = ActionLog.objects.exclude(verb__in=UNTOLD)
    if verbs is not None:
        rows = rows.filter(verb__in=verbs)
    return stretch.newest([rows.filter(each) for each in _logs_about(obj)])


def _history_about(obj: models.Model) -> list[Q]:
    found = [Q(table_name=obj._meta.db_table, pk_value=obj.pk)]
    return [*found, Q(customer_id=obj.pk)] if _is_customer(obj) else found


def _history(obj: models.Model, stretch: _Stretch, *, explained: bool) -> list[FieldHistory]:
    """Changes of the record; those that a verb about it made only where they are wanted (`explained`)."""
    rows = FieldHistory.objects.exclude(table_name=TimelineNote._meta.db_table)
    if not explained:
        rows = rows.filter(~Exists(ActionLog.objects.filter(_any(_logs_about(obj)), pk=OuterRef("log_id"))))
    return stretch.newest([rows.filter(each) for each in _history_about(obj)])


def _history_of(obj: models.Model, origins: Iterable[int], known: set[int]) -> list[FieldHistory]:
    """Everything that these actions changed in the record."""
    about = _any(_history_about(obj))
    rows = FieldHistory.objects.filter(about, log_id__in=list(origins)).exclude(table_name=TimelineNote._meta.db_table)
    return [row for row in rows.order_by("-id") if row.pk not in known]


def _about(obj: models.Model, model: Any) -> list[QuerySet]:
    """What hangs on a record; of a customer, also what hangs on what is his."""
    queries = [model.objects.about(obj)]
    if _is_customer(obj):
        queries.append(model.objects.filter(customer_id=obj.pk))
    return queries


def _files(obj: models.Model, user: User, stretch: _Stretch) -> list[Entry]:
    found = visible(stretch.newest(_about(obj, Attachment)), user)
    people = User.objects.in_bulk({each.by_id for each in found})
    return [
        entry(
            file.at,
            _("File added"),
            actor=str(people[file.by_id]),
            icon="paperclip",
            body=file.name,
            body_html=format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.name),
        )
        for file in found
    ]


def _notes(obj: models.Model, user: User, stretch: _Stretch) -> list[Entry]:
    from crm.records.notes import entries_of

    return entries_of(obj, user, visible(stretch.newest(_about(obj, TimelineNote)), user))
