"""Time limits: one `Rule` for each line of the procedures that says "within", declared in the apps' `rules.py`.

A rule says what it is about, in which states it is wanted, and what meets it. How long it is stands here only as the
default; administrators change it from a date on (`RuleVersion`). `manage.py rules` prints them all.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models

from crm.accounts.models import Department, User
from crm.deadlines import worktime
from crm.deadlines.worktime import Amount

PERIODS = ("day", "month", "quarter", "half-year", "year")

RULES: dict[str, "Rule"] = {}
_on_model: dict[str, list["Rule"]] = defaultdict(list)
_of_company: dict[str, list["Rule"]] = defaultdict(list)


@dataclass(frozen=True, eq=False)
class Rule:
    """One time limit. Making one registers it.

    `on` is the model (or "app.Model") that it is about, None for the company as a whole. It is wanted while the status
    is among `during` and `when(obj)` holds; met when one of the verbs `met_by` is done; cancelled when it is no longer
    wanted. A rule that was met and is still wanted opens anew: that is how a repeated one is written.

    How long: `limit` ("4 wh") from `since` (an attribute or a callable that gives a date or a moment; else from the
    moment that it became wanted); or `due`, an attribute or callable that gives the date to follow, less `limit` where
    one is given ("24 h before the window"); or the end of each period `every`, or `limit` after the period's beginning
    or end (`counts_from`). Time does not count while the status is among `pauses`.

    `warn` is how long before the due time the responsible person is reminded (default: a quarter of the time). `who` is
    an attribute ("owner", "customer.owner") or callable that gives the responsible User or Department. `soon` names the
    verb that the clock does when it is time to remind, `late` the one that it does on a breach. `clause` names the
    clauses it comes from, `label` says in one phrase what must be done.

    `first` says that it stands before the others on the start page, whatever is due when within a group.

    For many records at once: `reads` are the foreign keys ("order__owner") to what the callables look at, and `asks` by
    name what they ask of the database; a record of many has the answer as an attribute of that name.
    """

    key: str
    clause: str
    on: type[models.Model] | str | None = None
    label: Any = ""
    during: Collection[str] | None = None
    when: Callable[[Any], bool] | None = None
    met_by: Collection[str] = ()
    limit: str = ""
    warn: str = ""
    since: str | Callable[[Any], Any] | None = None
    due: str | Callable[[Any], Any] | None = None
    every: str = ""
    counts_from: str = ""
    who: str | Callable[[Any], Any] = "owner"
    soon: str = ""
    late: str = ""
    pauses: Collection[str] = ()
    first: bool = False
    reads: Collection[str] = ()
    asks: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.key in RULES:
            raise TypeError(f"two rules are named {self.key}")
        if not (self.limit or self.due or self.every):
            raise TypeError(f"{self.key} says neither how long nor until when")
        if self.every and self.every not in PERIODS:
            raise TypeError(f"{self.key}: there is no period {self.every!r}")
        if bool(self.counts_from) != bool(self.every and self.limit) or self.counts_from not in ("", "start", "end"):
            raise TypeError(f"{self.key}: `counts_from` says where the limit of a period begins, 'start' or 'end'")
        set_ = object.__setattr__
        set_(self, "met_by", (self.met_by,) if isinstance(self.met_by, str) else tuple(self.met_by))
        set_(self, "during", None if self.during is None else frozenset(self.during))
        set_(self, "pauses", frozenset(self.pauses))
        RULES[self.key] = self
        if self.on is None:
            for verb in self.met_by:
                _of_company[verb].append(self)
        else:
            name = self.on if isinstance(self.on, str) else self.on._meta.label
            _on_model[name.lower()].append(self)

    def __str__(self) -> str:
        return self.key

    def __repr__(self) -> str:
        return f"<Rule {self.key}>"

    @cached_property
    def default(self) -> Amount | None:
        """How long it is where no administrator said otherwise; None where it only follows a date or a period."""
        return worktime.amount(self.limit) if self.limit else None

    @cached_property
    def default_warn(self) -> Amount | None:
        """How long before the due time it warns, None for a quarter of the time."""
        return worktime.amount(self.warn) if self.warn else None

    @property
    def model(self) -> type[models.Model] | None:
        """The model that it is about."""
        return apps.get_model(self.on) if isinstance(self.on, str) else self.on

    @property
    def related(self) -> set[str]:
        """What to fetch with many records so that asking for each of them costs no further query."""
        way = "" if callable(self.who) else self.who.rpartition(".")[0]
        return {*self.reads, way.replace(".", "__")} - {""}

    def wanted(self, obj: Any) -> bool:
        """Whether the state of `obj` implies that this deadline is open."""
        if self.during is not None and obj.status not in self.during and obj.status not in self.pauses:
            return False
        if self.when is not None and not self.when(obj):
            return False
        return self.due is None or _asked(self.due, obj) is not None

    def paused(self, obj: Any) -> bool:
        """Whether time stands still in the present state."""
        return bool(self.pauses) and obj.status in self.pauses

    def anchor(self, obj: Any) -> datetime | None:
        """The moment that `due` or `since` gives now: a date means its end for `due`, its beginning for `since`."""
        if self.due is not None:
            return _moment(_asked(self.due, obj), time.max)
        return _moment(_asked(self.since, obj), time.min) if self.since is not None else None

    def responsible(self, obj: Any) -> tuple[int | None, int | None]:
        """Keys of the user and of the department who must act; a user comes without his department."""
        if callable(self.who):
            found = self.who(obj)
        else:
            *way, last = self.who.split(".")
            holder = functools.reduce(lambda each, name: getattr(each, name, None), way, obj)
            if pk := getattr(holder, f"{last}_id", None):
                department = holder._meta.get_field(last).related_model is Department
                return (None, pk) if department else (pk, None)
            found = getattr(holder, last, None)
        if isinstance(found, User):
            return found.pk, None
        if isinstance(found, Department):
            return None, found.pk
        return None, getattr(obj, "department_id", None)


def rules_on(model: type[models.Model]) -> list[Rule]:
    """The rules about rows of `model`."""
    return _on_model.get(model._meta.concrete_model._meta.label_lower, [])  # type: ignore[union-attr]


def company_rules(verb: str | None = None) -> list[Rule]:
    """The rules about the company as a whole, or those of them that `verb` meets."""
    if verb is None:
        return [rule for rule in RULES.values() if rule.on is None]
    return _of_company.get(verb, [])


def first_rules() -> list[str]:
    """The keys of the rules that stand before the others."""
    return [rule.key for rule in RULES.values() if rule.first]


def _asked(source: str | Callable[[Any], Any], obj: Any) -> Any:
    return source(obj) if callable(source) else getattr(obj, source)


def _moment(value: date | datetime | None, at: time) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, at, ZoneInfo(settings.TIME_ZONE))
