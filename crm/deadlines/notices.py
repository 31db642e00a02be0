"""What people are told about deadlines: the messages, and one message instead of a flood of them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.outbox.queue import notify
from crm.outbox.templates import Template

ENOUGH = 4  # so many notices of one kind at once; more become one
LISTED = 20  # lines in that one

_SAMPLE = {
    "what": _("Answer the inquiry"),
    "subject": _("IN2026-000123 Chongqing Lantern Works"),
    "due": _("2026-09-28 10:40 (Mon)"),
    "clause": "JD 2.1",
    "who": _("Wang Xiaoming"),
}

WARN = Template("deadlines.warn", _("A deadline comes near"), _SAMPLE)
DUE = Template("deadlines.due", _("A deadline has passed, to the responsible person"), _SAMPLE)
LATE = Template("deadlines.late", _("A deadline has passed, to managers"), _SAMPLE)
MANY = Template(
    "deadlines.many",
    _("Many deadlines at once"),
    {"count": 12, "kind": "warn", "lines": [_SAMPLE, _SAMPLE]},
)
UNANNOUNCED = Template("deadlines.unannounced", _("Next year's holidays are missing"), {"year": 2027})


@dataclass(frozen=True)
class Telling:
    """One person to be told one thing about one deadline."""

    user: User
    template: str
    row: Deadline

    @property
    def key(self) -> str:
        """The same telling is told once; a deadline that was moved is another one."""
        return f"deadline-{self.row.pk}-{self.row.due_at:%Y%m%dT%H%M%S}-{self.row.step}-{self.user.pk}"

    @property
    def about(self) -> Any:
        """The record that the notice opens; the deadline's own page where it is about the company."""
        return self.row.subject or self.row

    @property
    def context(self) -> dict[str, Any]:
        """What the texts may say."""
        rule = RULES[self.row.rule]
        return {
            "what": rule.label,
            "subject": lazystr(self.row.subject) if self.row.subject else "",
            "due": self.row.due_at,
            "clause": rule.clause,
            "who": lazystr(self.row.responsible or self.row.department or ""),
        }


def tell(tellings: Iterable[Telling]) -> None:
    """Write the notices, in the running transaction. Many of a kind for one person are one notice with a list."""
    piles: dict[tuple[int, str], list[Telling]] = defaultdict(list)
    for telling in tellings:
        piles[telling.user.pk, telling.template].append(telling)
    for (_user, template), pile in piles.items():
        if len(pile) <= ENOUGH:
            for each in pile:
                notify(each.user, template, about=each.about, context=each.context, key=each.key)
            continue
        key = hashlib.sha256(" ".join(sorted(each.key for each in pile)).encode()).hexdigest()[:40]
        lines = [each.context for each in sorted(pile, key=lambda each: each.row.due_at)]
        context = {"count": len(pile), "kind": template.partition(".")[2], "lines": lines[:LISTED]}
        context["url"] = f"{settings.CRM_URL}{reverse('today')}"
        notify(pile[0].user, MANY.key, about=None, context=context, key=f"deadlines-{key}")
