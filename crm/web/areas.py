"""The areas at the left: each app names its own, and each counts what waits there for the user."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language

from crm.accounts.models import User
from crm.accounts.rights import MOST_KEPT, rights_of
from crm.accounts.scopes import opens
from crm.listing import LISTINGS, Listing


@dataclass(frozen=True)
class Area:
    """One entry of the menu; `listings` are the lists in it, `order` its place.

    `pages` are other pages, each by the name of its address and the right that one must have; the first page of all
    that one may open is the area's own.
    """

    key: str
    label: Any
    icon: str
    order: int
    listings: Sequence[str]
    pages: Sequence[tuple[str, str]] = ()


AREAS: dict[str, Area] = {}
_joining: dict[str, list[tuple[Sequence[str], Sequence[tuple[str, str]]]]] = defaultdict(list)
_kept: dict[tuple[int, bool, str | None], tuple[UUID, list["Entry"]]] = {}


def area(
    key: str, label: Any, *, icon: str, order: int, listings: Sequence[str], pages: Sequence[tuple[str, str]] = ()
) -> Area:
    """Declare an area of the menu."""
    AREAS[key] = Area(key, label, icon, order, listings, pages)
    for lists, others in _joining.pop(key, ()):
        join_area(key, *lists, pages=others)
    return AREAS[key]


def join_area(key: str, *listings: str, pages: Sequence[tuple[str, str]] = ()) -> None:
    """Put further lists and pages into the area of an app below, after its own, whichever of both is read first."""
    there = AREAS.get(key)
    if there is None:
        _joining[key].append((listings, pages))
        return
    AREAS[key] = replace(there, listings=[*there.listings, *listings], pages=[*there.pages, *pages])


@dataclass(frozen=True)
class Entry:
    """An area as one user sees it in one language: what it is called, where it leads, and what is counted in it."""

    key: str
    label: str
    icon: str
    url: str
    kinds: frozenset[int]
    paths: tuple[str, ...]


def menu(user: User, path: str, waiting: Mapping[int | None, int]) -> list[dict[str, Any]]:
    """The areas that `user` has any business in, each with how much of what is `waiting` for him lies there.

    An area is shown to whom may see or do anything with its records.
    """
    return [
        {
            "key": each.key,
            "label": each.label,
            "icon": each.icon,
            "url": each.url,
            "count": sum(waiting.get(kind, 0) for kind in each.kinds),
            "active": path.startswith(each.paths),
        }
        for each in _entries(user)
    ]


def _entries(user: User) -> list[Entry]:
    """The areas of `user`; kept for as long as his rights are (crm/accounts/rights.py)."""
    stamp = rights_of(user).stamp
    key = (user.pk, user.is_superuser, get_language())
    known = _kept.get(key)
    if known is not None and stamp is not None and known[0] == stamp:
        return known[1]
    entries = []
    for each in sorted(AREAS.values(), key=lambda each: each.order):
        listings = [LISTINGS[name] for name in each.listings if may_list(user, LISTINGS[name].model)]
        pages = [reverse(name) for name, right in each.pages if user.has_perm(right)]
        if listings or pages:
            kinds = frozenset(ContentType.objects.get_for_model(LISTINGS[name].model).pk for name in each.listings)
            paths = (*pages, *(reverse(listing.key) for listing in listings))
            entries.append(Entry(each.key, capfirst(str(each.label)), each.icon, paths[0], kinds, paths))
    if stamp is not None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = stamp, entries
    return entries


def may_list(user: User, model: Any) -> bool:
    """Whether lists of `model`'s records are for `user`: which of them he sees is a question of scope."""
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def lists_of(user: User) -> list[Listing]:
    """The lists of all areas that are for `user`, in the order of the menu; no query."""
    areas = sorted(AREAS.values(), key=lambda each: each.order)
    found = (LISTINGS[key] for each in areas for key in each.listings)
    return [each for each in found if may_list(user, each.model)]


def must_open(user: User, model: Any, pk: int) -> None:
    """Let nobody open a record that is not for him. Raises Http404, as where there is no such record."""
    if not opens(user, model, pk):
        raise Http404
