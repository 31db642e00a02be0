"""Turning deadlines: what a record's state implies is compared with its open deadlines, and they are made to agree.

`turn` is what verbs, edits and imports all end in. It writes deadline rows and nothing else; telling people is the
sweep's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from crm import clock, via
from crm.accounts.models import User
from crm.deadlines import basis as basis_
from crm.deadlines.basis import Basis
from crm.deadlines.due import Timing, paused_timing, resumed_timing, timing
from crm.deadlines.models import Deadline
from crm.deadlines.rules import Rule, company_rules, rules_on
from crm.statements import Statement, insert, update

TIMED = [
    "started_at",
    "due_at",
    "warn_at",
    "next_at",
    "step",
    "breached_at",
    "anchor",
    "calendar",
    "calendar_version",
    "rule_version",
    "amount",
    "unit",
    "spans",
    "paused_at",
    "pauses",
]


@dataclass
class Turned:
    """What had to be changed: deadlines opened, closed, moved to another time, given to somebody else."""

    opened: list[Deadline] = field(default_factory=list)
    closed: list[Deadline] = field(default_factory=list)
    moved: list[Deadline] = field(default_factory=list)
    reassigned: list[Deadline] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.moved or self.reassigned)

    def write(self) -> None:
        """Make it so. A twin that opened the same deadline meanwhile wins, both meant the same."""
        for row in self.closed:
            update(row, ["closed_at", "outcome", "met_by", "next_at"])
        for row in self.moved:
            update(row, TIMED)
        for row in self.reassigned:
            update(row, ["responsible", "department", "step", "next_at"])
        insert(self.opened, or_nothing=True)


OPEN = Statement(lambda kind, pk: Deadline.objects.open().filter(subject_type=kind, subject_pk=pk))
OF_COMPANY = Statement(lambda: Deadline.objects.open().filter(subject_type=None))


def turn(obj: models.Model, verb: str | None = None) -> None:
    """Make the open deadlines of `obj` agree with its state, after the verb named `verb` or a plain change.

    One query where nothing is to be done, none for models without rules. Call it inside the transaction of the change.
    """
    rules = rules_on(type(obj))
    served = company_rules(verb) if verb else []
    if rules:
        rows = {row.rule: row for row in OPEN(ContentType.objects.get_for_model(obj).pk, obj.pk)}
        plan(obj, rules, rows, verb).write()
    if served:
        rows = {row.rule: row for row in OF_COMPANY()}
        plan(None, served, rows, verb).write()


def turn_many(objs: Iterable[models.Model], verb: str | None = None) -> Turned:
    """Turn many records of one model, as imports do: one query to look, and what was changed as the answer."""
    turned = compare(objs, verb)
    turned.write()
    return turned


def compare(objs: Iterable[models.Model], verb: str | None = None) -> Turned:
    """What `turn_many` would change, without changing it."""
    objs = list(objs)
    turned = Turned()
    if not objs or not rules_on(type(objs[0])):
        return turned
    kind = ContentType.objects.get_for_model(objs[0])
    rows: dict[int | None, dict[str, Deadline]] = {obj.pk: {} for obj in objs}
    for row in Deadline.objects.open().filter(subject_type=kind, subject_pk__in=rows):
        rows[row.subject_pk][row.rule] = row
    basis = basis_.current()
    for obj in objs:
        plan(obj, rules_on(type(obj)), rows[obj.pk], verb, basis, turned)
    return turned


def plan(
    obj: models.Model | None,
    rules: Iterable[Rule],
    rows: dict[str, Deadline],
    verb: str | None,
    basis: Basis | None = None,
    turned: Turned | None = None,
) -> Turned:
    """Decide for each rule on `obj` (None: the company) what happens to its open row in `rows`; changes nothing."""
    turned = Turned() if turned is None else turned
    now = clock.now()
    for rule in rules:
        row, met = rows.get(rule.key), None
        wanted = obj is None or rule.wanted(obj)
        if row and verb in rule.met_by and (not rule.every or row.started_at <= now):
            _close(row, Deadline.Outcome.MET, now)
            turned.closed.append(row)
            row, met = None, row
        if row and not wanted:
            _close(row, Deadline.Outcome.CANCELLED, now)
            turned.closed.append(row)
        elif row:
            _follow(rule, obj, row, basis, turned)
        elif wanted:
            basis = basis or basis_.current()
            if opened := _open(rule, obj, basis, now, met):
                turned.opened.append(opened)
    return turned


def _close(row: Deadline, outcome: str, now: datetime) -> None:
    row.closed_at, row.outcome, row.next_at = now, outcome, None
    if outcome == Deadline.Outcome.MET:
        row.met_by = via.cause()


def _open(rule: Rule, obj: Any, basis: Basis, now: datetime, met: Deadline | None) -> Deadline | None:
    """A new row, or None where the rule is not in force."""
    user, department = _responsible(rule, obj)
    found = timing(rule, obj, basis, now, department=department, met=met)
    if found is None:
        return None
    row = Deadline(rule=rule.key, responsible_id=user, department_id=department)
    if obj is not None:
        from crm.actions import customer_of  # the gate imports this module

        row.subject_type = ContentType.objects.get_for_model(obj)
        row.subject_pk = obj.pk
        row.customer_id = customer_of(obj)
    _apply(row, found)
    if obj is not None and rule.paused(obj):
        _apply(row, paused_timing(now))
    return row


def _follow(rule: Rule, obj: Any, row: Deadline, basis: Basis | None, turned: Turned) -> None:
    """Keep an open row in step with the record: its date, its standing still, who must act."""
    if obj is None:
        return
    now = clock.now()
    user, named = rule.responsible(obj)
    if user != row.responsible_id or (user is None and named != row.department_id):
        row.responsible_id, row.department_id = _responsible(rule, obj)
        # Whoever gets it is reminded in his turn; a breach already handed up the line stays there.
        if row.step == Deadline.WARNED:
            row.step, row.next_at = Deadline.NOTHING_TOLD, max(now, row.warn_at)
        turned.reassigned.append(row)
    anchor = rule.anchor(obj)
    paused = rule.paused(obj)
    if anchor is not None and anchor != row.anchor:
        found = timing(rule, obj, basis or basis_.current(), row.started_at, department=row.department_id)
        if found is not None:
            _apply(row, {**found, **(paused_timing(now) if paused else {})})
            turned.moved.append(row)
    elif paused and row.paused_at is None:
        _apply(row, paused_timing(now))
        turned.moved.append(row)
    elif not paused and row.paused_at is not None:
        _apply(row, resumed_timing(row, basis or basis_.current(), now))
        turned.moved.append(row)


def _apply(row: Deadline, found: Timing) -> None:
    for name, value in found.items():
        setattr(row, name, value)


def _responsible(rule: Rule, obj: Any) -> tuple[int | None, int | None]:
    """Keys of the user and of the department that he, or nobody yet, acts for."""
    user, department = rule.responsible(obj)
    if user is None:
        return None, department
    owner = None if callable(rule.who) else obj._state.fields_cache.get(rule.who)
    if owner is not None:
        return user, owner.department_id or department
    return user, User.objects.filter(pk=user).values_list("department_id", flat=True).first() or department
