""" "Why then?": how a deadline came about, in lines that a person can add up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from crm import clock
from crm.deadlines import basis as basis_
from crm.deadlines import worktime
from crm.deadlines.basis import Basis
from crm.deadlines.models import Deadline, RuleVersion
from crm.deadlines.moves import moved
from crm.deadlines.people import line_above
from crm.deadlines.rules import RULES
from crm.deadlines.sweep import STEP_UP
from crm.deadlines.texts import amount_text, remaining, worked
from crm.deadlines.worktime import MIDNIGHT, Amount, Calendar, Span
from crm.outbox.models import Message
from crm.words import WEEKDAYS, exact

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Line:
    """A stretch of the way: when it was, what it was, and how much of it counted. `tone` is "counted" or "off"."""

    when: str
    what: str
    counted: str
    tone: str


@dataclass(frozen=True)
class Reminder:
    """Somebody who was told, or will be."""

    when: str
    who: str
    what: str
    done: bool


@dataclass(frozen=True)
class Why:
    """Everything that the dialog, the printout and the API say about one deadline."""

    what: str
    clause: str
    rule: str
    state: str
    responsible: str
    started: str
    due: str
    remaining: str
    limit: str
    since: str
    lines: list[Line]
    notes: list[str]
    reminders: list[Reminder]
    ended: str


def why(deadline: Deadline, language: str) -> Why:
    """Why `deadline` is due then, in `language`; its figures are those of its spans, so they add up."""
    with override(language):
        basis = basis_.current()
        calendar = basis.calendar_of(deadline.calendar_id)
        spans = [Span.restored(row) for row in deadline.spans]
        english = language.startswith("en")
        return Why(
            what=deadline.label,
            clause=deadline.clause,
            rule=deadline.rule,
            state=deadline.state,
            responsible=str(deadline.responsible or deadline.department or ""),
            started=exact(deadline.started_at),
            due=exact(deadline.due_at),
            remaining=remaining(deadline),
            limit=_limit(deadline),
            since=_since(deadline.rule_version),
            lines=[_line(span, calendar, english) for span in spans if span.note != "unannounced"],
            notes=list(_notes(deadline, spans, basis)),
            reminders=[*_sent(deadline), *_to_come(deadline)],
            ended=_ended(deadline),
        )


def _limit(deadline: Deadline) -> str:
    rule = RULES.get(deadline.rule)
    if deadline.amount is None:
        return _("up to the end of the period") if rule and rule.every else _("up to a date")
    text = amount_text(Amount(deadline.amount, deadline.unit))
    return _("%(time)s before a date") % {"time": text} if rule and rule.due else text


def _since(version: RuleVersion | None) -> str:
    if version is None:
        return _("the default of the rule")
    return _("valid since %(date)s") % {"date": version.valid_from}


def _line(span: Span, calendar: Calendar, english: bool) -> Line:
    name = (span.name_en if english else "") or span.name
    if span.note in ("work", "makeup", "days"):
        counted = (
            ngettext("%(count)s working day", "%(count)s working days", span.days) % {"count": span.days}
            if span.days
            else worked(timedelta(minutes=span.minutes))
        )
        what = (name or _("make-up working day")) if span.note == "makeup" else ""
        return Line(_days(span, calendar) if span.days else _hours(span, calendar), what, counted, "counted")
    if span.note in ("running", "date", "period"):
        words = {"running": _("day and night"), "date": _("up to the date"), "period": _("the period")}
        counted = worked(timedelta(minutes=span.minutes)) if 0 < span.minutes < 48 * 60 else ""
        return Line(_from_to(span), words[span.note], counted, "counted")
    if span.note == "before":
        return Line(_from_to(span), _("counted back from the date"), "", "counted")
    if span.note == "paused":
        return Line(_from_to(span), _("clock paused"), "", "off")
    if span.note == "closed":
        return Line(_hours(span, calendar), _("outside working hours"), "", "off")
    return Line(_days(span, calendar), name or _("day off"), "", "off")


def _day(day: date) -> str:
    return f"{day:%m-%d} {WEEKDAYS[day.weekday()]}"


def _hours(span: Span, calendar: Calendar) -> str:
    """`09-18 Fri 16:10-17:30`."""
    start, end = span.start.astimezone(calendar.zone), span.end.astimezone(calendar.zone)
    closing = "24:00" if end.time() == MIDNIGHT and end.date() > start.date() else f"{end:%H:%M}"
    return f"{_day(start.date())} {start:%H:%M}\N{EN DASH}{closing}"


def _days(span: Span, calendar: Calendar) -> str:
    """`09-19 Sat`, or `09-19 Sat - 09-20 Sun`."""
    first, last = calendar.day_of(span.start), calendar.day_of(span.end - INSTANT)
    return _day(first) if first == last else f"{_day(first)} \N{EN DASH} {_day(last)}"


def _from_to(span: Span) -> str:
    return f"{exact(span.start)} \N{EN DASH} {exact(span.end)}"


def _notes(deadline: Deadline, spans: list[Span], basis: Basis) -> Iterator[str]:
    """What may make it different: a year not announced, a calendar that has changed since."""
    for span in spans:
        if span.note == "unannounced" and int(span.name) not in basis.calendar_of(deadline.calendar_id).announced:
            yield _("The public holidays of %(year)s have not been announced yet; this may still move.") % {
                "year": span.name
            }
    calendar = basis.by_pk.get(deadline.calendar_id or 0)
    if calendar is None or calendar.version == deadline.calendar_version or deadline.closed_at is not None:
        return
    if changes := moved(deadline, basis):
        yield _("The calendar has changed since; by the present one it would be due %(due)s.") % {
            "due": exact(changes["due_at"])
        }


def _sent(deadline: Deadline) -> Iterator[Reminder]:
    """Who was told, as the outbox has it."""
    about = deadline.subject or deadline
    rows = Message.objects.about(about).filter(
        channel=Message.Channel.NOTICE,
        template__startswith="deadlines.",
        key__contains=f":deadline-{deadline.pk}-",
    )
    words = {"deadlines.warn": _("reminded"), "deadlines.due": _("told that it is late")}
    for row in rows.select_related("recipient").order_by("pk"):
        yield Reminder(
            exact(row.queued_at), str(row.recipient), words.get(row.template, _("told as the superior")), True
        )


def _to_come(deadline: Deadline) -> Iterator[Reminder]:
    """Who will be told when, as long as nothing happens."""
    if deadline.closed_at is not None or deadline.next_at is None:
        return
    escalates = deadline.rule_version is None or deadline.rule_version.escalate
    line = line_above(deadline.responsible, deadline.department) if escalates else []
    actor = str(deadline.responsible or (line[0] if line else ""))
    when: datetime = deadline.next_at
    if deadline.step == Deadline.NOTHING_TOLD and when < deadline.due_at:
        yield Reminder(exact(when), actor, _("is reminded"), False)
        when = deadline.due_at
    if deadline.step < Deadline.DUE_TOLD:
        yield Reminder(exact(max(when, deadline.due_at)), actor, _("is told that it is late"), False)
        for boss in line[:1]:
            yield Reminder(exact(max(when, deadline.due_at)), str(boss), _("is told as the superior"), False)
        heard, when = 1, max(when, deadline.due_at)
    else:
        heard = deadline.step - Deadline.WARNED
    basis = basis_.current()
    for position, boss in enumerate(line[heard:]):
        if position or deadline.step < Deadline.DUE_TOLD:
            calendar = basis.calendar(boss.department_id)
            when = worktime.add(calendar, when, *STEP_UP)[0]
        yield Reminder(exact(when), str(boss), _("is told as the superior"), False)


def _ended(deadline: Deadline) -> str:
    if deadline.closed_at is None:
        return ""
    at = exact(deadline.closed_at)
    if deadline.outcome == Deadline.Outcome.CANCELLED:
        return _("No longer needed since %(moment)s") % {"moment": at}
    return _("Done %(moment)s") % {"moment": at}


def preview(
    rule_key: str, department: int | None = None, tier: str = "", *, start: datetime | None = None
) -> datetime | None:
    """When something that starts now, or at `start`, would be due; None for rules that follow a date or are off."""
    rule, start = RULES[rule_key], start or clock.now()
    basis = basis_.current()
    calendar = basis.calendar(department)
    rulings = basis.rulings(rule, calendar.day_of(start), tier)
    if not rulings.enabled or rulings.limit is None or rule.due or rule.every:
        return None
    return worktime.add(calendar, start, *rulings.limit)[0]
