"""What ends with its order: whoever keeps work open on orders ends it once an order is cancelled or closed (JD 2.5)."""

from collections.abc import Callable
from contextvars import ContextVar

from django.db import models
from django.utils.translation import gettext as _

from crm import actions as gate
from crm.approvals.watch import end_about
from orders.models import Order

ENDED = (Order.Status.CANCELLED, Order.Status.CLOSED)
REASON = 300  # characters of a reason that are kept
_ending: ContextVar[bool] = ContextVar("an order's open work is being ended", default=False)
_ENDS: list[Callable[[Order, str], None]] = []


def why_it_ended(order: Order) -> str:
    """That the order is over, for what ends with it; the words of whoever cancelled it are for the house only."""
    if order.status == Order.Status.CANCELLED:
        return _("The order was cancelled.")
    return _("The order was closed.")


def ends_with_order(end: Callable[[Order, str], None]) -> Callable[[Order, str], None]:
    """Have `end(order, reason)` end what is open on an order, in the transaction of the verb that ends the order.

    It is called again for a later verb on the order, so it looks for what is open; not for verbs that it does itself.
    """
    _ENDS.append(end)
    return end


@ends_with_order
def end_approvals(order: Order, reason: str) -> None:
    """Nobody decides any more on what was asked about the order itself."""
    end_about(order, reason)


def look_at(obj: models.Model) -> None:
    """End what is open on an order that has ended; a verb was done to it, or to a part of it."""
    if not isinstance(obj, Order) or obj.status not in ENDED or _ending.get():
        return
    token = _ending.set(True)
    try:
        for end in _ENDS:
            end(obj, why_it_ended(obj))
    finally:
        _ending.reset(token)


def listen() -> None:
    """Be told of every order that a verb changes."""
    gate.WATCHERS.append(look_at)
