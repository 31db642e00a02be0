"""What the customer gets, on the pages of the complaint, its order and contract, and of the replacement order."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.compensation.models import Agreement, Replacement
from complaints.models import Complaint
from crm.accounts.models import User
from crm.web.panels import panel, step
from orders.contracts.models import Contract
from orders.models import Order

NONE = Decimal("0.00")


def price_of(agreement: Agreement) -> dict[str, Any]:
    """What the order costs before and after the agreement, and what is to be paid or given back by now."""
    order = agreement.order
    if order is None or not agreement.amount:
        return {}
    if agreement.in_force_at is not None and agreement.due_before is not None:
        before = agreement.due_before
    elif agreement.status in Agreement.OPEN:
        before = order.due
    else:
        return {}
    return {"before": before, "after": before - agreement.amount, **money_now(order)}


def money_now(order: Order) -> dict[str, Decimal]:
    """What is still to be paid of an order, or to be given back."""
    return {"open": max(order.open_amount, NONE), "over": max(-order.open_amount, NONE)}


@panel(Complaint, "outcome", _("Outcome for the customer"), "compensation/panels/outcome.html", order=55)
def outcome(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Agreements with their state and what they make of the order's price, discounts, and replacement orders."""
    agreements = complaint.agreements.select_related("order", "plan", "signed_by", "sealed_by", "complaint")
    papers = [{"row": each, "price": price_of(each)} for each in agreements.order_by("pk")]
    discounts = [
        {"row": each, "price": {"before": each.due_before, "after": each.due_before - each.allowance.amount}}
        for each in complaint.discounts.select_related("allowance__order", "allowance__reversal").order_by("pk")
    ]
    orders = list(complaint.replacements.select_related("order", "made_by").order_by("pk"))
    action = step("compensation.order_replacement", complaint, user)
    if not (papers or discounts or orders or action):
        return None
    count = len(papers) + len(discounts) + len(orders)
    rows = [*(each["row"] for each in papers), *(each.order for each in orders)]
    return {
        "papers": papers,
        "discounts": discounts,
        "orders": orders,
        "rows": rows,
        "count": count,
        "action": action,
    }


@panel(Agreement, "text", _("Supplementary agreement"), "compensation/panels/text.html", order=10)
def text(agreement: Agreement, user: User) -> dict[str, Any]:
    """The agreement word for word, and what it makes of the order's price."""
    return {"paragraphs": agreement.text.splitlines(), "price": price_of(agreement)}


def _papers(user: User, **which: Any) -> dict[str, Any] | None:
    if not user.has_perm("compensation.view_agreement"):
        return None
    rows = list(Agreement.objects.visible_to(user).filter(**which).select_related("complaint", "order").order_by("-pk"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "agreements", _("Agreements on compensations"), "compensation/panels/agreements.html", order=19)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """What was agreed on about this order after complaints."""
    return _papers(user, order=order)


@panel(Contract, "agreements", _("Agreements on compensations"), "compensation/panels/agreements.html", order=16)
def of_contract(contract: Contract, user: User) -> dict[str, Any] | None:
    """What was agreed on beside this contract after complaints."""
    return _papers(user, contract=contract)


@panel(Order, "replaces", _("Replacement"), "compensation/panels/replaces.html", side=True, order=4)
def replaces(order: Order, user: User) -> dict[str, Any] | None:
    """The complaint whose goods this order replaces, and the orders that replace goods of this one."""
    if not user.has_perm("complaints.view_complaint"):
        return None
    seen = Replacement.objects.visible_to(user).select_related("complaint", "order", "complaint__order")
    cause = None if order.total else seen.filter(order=order).first()
    rows = list(seen.filter(complaint__order=order).order_by("pk"))
    return {"cause": cause, "replacements": rows} if cause or rows else None
