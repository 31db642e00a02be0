"""The sweep: looks at the deadlines whose time has come, reminds, does what a breach asks for, and tells higher up.

What it costs grows with what is due and not with what is open: the partial indexes hold only rows that wait for it.
A notice is written in the same transaction as the deadline's step, so it exists exactly once however often, however
late, and in however many processes the sweep runs.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from crm import clock
from crm.accounts.deputies import stand_ins
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.deadlines import basis as basis_
from crm.deadlines import worktime
from crm.deadlines.basis import Basis
from crm.deadlines.locks import only_one
from crm.deadlines.models import Deadline, DeadlineQuerySet
from crm.deadlines.notices import DUE, LATE, WARN, Telling, tell
from crm.deadlines.people import line_above
from crm.deadlines.periodic import last_tick, note_tick
from crm.deadlines.rules import RULES
from crm.refusals import Refused

__all__ = ["last_tick", "sweep"]

log = logging.getLogger(__name__)

BATCH = 200
RETRY = timedelta(minutes=10)  # for a row that could not be handled
STEP_UP = worktime.amount("1 wd")  # after this much working time the next manager hears of it


def sweep() -> int:
    """Do everything that is due; answers how many deadlines were handled. Only one sweep runs at a time."""
    with only_one("sweep") as mine:
        if not mine:
            return 0
        _come_near()
        _breach()
        handled = 0
        while done := _batch():
            handled += done
            if done < BATCH:
                break
        note_tick()
        return handled


def _come_near() -> None:
    """Do the verbs that rules name for the time to remind; one that failed is tried again while it is still early."""
    named = [rule.key for rule in RULES.values() if rule.soon]
    if not named:
        return
    now = clock.now()
    near = Deadline.objects.open().filter(rule__in=named, step=Deadline.NOTHING_TOLD, paused_at=None)
    pks = list(near.filter(next_at__lte=now, due_at__gt=now).order_by("next_at").values_list("pk", flat=True))
    if not pks:
        return
    by = User.objects.system("clock")
    for row in _in_batches(pks):
        if not _do(row, RULES[row.rule].soon, "soon", by):
            # Else the batch would remind the responsible person now, and nobody would look at the verb again.
            same = Deadline.objects.open().filter(pk=row.pk, due_at=row.due_at)
            same.update(next_at=min(now + RETRY, row.due_at))


def _breach() -> None:
    """Do the verbs that rules name for a breach, each in its own transaction, under a key that makes it once."""
    named = [rule.key for rule in RULES.values() if rule.late]
    if not named:
        return
    due = Deadline.objects.open().filter(breached_at=None, paused_at=None, due_at__lte=clock.now(), rule__in=named)
    pks = list(due.order_by("due_at").values_list("pk", flat=True))
    if not pks:
        return
    by = User.objects.system("clock")
    for row in _in_batches(pks):
        if _do(row, RULES[row.rule].late, "late", by):
            Deadline.objects.filter(pk=row.pk, due_at=row.due_at).update(breached_at=clock.now())


def _in_batches(pks: list[int]) -> Iterator[Deadline]:
    """Those of the deadlines that are still open when their turn comes."""
    for first in range(0, len(pks), BATCH):
        rows = Deadline.objects.open().filter(pk__in=pks[first : first + BATCH])
        yield from rows.order_by("due_at").prefetch_related("subject")


def _do(row: Deadline, name: str, occasion: str, by: User) -> bool:
    """Do a verb to what the deadline is about; answers whether it is settled: done, done before, or refused."""
    try:
        if row.subject is not None:
            key = f"{occasion}-{row.pk}-{row.due_at:%Y%m%dT%H%M%S}"
            ACTIONS[name](row.subject, by=by, key=key)
    except Refused as refusal:
        log.info("deadline %s: %s was refused (%s)", row.pk, name, refusal.code)
    except Exception:  # one record's trouble must not keep the others from their time; a later tick tries again
        log.exception("deadline %s: %s failed", row.pk, name)
        return False
    return True


def _batch() -> int:
    """Handle the rows that waited longest, in one transaction; if that fails, each in its own."""
    due = Deadline.objects.open().filter(next_at__lte=clock.now()).order_by("next_at")
    try:
        return _handle(due)
    except Exception:
        pks = list(due.values_list("pk", flat=True)[:BATCH])
        if len(pks) == 1:
            log.exception("deadline %s could not be handled", pks[0])
        for pk in pks:
            try:
                _handle(Deadline.objects.open().filter(pk=pk))
            except Exception:  # the others go on; this one is looked at again later, and the log says what ails it
                log.exception("deadline %s could not be handled", pk)
                Deadline.objects.filter(pk=pk).update(next_at=clock.now() + RETRY)
        return len(pks)


@transaction.atomic
def _handle(due: DeadlineQuerySet) -> int:
    """Take up to a batch of rows that nobody else has, decide, tell, and write what comes next."""
    rows = list(
        due.select_related("responsible__department", "responsible__manager", "department__head", "rule_version")
        .prefetch_related("subject")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH]
    )
    if not rows:
        return 0
    round_ = Round(clock.now(), basis_.current())
    for row in rows:
        round_.take(row)
    round_.tell()
    Deadline.objects.bulk_update(rows, ["step", "next_at", "breached_at", "closed_at", "outcome"])
    return len(rows)


class Round:
    """One batch: what is decided about each row, and whom to tell, deputies included."""

    def __init__(self, now: datetime, basis: Basis) -> None:
        self.now, self.basis = now, basis
        self.wanted: list[tuple[User, str, Deadline]] = []
        self.lines: dict[tuple[int | None, int | None], list[User]] = {}
        self.roles: dict[tuple[int, str], list[User]] = {}

    def take(self, row: Deadline) -> None:
        """Decide about one row, whose columns are set and saved later."""
        if row.rule not in RULES or row.paused_at is not None:
            row.next_at = None  # a rule that is gone from the code says nothing any more
        elif row.subject_type_id is not None and row.subject is None:
            row.closed_at, row.outcome, row.next_at = self.now, Deadline.Outcome.CANCELLED, None
        elif self.now < row.due_at:
            self._warn(row)
        else:
            self._breached(row)

    def tell(self) -> None:
        """Write the notices to those who are there."""
        if not self.wanted:
            return
        standing = stand_ins({user.pk: user for user, _template, _row in self.wanted}.values(), self.now)
        told: dict[tuple[int, str], Telling] = {}
        for user, template, row in self.wanted:
            telling = Telling(standing[user.pk], template, row)
            told.setdefault((row.pk, telling.key), telling)  # who stands in for both is told once
        tell(told.values())

    def _warn(self, row: Deadline) -> None:
        people = self._actors(row)
        later = self._back_at_work(people, row)
        if later is not None and later < row.due_at:
            row.next_at = later
            return
        row.step, row.next_at = Deadline.WARNED, row.due_at
        self._want(people, WARN.key, row)
        self._want(self._roles(row, "remind_roles"), WARN.key, row)

    def _breached(self, row: Deadline) -> None:
        if row.breached_at is None and not RULES[row.rule].late:
            row.breached_at = self.now
        line = self._line(row) if row.rule_version is None or row.rule_version.escalate else []
        level = max(row.step - Deadline.WARNED, 0)  # how many of the line have heard of it
        people = self._actors(row) if row.step < Deadline.DUE_TOLD else line[level : level + 1]
        later = self._back_at_work(people, row)
        if later is not None:
            row.next_at = later
            return
        if row.step < Deadline.DUE_TOLD:
            row.step = Deadline.DUE_TOLD
            self._want(people, DUE.key, row)
            self._want([*line[:1], *self._roles(row, "breach_roles")], LATE.key, row)
        elif people:
            row.step += 1
            self._want(people, LATE.key, row)
        told = row.step - Deadline.WARNED
        row.next_at = None
        if told < len(line):
            calendar = self.basis.calendar(line[told].department_id)
            row.next_at = worktime.add(calendar, self.now, *STEP_UP)[0]

    def _want(self, people: list[User], template: str, row: Deadline) -> None:
        self.wanted += [(user, template, row) for user in people]

    def _actors(self, row: Deadline) -> list[User]:
        """Who must act: the responsible person, or the head of the department while nobody has it."""
        if row.responsible is not None:
            return [row.responsible]
        line = self._line(row)
        return line[:1]

    def _line(self, row: Deadline) -> list[User]:
        key = (row.responsible_id, row.department_id)
        if key not in self.lines:
            self.lines[key] = line_above(row.responsible, row.department)
        return self.lines[key]

    def _roles(self, row: Deadline, which: str) -> list[User]:
        """Everybody in the roles that the rule's version names beside the responsible person."""
        if row.rule_version is None:
            return []
        if (row.rule_version.pk, which) not in self.roles:
            groups = getattr(row.rule_version, which).all()
            people = User.objects.working().filter(groups__in=groups).distinct()
            self.roles[row.rule_version.pk, which] = list(people)
        return self.roles[row.rule_version.pk, which]

    def _back_at_work(self, people: list[User], row: Deadline) -> datetime | None:
        """When the first of `people` is at work again, None where that is now."""
        department = people[0].department_id if people else row.department_id
        calendar = self.basis.calendar(department)
        return None if worktime.is_working(calendar, self.now) else worktime.next_working(calendar, self.now)
