"""When a deadline is due, when it warns, and when the sweep must look at it: rule, record, calendar, and a moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.deadlines import worktime
from crm.deadlines.basis import Basis, Rulings
from crm.deadlines.models import Deadline
from crm.deadlines.periods import period
from crm.deadlines.rules import RULES, Rule
from crm.deadlines.worktime import MIDNIGHT, WORKING_UNITS, Calendar, Span, minutes_of

WARNS_AT_MOST = timedelta(days=7)  # before a date or the end of a period, where nobody said how long before
INSTANT = timedelta(microseconds=1)

Timing = dict[str, Any]  # columns of a Deadline and their values


def timing(
    rule: Rule,
    obj: Any,
    basis: Basis,
    now: datetime,
    *,
    department: int | None,
    met: Deadline | None = None,
) -> Timing | None:
    """The columns of a deadline of `rule` on `obj` that starts now (or when the rule's `since` says).

    `met` is the one that was met just now, after which a period's next one follows. None where the rule is switched off
    for deadlines that start then.
    """
    calendar = basis.calendar(department)
    anchor = rule.anchor(obj) if obj is not None else None
    started = anchor if anchor is not None and rule.since is not None else now
    first = last = now
    if rule.every:
        first, last = _period(rule, calendar, now, met)
        started = last if rule.counts_from == "end" else first
    tier = tier_of(obj) if basis.has_tiers(rule) else ""
    rulings = basis.rulings(rule, calendar.day_of(started), tier)
    if not rulings.enabled:
        return None
    limit = rulings.limit
    if rule.due is not None and anchor is not None:
        due = worktime.subtract(calendar, anchor, *limit) if limit else anchor.astimezone(UTC)
        spans = [Span(due, anchor, "before")] if limit else [Span(started, due, "date")]
    elif rule.every and limit is None:
        due = last - INSTANT
        spans = [Span(first, last, "period")]
    else:
        assert limit is not None
        due, spans = worktime.add(calendar, started, *limit)
    warn = warning(calendar, rule, rulings, started, due)
    return {
        "started_at": started,
        "due_at": due,
        "warn_at": warn,
        "next_at": telling_time(calendar, warn, started, due),
        "step": Deadline.NOTHING_TOLD,
        "breached_at": None,
        "anchor": anchor,
        "calendar_id": calendar.pk,
        "calendar_version": calendar.version,
        "rule_version_id": rulings.version,
        "amount": limit.number if limit else None,
        "unit": limit.unit if limit else "",
        "spans": [span.stored() for span in spans],
        "paused_at": None,
        "pauses": [],
    }


def warning(calendar: Calendar, rule: Rule, rulings: Rulings, started: datetime, due: datetime) -> datetime:
    """When it begins to be urgent: as long before the due time as the rule says, else for the last quarter."""
    if due <= started:
        return due
    if rulings.warn:
        warn = worktime.subtract(calendar, due, *rulings.warn)
    elif rulings.limit and rulings.limit.working and rule.due is None:
        warn = worktime.subtract_time(calendar, due, worktime.between(calendar, started, due) / 4)
    else:
        warn = due - min((due - started) / 4, WARNS_AT_MOST)
    return min(max(warn, started), due)


def telling_time(calendar: Calendar, warn: datetime, started: datetime, due: datetime) -> datetime:
    """When to remind: at `warn` if people work then, else when they come back; if that is too late, before they leave.

    A warning after the breach is none, and one at midnight helps nobody.
    """
    moment = worktime.next_working(calendar, warn)
    if moment < due:
        return moment
    hour_before_leaving = worktime.subtract_time(calendar, warn, timedelta(hours=1))
    return max(hour_before_leaving, started)


def paused_timing(now: datetime) -> Timing:
    """Time stands still from now on."""
    return {"paused_at": now, "next_at": None}


def resumed_timing(row: Deadline, basis: Basis, now: datetime) -> Timing:
    """Time goes on: what was left when it was paused is left now. A date that is followed does not move by a pause."""
    assert row.paused_at is not None
    calendar, working = basis.calendar_of(row.calendar_id), row.unit in WORKING_UNITS
    stood = worktime.between(calendar, row.paused_at, now) if working else now - row.paused_at
    pause = Span(row.paused_at, now, "paused", minutes=minutes_of(stood))
    changes: Timing = {"paused_at": None, "pauses": [*row.pauses, pause.stored()]}
    rule = RULES.get(row.rule)
    if row.due_at <= pause.start or (rule and (rule.due or rule.every)):
        return {**changes, "next_at": row.due_at if row.step else row.warn_at}
    due, spans = pushed(calendar, working, row.started_at, row.due_at, list(map(Span.restored, row.spans)), pause)
    warn = row.warn_at
    if warn > pause.start:
        left = worktime.between(calendar, pause.start, warn)
        warn = worktime.add_time(calendar, now, left)[0] if working else now + (warn - pause.start)
    changes |= {"due_at": due, "warn_at": warn, "spans": [span.stored() for span in spans]}
    changes["next_at"] = due if row.step else telling_time(calendar, warn, row.started_at, due)
    return changes


def pushed(
    calendar: Calendar, working: bool, started: datetime, due: datetime, spans: list[Span], pause: Span
) -> tuple[datetime, list[Span]]:
    """Due time and way after a pause that began before `due`: the way up to it, the pause, and what was left."""
    earlier = max((number + 1 for number, span in enumerate(spans) if span.note == "paused"), default=0)
    resumed = spans[earlier - 1].end if earlier else started
    if working:
        before = worktime.add_time(calendar, resumed, worktime.between(calendar, resumed, pause.start))[1]
        due, after = worktime.add_time(calendar, pause.end, worktime.between(calendar, pause.start, due))
    else:
        before = [Span(resumed, pause.start, "running", minutes=minutes_of(pause.start - resumed))]
        due = pause.end + (due - pause.start)
        after = [Span(pause.end, due, "running", minutes=minutes_of(due - pause.end))]
    return due, [*spans[:earlier], *before, pause, *after]


def tier_of(obj: Any) -> str:
    """The tier of the customer that a record belongs to, or none."""
    tier = getattr(obj, "tier", None)
    if tier is None:
        tier = getattr(getattr(obj, "customer", None), "tier", "")
    return str(tier or "")


def _period(rule: Rule, calendar: Calendar, now: datetime, met: Deadline | None) -> tuple[datetime, datetime]:
    """Beginning and end of the period that the deadline is for.

    What is done within a period (`counts_from` "start" or none) serves the period it is done in, so the next one
    follows; the first one begins with the next period where more than half of this one is over. What is done after a
    period (`counts_from="end"`) is owed for each.
    """

    def bounds(moment: datetime) -> tuple[datetime, datetime]:
        first, last = period(rule.every, calendar.day_of(moment))
        return calendar.moment(first, MIDNIGHT), calendar.moment(last, MIDNIGHT)

    first, last = bounds(now)
    if rule.counts_from == "end":
        return bounds(met.started_at) if met else (first, last)
    if met or now - first > (last - first) / 2:
        return bounds(last)
    return first, last
