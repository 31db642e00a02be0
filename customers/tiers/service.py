"""How a tier is served: its place in queues, its discount, and who follows when a customer's tier changes (KH 4.1)."""

from collections.abc import Callable
from decimal import Decimal

from crm.statements import Statement
from customers.models import Customer
from customers.tiers.models import Service

OF_TIER = Statement(lambda tier: Service.objects.filter(tier=tier), marks=("a tier",))

Follower = Callable[[str, int, int | None], None]
FOLLOWERS: list[Follower] = []


def service_of(tier: str) -> Service:
    """How customers of the tier are served; one of which nobody has said anything has no privileges."""
    return next(iter(OF_TIER(tier)), None) or Service(tier=tier)


def follower(follow: Follower) -> Follower:
    """Register what is done when open work moves in its queues: `follow(tier, priority, customer)`.

    `customer` is the key of the one whose tier this is now; None means all of the tier, whose service has changed.
    """
    FOLLOWERS.append(follow)
    return follow


def move_in_queues(tier: str, customer: Customer | None = None) -> None:
    """Let the open work of a customer, or of all of the tier, take the place in queues that the tier has now."""
    priority = service_of(tier).priority
    for follow in FOLLOWERS:
        follow(tier, priority, customer.pk if customer else None)


def discounted(price: Decimal, lowest: Decimal, service: Service) -> Decimal:
    """The list price less the tier's discount, not rounded; never below the lowest price."""
    return max(price * (100 - service.discount) / 100, lowest)
