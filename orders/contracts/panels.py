"""What this app shows on the page of a contract, an order and a customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from customers.models import Customer
from orders.contracts.actions.execution import OPEN_REQUESTS
from orders.contracts.capitals import capitals
from orders.contracts.models import Contract, Requirement, Supplement
from orders.contracts.progress import progress_of
from orders.contracts.reviewing import changed_terms, requirements_of
from orders.models import Order

SHOWN = 20


@panel(Contract, "lines", _("Lines"), "contracts/panels/lines.html", order=10)
def lines(contract: Contract, user: User) -> dict[str, Any] | None:
    """What was reviewed and signed, and how much of each line is executed and open."""
    found = progress_of(contract)
    if not found.lines:
        return None
    return {
        "rows": [each.line.product for each in found.lines],
        "lines": found.lines,
        "totals": found.totals,
        "capitals": capitals(contract.total),
        "count": len(found.lines),
    }


@panel(Contract, "requirements", _("Requirement records"), "contracts/panels/requirements.html", order=20)
def of_contract(contract: Contract, user: User) -> dict[str, Any] | None:
    """What the customer required, found out before."""
    rows = requirements_of(contract)
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Contract, "supplements", _("Supplementary agreements"), "contracts/panels/supplements.html", order=15)
def supplements(contract: Contract, user: User) -> dict[str, Any] | None:
    """What was agreed anew, in order; as signed, as amended and on any day are one step away."""
    rows = list(contract.supplements.select_related("drafted_by"))
    action = step("contracts.draft_supplement", contract, user)
    return {"rows": rows, "count": len(rows), "action": action} if rows else None


@panel(Supplement, "changes", _("What is agreed anew"), "contracts/panels/changes.html", order=10)
def changes(supplement: Supplement, user: User) -> dict[str, Any]:
    """Each line and each term, before and after."""
    lines = list(supplement.lines.select_related("product__unit", "unit").order_by("position"))
    return {"rows": [each.product for each in lines], "lines": lines, "terms": changed_terms(supplement)}


@panel(Contract, "text", _("Articles"), "contracts/panels/text.html", order=30)
def text(contract: Contract, user: User) -> dict[str, Any] | None:
    """The text of the contract as it was made."""
    return {} if contract.text else None


@panel(Contract, "shipment", _("Open requests for shipment"), "contracts/panels/shipments.html", order=5)
def open_shipments(contract: Contract, user: User) -> dict[str, Any] | None:
    """What waits for logistics or for the money: before all else, for it is what is to be done."""
    rows = list(contract.shipments.filter(status__in=OPEN_REQUESTS).select_related("by", "taken_by", "contact"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Contract, "shipments", _("Requests for shipment"), "contracts/panels/shipments.html", order=40)
def shipments(contract: Contract, user: User) -> dict[str, Any] | None:
    """What was arranged and asked for on the contract's date, and is taken up or withdrawn."""
    rows = list(contract.shipments.exclude(status__in=OPEN_REQUESTS).select_related("by", "taken_by", "contact"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "contract", _("Contract"), "contracts/panels/contract.html", side=True, order=12)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """The order's contract and its state, or that it needs one."""
    rows = list(Contract.objects.filter(order=order).select_related("owner").order_by("-pk"))
    needed = order.type.needs_contract and not any(each.status != Contract.Status.CANCELLED for each in rows)
    if not rows and not needed:
        return None
    return {"rows": rows, "needed": needed, "action": step("contracts.record_acceptance", order, user)}


@panel(Order, "requirements", _("Requirement records"), "contracts/panels/requirements.html", order=50)
def requirements(order: Order, user: User) -> dict[str, Any] | None:
    """What the customer requires of this order."""
    rows = list(Requirement.objects.filter(order=order).select_related("taken_by", "answered_by"))
    return (
        {"rows": rows, "count": len(rows), "action": step("contracts.record_requirements", order, user)}
        if rows
        else None
    )


@panel(Customer, "contracts", _("Contracts"), "contracts/panels/contract.html", order=16)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """His contracts, the newest first."""
    rows = list(Contract.objects.visible_to(user).filter(customer=customer).select_related("owner")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None
