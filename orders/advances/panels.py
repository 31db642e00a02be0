"""What this app shows on the page of an advance, an order, a contract and a customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from customers.models import Customer
from orders.advances.accounts import account_of
from orders.advances.models import Advance
from orders.contracts.models import Contract, ShipmentRequest
from orders.leaving import PAID_FIRST
from orders.models import Order

SHOWN = 20
APPLY = "advances.apply_advance"


@panel(Advance, "account", _("Payment status of the order"), "advances/panels/account.html", order=10)
def account(advance: Advance, user: User) -> dict[str, Any]:
    """How the order stands now, and what may still leave."""
    found = account_of(advance.order)
    return {"account": found, "free": found.free(advance)}


@panel(Advance, "uses", _("Shipments under this advance"), "advances/panels/uses.html", order=20)
def uses(advance: Advance, user: User) -> dict[str, Any] | None:
    """Each record of goods that it covered."""
    found = list(advance.uses.prefetch_related("paper"))
    if not found:
        return None
    total = sum(each.amount for each in found)
    return {"uses": found, "rows": [each.paper for each in found], "total": total, "count": len(found)}


@panel(Order, "advances", _("Advance shipping"), "advances/panels/advances.html", side=True, order=14)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """The order's advances, where it is paid first; nothing is asked about others."""
    if order.payment_terms not in PAID_FIRST or not user.has_perm("advances.view_advance"):
        return None
    rows = list(Advance.objects.filter(order=order))
    action = step(APPLY, order, user)
    return {"rows": rows, "action": action} if rows or action else None


@panel(Contract, "advances", _("Advance shipping"), "advances/panels/advances.html", order=45)
def of_contract(contract: Contract, user: User) -> dict[str, Any] | None:
    """Advances of the contract's order, and which request for shipment waits for the money."""
    order = contract.order
    if order.payment_terms not in PAID_FIRST or not user.has_perm("advances.view_advance"):
        return None
    rows = list(Advance.objects.filter(order=order).select_related("customer"))
    short = contract.shipments.filter(status=ShipmentRequest.Status.SHORT).first()
    action = step(APPLY, order, user)
    return {"rows": rows, "short": short, "action": action} if rows or action else None


@panel(Customer, "advances", _("Advance shipping"), "advances/panels/advances.html", side=True, order=9)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """His advances, the newest first; what a broken promise blocks stands above."""
    if not user.has_perm("advances.view_advance"):
        return None
    rows = list(Advance.objects.visible_to(user).filter(customer=customer)[:SHOWN])
    return {"rows": rows, "blocking": [each for each in rows if each.blocks], "count": len(rows)} if rows else None
