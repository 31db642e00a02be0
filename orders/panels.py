"""What this app shows on the page of an order, and of a customer."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from customers.models import Customer
from orders.actions.payments import LOOKED_AT
from orders.allocation import candidate_words
from orders.exposure import HAD
from orders.findings import findings
from orders.models import DUE, Milestone, Order

S = Order.Status


@panel(Customer, "orders", _("Orders"), "orders/panels/orders.html", order=15)
def orders(customer: Customer, user: User) -> dict[str, Any] | None:
    """His orders, the newest first."""
    rows = list(Order.objects.visible_to(user).filter(customer=customer).select_related("owner")[:20])
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Customer, "receivables", _("Receivables"), "orders/panels/receivables.html", side=True, order=16)
def receivables(customer: Customer, user: User) -> dict[str, Any] | None:
    """What he still has to pay, and how much of it for goods that he has, for whom may see payments (JD 7.1)."""
    if not user.has_perm("orders.view_payment"):
        return None
    unpaid = Order.objects.visible_to(user).filter(customer=customer, history=False).unpaid()
    open_amount = DUE - F("paid")
    sums = unpaid.order_by().aggregate(
        whole=Sum(open_amount), collected=Sum(open_amount, filter=Q(status__in=HAD)), number=Count("pk")
    )
    if not sums["whole"]:
        return None
    url = f"{reverse('orders')}?tab=unpaid&customer={customer.pk}"
    return {"count": sums["number"], "url": url, "whole": sums["whole"], "collected": sums["collected"] or Decimal(0)}


@panel(Order, "lines", _("Lines"), "orders/panels/lines.html", order=10)
def lines(order: Order, user: User) -> dict[str, Any]:
    """What is ordered, at which price, and how much of it is collected."""
    rows = list(order.lines.select_related("product__unit", "unit").order_by("position"))
    return {"rows": rows, "count": len(rows)}


@panel(Order, "findings", _("Findings"), "orders/panels/findings.html", order=5)
def review(order: Order, user: User) -> dict[str, Any] | None:
    """What the system found, while the application is in review, and in what was taken over from before."""
    if order.status not in (S.DRAFT, S.SUBMITTED, S.RETURNED) and not order.history:
        return None
    rows = findings(order)
    return {"rows": rows, "count": len(rows)}


@panel(Order, "plan", _("Follow-up plan"), "orders/panels/plan.html", order=20)
def plan(order: Order, user: User) -> dict[str, Any] | None:
    """Milestones with dates and risks, the open ones first."""
    rows = list(order.milestones.select_related("owner"))
    rows.sort(key=lambda each: (each.status != Milestone.Status.OPEN, each.due_on))
    action = step("orders.add_milestone", order, user) if rows else None
    return {"rows": rows, "count": len(rows), "action": action} if rows else None


@panel(Order, "progress", _("Progress"), "orders/panels/progress.html", order=30)
def progress(order: Order, user: User) -> dict[str, Any] | None:
    """The reports, the latest first."""
    rows = list(order.progressreports.select_related("by")[:20])
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "sessions", _("Joint sessions"), "orders/panels/sessions.html", order=33)
def sessions(order: Order, user: User) -> dict[str, Any] | None:
    """What was settled with other departments, the latest first."""
    rows = list(order.jointsessions.select_related("by").prefetch_related("departments"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "shipping", _("Shipping advices"), "orders/panels/shipping.html", order=35)
def shipping(order: Order, user: User) -> dict[str, Any] | None:
    """What the customer was told of shipments, the latest first."""
    rows = list(order.shippingadvices.select_related("by"))
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Order, "payments", _("Payments"), "orders/panels/payments.html", side=True, order=20)
def payments(order: Order, user: User) -> dict[str, Any] | None:
    """What was received for it, for whom may see payments."""
    if not user.has_perm("orders.view_payment"):
        return None
    rows = list(order.payments.select_related("entered_by", "reversal", *LOOKED_AT))
    return {"rows": rows, "count": len(rows), "action": step("orders.enter_payment", order, user)}


@panel(Order, "allowances", _("Taken off by agreement"), "orders/panels/allowances.html", side=True, order=21)
def allowances(order: Order, user: User) -> dict[str, Any] | None:
    """What was taken off its price, by which paper and why, for whom may see payments."""
    if not order.allowance or not user.has_perm("orders.view_payment"):
        return None
    rows = list(order.allowances.select_related("granted_by"))
    return {"rows": rows, "count": len(rows)}


@panel(Order, "allocation", _("Allocation"), "orders/panels/allocation.html", side=True, order=30)
def allocation(order: Order, user: User) -> dict[str, Any] | None:
    """To whom it was given and why, with how all candidates stood then."""
    rows = list(order.allocations.select_related("owner", "by"))
    shown = []
    for row in rows:
        told = [{**each, "words": candidate_words(each)} for each in row.candidates]
        mine = next((each["words"] for each in told if each["user"] == row.owner_id), "")
        shown.append({"row": row, "why": row.reason or mine, "candidates": told})
    return {"rows": shown, "count": len(shown)} if shown else None


@panel(Order, "handovers", _("Handover records"), "orders/panels/handovers.html", side=True, order=40)
def handovers(order: Order, user: User) -> dict[str, Any] | None:
    """Papers that went from one to another."""
    rows = list(order.handovers.select_related("giver", "receiver", "department"))
    return {"rows": rows, "count": len(rows)} if rows else None
