"""To whom an order is given: everyone in question is scored, the best is proposed, and the reason can be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.deputies import stand_ins
from crm.accounts.models import User
from orders.models import Allocation, Order, Territory

IN_WORK = [
    Order.Status.ALLOCATED,
    Order.Status.ACCEPTED,
    Order.Status.CONFIRMED,
    Order.Status.SHORT,
    Order.Status.READY,
    Order.Status.COLLECTED,
]
PASSED = (Allocation.Ended.DECLINED, Allocation.Ended.NOT_ACCEPTED)
SHARE_DAYS = 30  # fair means: so many orders in these days


REASONS = {
    "customer": _("looks after this customer"),
    "type": _("does this type"),
    "area": _("knows the business area"),
    "region": _("covers the region"),
    "load": _("%(load)s of %(capacity)s orders in work"),
    "recent": _("%(recent)s orders in thirty days"),
}
OBSTACLES = {
    "declined": _("gave this order back or let it pass"),
    "away": _("is away"),
    "full": _("has as many orders as he can take"),
    "type": _("does not do this type"),
    "region": _("does not cover this region"),
}

Reason = tuple[str, dict[str, int]]


def told(reasons: Iterable[Any]) -> list[str]:
    """Reasons as sentences, in the reader's language."""
    return [str(REASONS[code]) % values for code, values in reasons if code in REASONS]


def candidate_words(kept: dict[str, Any]) -> str:
    """What a kept candidate had for and against him, in the reader's language."""
    return str(OBSTACLES.get(kept["obstacle"], "")) or " · ".join(told(kept["reasons"]))


@dataclass(frozen=True)
class Candidate:
    """Somebody in question: what speaks for him, and the code of what keeps him out."""

    user: User
    score: Decimal
    reasons: tuple[Reason, ...]
    obstacle: str = ""

    def kept(self) -> dict[str, Any]:
        """As the allocation's row keeps it: codes, which are made into sentences when they are read."""
        return {
            "user": self.user.pk,
            "name": self.user.name,
            "score": str(self.score),
            "reasons": [list(each) for each in self.reasons],
            "obstacle": self.obstacle,
        }


def candidates(order: Order) -> list[Candidate]:
    """Everyone who takes orders, the best first; those with an obstacle come last. Six queries whatever their number.

    Points: 40 for the customer's own salesperson, 20 each for type, business area and region that his territory
    names, 30 less the share of his capacity that is in use, 10 less one for each order of the last thirty days. Equal
    points go to whoever had the fewest orders, then to the first by key, so that the same question has one answer.
    """
    territories = list(
        Territory.objects.filter(user__is_active=True, available=True)
        .select_related("user__department")
        .prefetch_related("types")
        .order_by("user")
    )
    users = [each.user for each in territories]
    # The order itself is nobody's load: or who was given it would fall behind by that, and a second click move it on.
    load = _count(Order.objects.filter(owner__in=users, status__in=IN_WORK).exclude(pk=order.pk).values_list("owner"))
    since = clock.now() - timedelta(days=SHARE_DAYS)
    given = Allocation.objects.filter(owner__in=users, at__gt=since).exclude(order=order)
    recent = _count(given.values_list("owner"))
    declined = set(order.allocations.filter(ended__in=PASSED).values_list("owner", flat=True))
    present = stand_ins(users)
    found = [
        _score(order, territory, load.get(territory.user_id, 0), recent.get(territory.user_id, 0), declined, present)
        for territory in territories
    ]
    return sorted(found, key=lambda each: (bool(each.obstacle), -each.score, recent.get(each.user.pk, 0), each.user.pk))


def _count(rows: Any) -> dict[int, int]:
    return dict(rows.annotate(number=Count("pk")).order_by())


def _score(
    order: Order, territory: Territory, load: int, recent: int, declined: Iterable[int], present: dict[int, User]
) -> Candidate:
    user = territory.user
    points = Decimal(0)
    reasons: list[Reason] = []
    if order.customer.owner_id == user.pk:
        points += 40
        reasons.append(("customer", {}))
    types = list(territory.types.all())
    if order.type in types:
        points += 20
        reasons.append(("type", {}))
    for code, words, value in (
        ("area", territory.areas, order.customer.business_area),
        ("region", territory.regions, order.customer.region),
    ):
        if value and value in _words(words):
            points += 20
            reasons.append((code, {}))
    points += (30 * (1 - Decimal(load) / max(territory.capacity, 1))).quantize(Decimal("0.1"))
    reasons.append(("load", {"load": load, "capacity": territory.capacity}))
    points += max(10 - recent, 0)
    reasons.append(("recent", {"recent": recent}))
    return Candidate(user, points, tuple(reasons), _obstacle(order, territory, types, load, declined, present))


def _obstacle(
    order: Order, territory: Territory, types: list[Any], load: int, declined: Iterable[int], present: dict[int, User]
) -> str:
    user = territory.user
    if user.pk in declined:
        return "declined"
    if present.get(user.pk, user) != user:
        return "away"
    if load >= territory.capacity:
        return "full"
    if types and order.type not in types:
        return "type"
    regions = _words(territory.regions)
    if regions and order.customer.region and order.customer.region not in regions:
        return "region"
    return ""


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
