"""The nightly check: what the states of all records imply, against the deadlines that are open."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES, Rule, company_rules, rules_on
from crm.deadlines.turn import Turned, compare, plan
from crm.fetching import joined
from crm.once import asked_once

log = logging.getLogger(__name__)

CHUNK = 500


def check(*, mend: bool = False) -> Counter[tuple[str, str]]:
    """Count what does not agree, by rule and by what is wrong: missing, surplus, moved, reassigned, orphaned.

    With `mend` it is put right, in chunks of their own transactions, the records locked against verbs meanwhile.
    """
    found: Counter[tuple[str, str]] = Counter()
    for model in dict.fromkeys(rule.model for rule in RULES.values() if rule.model is not None):
        related = set().union(*(rule.related for rule in rules_on(model)))
        asked = {name: each for rule in rules_on(model) for name, each in rule.asks.items()}
        for pks in _chunks(model):
            with transaction.atomic(), asked_once():
                rows = joined(model._base_manager.filter(pk__in=pks), related).annotate(**asked)
                if mend:
                    rows = rows.select_for_update(of=("self",), no_key=True)
                turned = compare(rows.order_by("pk"))
                if mend:
                    turned.write()
            _count(found, turned)
        found += _orphans(model, mend)
    found += _company(mend)
    for (rule, what), number in sorted(found.items()):
        log.warning("deadlines of %s: %s %s%s", rule, number, what, ", mended" if mend else "")
    return found


def _chunks(model: type[models.Model]) -> Iterator[list[int]]:
    """Keys of the rows that a rule may be about, or that have an open deadline, in chunks."""
    rules = rules_on(model)
    rows = model._base_manager.all()
    statuses: set[str] = set()
    if all(rule.during is not None for rule in rules):
        statuses = {status for rule in rules for status in (*(rule.during or ()), *rule.pauses)}
        kind = ContentType.objects.get_for_model(model)
        opened = Deadline.objects.open().filter(subject_type=kind, subject_pk=OuterRef("pk"))
        rows = rows.filter(Q(status__in=statuses) | Exists(opened))
    last = 0
    while pks := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield pks
        last = pks[-1]


def _orphans(model: type[models.Model], mend: bool) -> Counter[tuple[str, str]]:
    """Open deadlines whose record is gone."""
    kind = ContentType.objects.get_for_model(model)
    lost = (
        Deadline.objects.open()
        .filter(subject_type=kind)
        .exclude(Exists(model._base_manager.filter(pk=OuterRef("subject_pk"))))
    )
    found = Counter((rule, "orphaned") for rule in lost.values_list("rule", flat=True))
    if mend and found:
        lost.update(closed_at=clock.now(), outcome=Deadline.Outcome.CANCELLED, next_at=None)
    return found


def _company(mend: bool) -> Counter[tuple[str, str]]:
    """The rules about the company as a whole: each has one open deadline at any time."""
    rules: Iterable[Rule] = company_rules()
    rows = {row.rule: row for row in Deadline.objects.open().filter(subject_type=None)}
    turned = plan(None, rules, rows, None)
    if mend:
        turned.write()
    found: Counter[tuple[str, str]] = Counter()
    _count(found, turned)
    return found


def _count(found: Counter[Any], turned: Turned) -> None:
    for what, rows in (
        ("missing", turned.opened),
        ("surplus", turned.closed),
        ("moved", turned.moved),
        ("reassigned", turned.reassigned),
    ):
        found.update((row.rule, what) for row in rows)
