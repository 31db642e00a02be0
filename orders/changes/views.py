"""The pages of changes, extensions and customers' requests, and an order's versions side by side."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.small import whole
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.changes.comparing import Shown, compared, shown_versions
from orders.changes.models import Change, CustomerRequest, Extension
from orders.models import Order

area("changes", _("Order changes"), icon="pencil", order=41, listings=["changes", "extensions", "customer-requests"])

ORDER = ("order__customer", "order__owner", "order__department", "contact")


class ChangeView(RecordView):
    """What of an order changes, the customer's word, and which departments have acknowledged it."""

    model = Change
    related = (*ORDER, "request", "drafted_by")
    prints = ((_("Order change form"), "change-print"),)
    facts = (
        (_("Change"), ("order", "kind", "wish", "why", "request", "wanted_before", "wanted_on", "shift_plan")),
        (_("Money"), ("total_before", "total")),
        (_("The customer's word"), ("contact", "asked_at", "confirmed_at", "confirmed_how", "answer")),
        (_("When"), ("drafted_by", "drafted_at", "applied_at", "reason")),
    )


class ExtensionView(RecordView):
    """A delay: what planning says, what the customer says, and which date counts."""

    model = Extension
    related = (*ORDER, "planner", "reported_by")
    prints = ((_("Extension request"), "extension-print"),)
    facts = (
        (_("Delay"), ("order", "cause", "what", "wanted_before", "reported_by", "reported_at")),
        (_("Production planning"), ("planner", "planned_at", "planning", "remedy", "possible_on")),
        (
            _("The customer's word"),
            ("new_on", "contact", "asked_at", "answer", "proposed_on", "agreed_at", "agreed_how", "shift_plan"),
        ),
        (_("Withdrawn"), ("reason",)),
    )


class RequestView(RecordView):
    """What a customer asks for, and what he was answered."""

    model = CustomerRequest
    related = (*ORDER, "owner", "noted_by", "answered_by")
    facts = (
        (_("Customer's request"), ("order", "text", "contact", "channel", "noted_by", "noted_at")),
        (_("Answer"), ("owner", "answer", "answered_by", "answered_at", "told_how")),
    )


@login_required
@require_GET
def versions(request: SignedIn, pk: int) -> HttpResponse:
    """Any two versions of an order side by side, with what differs marked; what is under way is one of them."""
    order: Order = get_object_or_404(Order.objects.visible_to(request.user).select_related("customer"), pk=pk)
    found = shown_versions(order)
    left = _asked(request, "left", found, len(found) - 2)
    right = _asked(request, "right", found, len(found) - 1)
    context: dict[str, Any] = {"order": order, "versions": found, "left": left, "right": right}
    if left is not None and right is not None:
        context |= {"sides": [left, right], **compared(left, right)}
    return render(request, "changes/versions.html", context)


def _asked(request: SignedIn, name: str, found: list[Shown], default: int) -> Shown | None:
    """The version that the address names by its number, else the one at `default`, as far as there are any."""
    wanted = whole(request.GET.get(name, ""))
    named = next((each for each in found if each.number == wanted), None)
    return named or (found[max(default, 0)] if found else None)
