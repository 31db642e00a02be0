"""The pages of statements and invoice memos, and the three-way view of an order."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.models import Order
from pickup.settlement.models import InvoiceMemo, Statement
from pickup.settlement.prints import may_print_in_clear
from pickup.settlement.three_way import three_way
from pickup.settlement.unreconciled import AGES, of_age, unreconciled

RIGHT = "settlement.view_statement"
SHOWN = 200  # orders on the page of what is not reconciled

join_area("settlement", "statements", "memos", pages=[("unreconciled", RIGHT)])


class StatementView(RecordView):
    """One version of a statement: its lines, what the customer said to each, and our answers."""

    model = Statement
    related = ("order__customer", "order__owner", "contact", "made_by", "replaces")
    prints = ((_("Statement of account"), "statement-print"),)
    facts = (
        (_("Statement of account"), ("order", "customer", "total", "tax", "revision", "replaces", "why", "reopened")),
        (_("Answer"), ("contact", "answered_by", "answered_through", "signed_on")),
        (_("When"), ("made_by", "made_at", "sent_at", "answered_at", "reconciled_at")),
    )


class MemoView(RecordView):
    """One invoice memo: what is to be invoiced to whom, and how far it is."""

    model = InvoiceMemo
    related = (
        "order__customer",
        "order__owner",
        "statement",
        "filled_by",
        "checked_by",
        "issued_by",
        "posted_by",
    )
    prints = ((_("Invoice memo"), "memo-print"),)
    facts = (
        (_("Invoice memo"), ("order", "customer", "statement", "total", "tax", "kind", "reason")),
        (
            _("Invoice to"),
            ("title", "tax_number", "address", "phone", "bank_name", "bank_account", "remarks", "post_to"),
        ),
        (_("Posted"), ("posted_how", "carrier", "tracking")),
        (
            _("When"),
            ("filled_by", "filled_at", "checked_by", "checked_at", "issued_by", "issued_on", "posted_by", "posted_at"),
        ),
    )

    def record(self, obj: InvoiceMemo, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        if may_print_in_clear(request.user):
            label = _("Invoice memo with the buyer's numbers in clear")
            record["print_links"].append({"label": label, "url": reverse("memo-print-clear", args=[obj.pk])})
        return record


@login_required
@require_GET
def three_way_page(request: SignedIn, pk: int) -> HttpResponse:
    """Each line of an order: ordered, handed over, invoiced, paid, as bars and as a table."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    order: Order = get_object_or_404(Order.objects.visible_to(request.user).select_related("customer"), pk=pk)
    statements = Statement.objects.filter(order=order).select_related("made_by").order_by("pk")
    context = {"order": order, "found": three_way(order), "statements": statements}
    return render(request, "settlement/three_way.html", context)


@login_required
@require_GET
def unreconciled_page(request: SignedIn) -> HttpResponse:
    """The orders of which something left that is not reconciled, the oldest first; `age` shows those of one age."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    found = unreconciled(request.user)
    age = next((each for each in AGES if str(each[0]) == request.GET.get("age", "")), None)
    rows = of_age(found, *age) if age else found
    whole = sum((each.worth for each in rows), Decimal(0))
    return render(request, "settlement/unreconciled.html", {"rows": rows[:SHOWN], "count": len(rows), "whole": whole})
