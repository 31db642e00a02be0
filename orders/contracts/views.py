"""The pages of contracts and requirement records."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.contracts.amended import agreed_anew, as_of
from orders.contracts.models import TERMS, Contract, DateMove, Requirement, Supplement
from orders.contracts.reviewing import term_text
from orders.models import Order

area(
    "contracts",
    _("Contracts"),
    icon="file-text",
    order=43,
    listings=["contracts", "supplements", "requirements", "shipments"],
)


# Where sales support leads a contract on: whoever may not do it himself is told who has it.
DONE_BY_SUPPORT: dict[str, str] = {
    Contract.Status.ACCEPTED: "contracts.classify_contract",
    Contract.Status.PASSED: "contracts.make_contract",
}


class ContractView(RecordView):
    """Everything about one contract: what was said, reviewed, signed, and how far it is carried out."""

    model = Contract
    related = ("customer", "contact", "order", "owner", "department", "recorded_by", "classified_by")
    prints = ((_("Review form"), "contract-review"),)
    facts = (
        (_("Contract"), ("customer", "order", "kind", "class_reason", "delivery_on", "total", "tax")),
        (_("Accepted verbally"), ("contact", "accepted_at", "accepted_by", "accepted_words", "recorded_by")),
        (_("Product and making"), ("quality", "technology", "capacity")),
        (_("Delivery"), ("place", "transport", "packing")),
        (_("Payment"), ("payment_terms", "payment_days", "payment")),
        (_("Agreements"), ("other", "signed_place", "valid_until", "reason")),
        (_("People"), ("owner", "department", "classified_by")),
        (
            _("When"),
            (
                "passed_at",
                "made_at",
                "sent_at",
                "copy_at",
                "signed_on",
                "returned_at",
                "arranged_at",
                "executed_at",
                "archived_at",
                "archive_place",
            ),
        ),
    )

    def subtitle(self, obj: Contract) -> str:
        """Whose it is, and that nothing more is delivered under it where its order is gone."""
        gone = obj.status in Contract.BINDING and obj.order.status == Order.Status.CANCELLED
        return " · ".join([obj.detail, str(_("Its order was cancelled"))] if gone else [obj.detail])

    def record(self, obj: Contract, request: SignedIn) -> dict[str, Any]:
        record = super().record(obj, request)
        if (verb := DONE_BY_SUPPORT.get(obj.status)) and not request.user.has_perm(verb):
            record["subtitle"] = f"{record['subtitle']} · {_('waits for sales support')}"
        if obj.text:  # there is nothing to print before it is made
            made = {"label": _("Sales contract"), "url": reverse("contract-print", args=[obj.pk])}
            record["print_links"] = [made, *record["print_links"]]
        return record


class RequirementView(RecordView):
    """What one customer requires, and what he said to the sample."""

    model = Requirement
    related = ("customer", "order", "owner", "department", "taken_by", "answered_by")
    facts = (
        (_("For whom"), ("customer", "order", "goods")),
        (_("Requirements"), Requirement.HEADS),
        (_("Sample"), ("batch", "taken_by", "sent_how", "sent_on")),
        (_("Answer"), ("answered_by", "answered_on", "answered_how", "answer")),
        (_("People"), ("owner", "department", "noted_at")),
    )


class SupplementView(RecordView):
    """What of a contract is agreed anew."""

    model = Supplement
    related = ("contract__customer", "contract__owner", "contract__department", "contract__order", "drafted_by")
    prints = ((_("Supplementary agreement"), "supplement-print"),)
    facts = (
        (_("Agreement"), ("contract", "why", "agreed", "effective_on", "reason")),
        (_("When"), ("drafted_by", "drafted_at", "applied_at")),
        (_("Signed copy"), ("sent_at", "sent_how", "copy_at", "signed_on", "returned_at", "archive_place")),
    )


@login_required
@require_GET
def versions(request: SignedIn, pk: int) -> HttpResponse:
    """The contract as signed, as amended, and on a day between, side by side."""
    rows = Contract.objects.visible_to(request.user).select_related("customer", "order")
    contract: Contract = get_object_or_404(rows, pk=pk)
    asked = request.GET.get("on", "")
    try:
        day = parse_date(asked) if asked else clock.today()
    except ValueError:
        day = None
    day = day or clock.today()
    found = agreed_anew(contract)
    columns = [as_of(contract, found, None), as_of(contract, found, day), as_of(contract, found, date.max)]
    positions = sorted({line.position for each in columns for line in each.lines})
    by_position = [{line.position: line for line in each.lines} for each in columns]
    context = {
        "contract": contract,
        "day": day,
        "supplements": [each for each in found if isinstance(each, Supplement)],
        "moves": [each for each in found if isinstance(each, DateMove)],
        "lines": [{"position": place, "cells": [each.get(place) for each in by_position]} for place in positions],
        "terms": [
            {
                "label": Contract._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                "cells": [term_text(name, each.terms[name]) for each in columns],
            }
            for name in TERMS
        ],
        "totals": [each.total for each in columns],
    }
    return render(request, "contracts/versions.html", context)
