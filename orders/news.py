"""What happens to an order and others want to hear of: allocation, progress, problems; apps above listen (JD 3.2)."""

from collections.abc import Callable
from enum import StrEnum

from crm.accounts.models import User
from orders.models import Order


class News(StrEnum):
    """What there is to tell."""

    ALLOCATED = "allocated"
    PROGRESS = "progress"
    PROBLEM = "problem"


Listener = Callable[[Order, News, str, User], None]
LISTENERS: list[Listener] = []


def listener(hear: Listener) -> Listener:
    """Register who is told, in the transaction of the verb: `hear(order, news, words, by)`."""
    LISTENERS.append(hear)
    return hear


def tell(order: Order, news: News, words: str, *, by: User) -> None:
    """Tell everybody who listens; `words` are what was said, or to whom the order was given."""
    for hear in LISTENERS:
        hear(order, news, words, by)
