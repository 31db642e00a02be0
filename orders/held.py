"""Whether a paper above an order holds what it says: a signed contract is changed by its own papers, not past it.

The apps of such papers are above this one: they register here what they hold (HOLDERS).
"""

from collections.abc import Callable

from crm.accounts.models import User
from crm.refusals import Refused
from orders.models import Order

HOLDERS: list[Callable[[Order], Refused | None]] = []


def held(order: Order, by: User) -> Refused | None:
    """Why `by` may neither change nor cancel the order by himself, or None where he may.

    What the system does follows from the paper itself.
    """
    if by.is_system or order.status == Order.Status.DRAFT:  # nothing is signed about a draft
        return None
    return next((refused for each in HOLDERS if (refused := each(order))), None)
