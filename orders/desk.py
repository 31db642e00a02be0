"""The order desk: the department that reviews, allocates and closes (JD 2.2-2.5)."""

from typing import Any

from django.db.models import QuerySet

from crm.accounts.models import Department, User
from crm.once import once
from crm.statements import Statement
from customers.tiers.service import follower
from orders.models import Order

ORDER_DESK = "order_desk"  # the department's code
DESK = Statement(lambda: Department.objects.filter(code=ORDER_DESK))


def desk(order: Any = None) -> Department | None:
    """The order desk, where the company has a department of that code; it is the same for every order."""
    return _desk()


@once
def _desk() -> Department | None:
    return next(iter(DESK()), None)


def desk_people() -> QuerySet[User]:
    """Who works at the order desk."""
    return User.objects.filter(department__code=ORDER_DESK, is_active=True)


@follower
def follow_tier(tier: str, priority: int, customer: int | None) -> None:
    """Open orders take the place in the queues that their customer's tier has now (C5)."""
    ended = [Order.Status.CLOSED, Order.Status.CANCELLED]
    waiting = Order.objects.exclude(status__in=ended).exclude(priority=priority)
    whose = {"customer": customer} if customer else {"customer__tier": tier}
    waiting.filter(**whose).update(priority=priority)
