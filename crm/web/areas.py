"""The areas at the left: each app names its own, and each counts what waits there for the user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.urls import reverse

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.listing import LISTINGS


@dataclass(frozen=True)
class Area:
    """One entry of the menu; `listings` are the lists in it (the first is its page), `order` its place."""

    key: str
    label: Any
    icon: str
    order: int
    listings: Sequence[str]


AREAS: dict[str, Area] = {}


def area(key: str, label: Any, *, icon: str, order: int, listings: Sequence[str]) -> Area:
    """Declare an area of the menu."""
    AREAS[key] = Area(key, label, icon, order, listings)
    return AREAS[key]


def menu(user: User, path: str) -> list[dict[str, Any]]:
    """The areas that `user` has any business in, with how many of his open deadlines lie there.

    One query; an area is shown to whom may see or do anything with its records.
    """
    waiting = dict(
        Deadline.objects.waiting_for(user).values_list("subject_type").annotate(number=Count("pk")).order_by()
    )
    entries = []
    for each in sorted(AREAS.values(), key=lambda each: each.order):
        listings = [LISTINGS[key] for key in each.listings if may_list(user, LISTINGS[key].model)]
        if not listings:
            continue
        types = {ContentType.objects.get_for_model(LISTINGS[key].model).pk for key in each.listings}
        url = reverse(listings[0].key)
        entries.append(
            {
                "key": each.key,
                "label": each.label,
                "icon": each.icon,
                "url": url,
                "count": sum(waiting.get(pk, 0) for pk in types),
                "active": any(path.startswith(reverse(listing.key)) for listing in listings),
            }
        )
    return entries


def may_list(user: User, model: Any) -> bool:
    """Whether `user` has any business with records of `model`: the right to view them, or any verb on them."""
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
