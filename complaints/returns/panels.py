"""What this app shows on the page of a return, and of the complaint, order and pickup that it belongs to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.returns.models import ReturnNotice
from crm.accounts.models import User
from crm.web.panels import panel, step
from orders.models import Order
from pickup.models import Pickup
from pickup.settlement.actions.stating import HAD_GOODS

SHOWN = 20
RIGHT = "returns.view_returnnotice"


@panel(ReturnNotice, "lines", _("Goods"), "returns/panels/lines.html", order=10)
def lines(notice: ReturnNotice, user: User) -> dict[str, Any]:
    """What is to come of each line and batch, what came in good order, and what defective."""
    rows = list(notice.lines.select_related("line__product__unit").order_by("pk"))
    return {"lines": rows, "count": len(rows)}


@panel(ReturnNotice, "receipts", _("Return receipts"), "returns/panels/receipts.html", order=20)
def receipts(notice: ReturnNotice, user: User) -> dict[str, Any] | None:
    """What came at once, who brought it, and what it took off what is due."""
    rows = notice.receipts.select_related("clerk", "paper").prefetch_related("lines__line__line__product__unit")
    found = list(rows.order_by("-pk"))
    return {"receipts": found, "count": len(found)} if found else None


def _returns(user: User, **which: Any) -> dict[str, Any] | None:
    if not user.has_perm(RIGHT):
        return None
    rows = ReturnNotice.objects.visible_to(user).filter(**which).select_related("warehouse", "complaint", "order")
    found = list(rows.prefetch_related("lines__line__product__unit").order_by("-pk")[:SHOWN])
    return {"rows": found, "count": len(found)} if found else None


@panel(Complaint, "returns", _("Returns"), "returns/panels/returns.html", order=55)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The return notices of the complaint, and the verbs by which one is made."""
    found = _returns(user, complaint=complaint)
    action = step("returns.write_return", complaint, user)
    return {**(found or {"rows": [], "count": 0}), "action": action} if found or action else None


@panel(Order, "returns", _("Returns"), "returns/panels/returns.html", order=19)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """What of the order comes back or came; before its goods can have left nobody asks."""
    return _returns(user, order=order) if order.status in HAD_GOODS else None


@panel(Pickup, "returns", _("Returns"), "returns/panels/returns.html", order=26)
def of_pickup(pickup: Pickup, user: User) -> dict[str, Any] | None:
    """What of this pickup comes back or came."""
    return _returns(user, record__pickup=pickup)
