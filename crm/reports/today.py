"""The start page: what I must do, most urgent first; what I wait for; what I have done (R4)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.deputies import acting_for
from crm.accounts.models import User
from crm.actions import ACTIONS, Action
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES, first_rules
from crm.fetching import joined
from crm.listing import COUNTED, LISTINGS, Listing, View
from crm.records.models import ActionLog
from crm.via import Door
from crm.web.areas import AREAS, may_list
from crm.web.listpage import tab_count

SHOWN = 30  # rows of a group
ALL = 300  # rows of a group where somebody wants to see all
NUMBERS = 6
FEWEST = 4  # numbers, where there are so many
PERSONAL = {"mine", "received", "applied"}  # the tabs that hold one's own
WATCHED = {"late", "missed", "unpaid", "suspended", "overridden"}  # and those that show where something goes wrong
HANDLED = 200  # what one had in hand lately


def today(user: User, *, everything: bool = False) -> dict[str, Any]:
    """What the start page of `user` shows; the number of queries does not grow with the rows.

    A group shows its first thirty rows, or `everything` that is in it.
    """
    now, tomorrow = clock.now(), clock.midnight() + timedelta(days=1)
    away = {each.pk: each for each in acting_for(user, now)}
    mine = Q(responsible__in=[user.pk, *away])
    if user.department_id:
        mine |= Q(responsible=None, department=user.department_id)
    first = Case(When(rule__in=first_rules(), then=0), default=1)
    rows = Deadline.objects.filter(mine, closed_at=None).order_by(first, "due_at")
    spans = [
        ("late", _("Late"), Q(due_at__lt=now)),
        ("today", _("Due today"), Q(due_at__gte=now, due_at__lt=tomorrow)),
        ("next", _("Coming up"), Q(due_at__gte=max(now, tomorrow))),
    ]
    most = ALL if everything else SHOWN
    found = [(key, label, list(rows.filter(span)[: most + 1])) for key, label, span in spans]
    subjects = _subjects((row for _key, _label, group in found for row in group), user)
    groups: list[dict[str, Any]] = []
    names, left_out = _stood_in((row for _key, _label, group in found for row in group), subjects, away)
    for key, label, group in found:
        seen = [(row, subjects.get((row.subject_type_id, row.subject_pk))) for row in group]
        tasks = [
            _task(row, subject, user, names.get(row.pk, [])) if subject is not None else _of_company(row)
            for row, subject in seen[:most]
            if (subject is not None or row.subject_type_id is None) and row.pk not in left_out
        ]
        groups.append({"key": key, "label": label, "rows": tasks, "more": len(group) > most})
    return {
        "date": clock.today(),
        "numbers": numbers(user),
        "groups": groups,
        "busy": any(group["rows"] for group in groups),
        "waiting": _waiting(user),
        "done": _done(user),
    }


def _stood_in(
    rows: Iterable[Deadline], subjects: dict[tuple[int | None, int | None], Any], away: dict[int, User]
) -> tuple[dict[int, list[str]], set[int]]:
    """For which of those who are `away` each row is done (names by the row's key), and the rows that are left out.

    Where somebody is asked for himself and for a colleague, or for two of them, and all of it is one thing (a model
    says so in `done_as_one`: the field whose record they are part of), the row that is his own stands for all.
    """
    names: dict[int, list[str]] = {}
    one: dict[tuple[Any, ...], list[Deadline]] = defaultdict(list)
    for row in rows:
        subject = subjects.get((row.subject_type_id, row.subject_pk))
        if row.responsible_id in away:
            names[row.pk] = [away[row.responsible_id].display_name]
        if whole := getattr(subject, "done_as_one", ""):
            one[row.rule, type(subject), getattr(subject, f"{whole}_id")].append(row)
    left_out: set[int] = set()
    for twins in one.values():
        first = next((row for row in twins if row.pk not in names), twins[0])
        others = [row for row in twins if row is not first and row.pk in names]
        if others:
            names[first.pk] = names.get(first.pk, []) + [name for row in others for name in names[row.pk]]
            left_out |= {row.pk for row in others}
    return names, left_out


def _subjects(rows: Iterable[Any], user: User) -> dict[tuple[int | None, int | None], Any]:
    """The records that deadlines or log rows are about, as far as `user` may see them: one query for each kind."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.subject_type_id and row.subject_pk:
            wanted[row.subject_type_id].add(row.subject_pk)
    found: dict[tuple[int | None, int | None], Any] = {}
    for type_id, pks in wanted.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None:
            continue
        through = getattr(model, "seen_through", "")
        whole: Any = model._meta.get_field(through).related_model if through else None
        related = [through] if through else []
        if _has_customer(model):
            related.append("customer")
        if whole is not None and _has_customer(whole):
            related.append(f"{through}__customer")
        visible = getattr(model._default_manager, "visible_to", None)
        seen = visible(user) if visible else model._default_manager.all()
        for obj in joined(seen, related).filter(pk__in=pks):
            found[type_id, obj.pk] = obj
    return found


def _part_of(subject: Any) -> Any:
    """What a milestone or another part belongs to, "" where its own name says that, or its customer's."""
    whole = getattr(subject, getattr(subject, "seen_through", ""), None)
    known = (None, getattr(subject, "customer", None))
    return whole if whole not in known and not str(subject).startswith(str(whole)) else ""


def _whose(subject: Any) -> Any:
    """The customer it is about, "" where its name says him; who wrote and why, where nobody knows the customer yet."""
    customer = getattr(subject, "customer", None)
    if customer is None:
        by_number = getattr(subject, "number", None) == str(subject)
        return getattr(subject, "detail", "") if by_number else ""
    return customer if str(customer) not in str(subject) else ""


def _has_customer(model: Any) -> bool:
    return any(field.name == "customer" for field in model._meta.fields)


def _task(row: Deadline, subject: Any, user: User, stands_in_for: list[str]) -> dict[str, Any]:
    rule = RULES.get(row.rule)
    verbs = [ACTIONS[name] for name in (rule.met_by if rule else ()) if name in ACTIONS]
    # Right and state are asked here, so that a long page stays cheap; the dialog asks all the rest.
    verb = next((each for each in verbs if each.model is type(subject) and _at_hand(each, subject, user)), None)
    return {
        "label": subject,
        "what": row.label,
        "part_of": _part_of(subject),
        "url": subject.get_absolute_url(),
        "customer": _whose(subject),
        "stands_in_for": stands_in_for,
        "clause": row.clause,
        "pill": row,
        "next_step": verb and {"label": verb.label, "url": reverse("do", args=[verb.name, subject.pk])},
    }


def _of_company(row: Deadline) -> dict[str, Any]:
    """A time limit of the company as a whole: it leads to the list of the records by which it is met."""
    rule = RULES.get(row.rule)
    models = {ACTIONS[name].model for name in (rule.met_by if rule else ()) if name in ACTIONS}
    found = next((listing.key for listing in LISTINGS.values() if listing.model in models), "")
    return {
        "label": row.label,
        "what": "",
        "url": reverse(found) if found else reverse("today"),
        "clause": row.clause,
        "pill": row,
        "next_step": None,
    }


def _at_hand(verb: Action, subject: Any, user: User) -> bool:
    return user.has_perm(verb.name) and (verb.source is None or subject.status in verb.source)


def _waiting(user: User) -> list[dict[str, Any]]:
    """Deadlines that others must meet on what I had in hand in the last thirty days."""
    since = clock.now() - timedelta(days=30)
    mine = ActionLog.objects.filter(actor=user, at__gt=since).exclude(subject_pk=None).order_by("-id")
    handled = set(mine.values_list("subject_type", "subject_pk")[:HANDLED])
    kinds: dict[Any, list[Any]] = defaultdict(list)
    for kind, pk in handled:
        kinds[kind].append(pk)
    about = Q(pk=None)
    for kind, pks in kinds.items():
        about |= Q(subject_type=kind, subject_pk__in=pks)
    rows = list(
        Deadline.objects.filter(about, closed_at=None)
        .exclude(responsible=user)
        .exclude(responsible=None, department=user.department_id)
        .select_related("responsible", "department")
        .order_by("due_at")[:10]
    )
    subjects = _subjects(rows, user)
    return [
        {
            "label": subject,
            "what": row.label,
            "part_of": _part_of(subject),
            "customer": _whose(subject),
            "url": subject.get_absolute_url(),
            "who": row.responsible or row.department,
            "pill": row,
        }
        for row in rows
        if (subject := subjects.get((row.subject_type_id, row.subject_pk)))
    ]


def _done(user: User) -> list[dict[str, Any]]:
    """What I did today, the latest first; consequences of it are not listed."""
    rows = list(
        ActionLog.objects.filter(actor=user, at__gte=clock.midnight(), cause=None)
        .exclude(door=Door.TASK)
        .exclude(subject_pk=None)
        .exclude(verb__startswith="accounts.")
        .order_by("-id")[:12]
    )
    rows.sort(key=lambda each: each.at, reverse=True)
    subjects = _subjects(rows, user)
    return [
        {
            "label": subject,
            "part_of": _part_of(subject),
            "customer": _whose(subject),
            "url": subject.get_absolute_url(),
            "what": ACTIONS[row.verb].label,
            "at": row.at,
        }
        for row in rows
        if row.verb in ACTIONS
        and (subject := subjects.get((row.subject_type_id, row.subject_pk)))
        and hasattr(subject, "get_absolute_url")
    ]


def numbers(user: User) -> list[dict[str, Any]]:
    """Up to six numbers of the user's work, each opening the list behind it.

    First what waits for a verb that he has the right to; where that is little, what is his own, then what goes wrong,
    and where there is little of all that, what does not wait now.
    """
    seen = [
        (listing, view)
        for area in sorted(AREAS.values(), key=lambda each: each.order)
        for listing in (LISTINGS[key] for key in area.listings)
        if may_list(user, listing.model)
        for view in listing.tabs
    ]
    asked = [
        (tab_count(listing, view.key, user), listing, view)
        for listing, view in seen
        if view.asks and user.has_perm(view.asks)
    ]
    kept = [each for each in asked if each[0]][:NUMBERS]
    for listing, view in [each for keys in (PERSONAL, WATCHED) for each in seen if each[1].key in keys]:
        mine = view.asks and user.has_perm(view.asks)
        if len(kept) < FEWEST and not mine and (count := tab_count(listing, view.key, user)):
            kept.append((count, listing, view))
    kept += [each for each in asked if not each[0]][: max(0, FEWEST - len(kept))]
    return [_number(listing, view, count) for count, listing, view in kept]


def _number(listing: Listing, view: View, count: int) -> dict[str, Any]:
    text = f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"
    return {
        "label": _("%(label)s: %(value)s") % {"label": listing.title, "value": view.label},
        "value": text,
        "url": f"{reverse(listing.key)}?tab={view.key}",
    }
