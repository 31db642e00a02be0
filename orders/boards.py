"""The board of orders: from the application to the goods that were collected; what is closed stands in the list."""

from django.utils.translation import gettext_lazy as _

from crm.web.boards import Board, BoardColumn
from orders.lists import ORDERS
from orders.models import Order

S = Order.Status

ORDER_BOARD = Board(
    ORDERS,
    [
        BoardColumn("application", _("Application"), [S.DRAFT, S.RETURNED, S.SUBMITTED]),
        BoardColumn("desk", S.REVIEWED.label, [S.REVIEWED]),
        BoardColumn("allocated", S.ALLOCATED.label, [S.ALLOCATED]),
        BoardColumn("confirming", _("To be confirmed"), [S.ACCEPTED]),
        BoardColumn("preparing", _("Being prepared"), [S.CONFIRMED, S.SHORT]),
        BoardColumn("ready", _("Waiting for pickup"), [S.READY]),
        BoardColumn("collected", _("To be closed"), [S.COLLECTED, S.SIGNED_OFF]),
    ],
    title="number",
    lines=["customer", "tier", "owner", "wanted_on"],
    amount="total",
    order="wanted_on",
)
