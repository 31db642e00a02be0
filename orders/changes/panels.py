"""What this app shows on the page of an order, a customer, a change, an extension and a request."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.records.entries import talking
from crm.web.panels import panel, step
from customers.models import Customer
from orders.changes import actions
from orders.changes.facts import differences
from orders.changes.models import Acknowledgement, Change, CustomerRequest, Extension
from orders.models import Order, OrderVersion

SHOWN = 20
talking(actions.note_request, actions.hand_in_request, actions.answer_request)


def _waiting(order: Order) -> dict[str, list[str]]:
    """By the address of a paper the departments that have not acknowledged it yet; one query."""
    rows = Acknowledgement.objects.filter(order=order, status=Acknowledgement.Status.WAITING)
    found: dict[str, list[str]] = {}
    for row in rows.select_related("department", "change", "extension").order_by("department__code"):
        found.setdefault(row.get_absolute_url(), []).append(str(row.department))
    return found


@dataclass(frozen=True)
class _There:
    """What there is about an order; most orders have nothing, which one query says."""

    changes: bool
    extensions: bool
    requests: bool
    versions: int


def _there(order: Order) -> _There:
    """What there is about the order, asked once for its page."""
    found = getattr(order, "_changes_there", None)
    if found is None:
        about = [model._default_manager.filter(order=OuterRef("pk")) for model in (Change, Extension, CustomerRequest)]
        versions = OrderVersion.objects.filter(order=OuterRef("pk")).order_by("-number").values("number")[:1]
        rows = Order.objects.filter(pk=order.pk).values_list(*map(Exists, about), Subquery(versions))
        changes, extensions, requested, last = rows.get()
        found = _There(changes, extensions, requested, last or 0)
        order._changes_there = found  # type: ignore[attr-defined]
    return found


@panel(Order, "changes", _("Order changes"), "changes/panels/of_order.html", order=12)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """What was changed and is under way, delays, and how many versions there are to compare."""
    there = _there(order)
    if not user.has_perm("changes.view_change") or not (there.changes or there.extensions or there.versions > 1):
        return None
    changes = list(Change.objects.filter(order=order).select_related("drafted_by")[:SHOWN]) if there.changes else []
    extensions = (
        list(Extension.objects.filter(order=order).select_related("planner")[:SHOWN]) if there.extensions else []
    )
    waiting = _waiting(order)
    return {
        "changes": [{"paper": each, "waiting": waiting.get(each.get_absolute_url())} for each in changes],
        "extensions": [{"paper": each, "waiting": waiting.get(each.get_absolute_url())} for each in extensions],
        "comparable": there.versions > 1 or any(each.status in Change.OPEN for each in changes),
        "compare_url": reverse("order-versions", args=[order.pk]),
        "count": len(changes) + len(extensions),
        "action": step("changes.draft_change", order, user),
    }


@panel(Order, "customer-requests", _("Customer's requests"), "changes/panels/requests.html", order=32)
def requests(order: Order, user: User) -> dict[str, Any] | None:
    """What the customer asked for while it was made, and what he was answered."""
    if not user.has_perm("changes.view_customerrequest") or not _there(order).requests:
        return None
    rows = list(CustomerRequest.objects.filter(order=order).select_related("owner", "contact", "order")[:SHOWN])
    return {"rows": rows, "count": len(rows), "action": step("changes.note_request", order, user)}


@panel(Customer, "order-changes", _("Order changes"), "changes/panels/of_customer.html", order=17)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """Changes, delays and requests of his orders, the newest first."""
    if not user.has_perm("changes.view_change"):
        return None
    rows: list[Any] = []
    for model in (Change, Extension, CustomerRequest):
        found: Any = model._default_manager
        rows += found.visible_to(user).filter(order__customer=customer).select_related("order").order_by("-pk")[:SHOWN]
    return {"papers": rows, "count": len(rows)} if rows else None


@panel(Change, "differences", _("Before and after"), "changes/panels/differences.html", order=10)
def of_change(change: Change, user: User) -> dict[str, Any]:
    """Each line, date and sum before and after, and where the versions stand side by side."""
    found = differences(change)
    return {"differences": found, "compare_url": reverse("order-versions", args=[change.order_id])}


def _acknowledgements(paper: Change | Extension) -> dict[str, Any] | None:
    rows = list(paper.acknowledgements.select_related("department", "by", "order", "change", "extension"))
    concerned = [] if rows else list(paper.departments.all())
    waiting = sum(row.status == Acknowledgement.Status.WAITING for row in rows)
    return {"acknowledgements": rows, "concerned": concerned, "count": waiting} if rows or concerned else None


@panel(Change, "acknowledgements", _("Departments"), "changes/panels/acknowledgements.html", side=True, order=10)
def change_acknowledged(change: Change, user: User) -> dict[str, Any] | None:
    """Which departments know of it, when, and which have not said so yet."""
    return _acknowledgements(change)


@panel(Extension, "acknowledgements", _("Departments"), "changes/panels/acknowledgements.html", side=True, order=10)
def extension_acknowledged(extension: Extension, user: User) -> dict[str, Any] | None:
    """Which departments know of it, when, and which have not said so yet."""
    return _acknowledgements(extension)


@panel(CustomerRequest, "changes", _("Order changes"), "changes/panels/of_request.html", side=True, order=10)
def of_request(request: CustomerRequest, user: User) -> dict[str, Any] | None:
    """The changes that it led to."""
    rows = list(request.changes.select_related("order"))
    return {"rows": rows, "count": len(rows)} if rows else None
