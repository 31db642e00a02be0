"""What is looked at each night: whether the stock is still the sum of its movements."""

import logging

from crm import clock
from crm.accounts.models import User
from crm.outbox import queue
from pickup.stock import ledger

NAMED = 10  # stock items in the notice

log = logging.getLogger(__name__)


def check_books() -> int:
    """Tell the administrators where stock is not the sum of its movements; answers of how many items."""
    found = ledger.disagreements()
    if not found:
        return 0
    log.error("the stock of %d items is not the sum of their movements", len(found))
    items = [
        f"{stock.warehouse} · {stock}: {stock.quantity.normalize():f} / {total.normalize():f}"
        for stock, total in found[:NAMED]
    ]
    for user in User.objects.administrators():
        queue.notify(
            user,
            "pickup.books_disagree",
            about=found[0][0],
            context={"number": len(found), "items": "; ".join(items)},
            key=f"books-disagree-{clock.today()}",
        )
    return len(found)
