"""The pages of quotations and samples."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from crm.words import exact, money, quantity
from orders.quotations.models import Quotation, QuotationVersion, Sample

area("quotations", _("Quotes and samples"), icon="file-invoice", order=35, listings=["quotations", "samples"])


class QuotationView(RecordView):
    """Everything about one quotation; what it says stands in its versions."""

    model = Quotation
    related = ("customer", "contact", "inquiry", "sample", "order", "owner", "department")
    prints = ((_("Quotation"), "quotation-print"),)
    facts = (
        (_("For whom"), ("customer", "contact", "project", "inquiry", "sample", "order")),
        (_("Offer"), ("latest", "valid_until", "total", "tax", "low_price", "reason")),
        (_("People"), ("owner", "department")),
        (_("When"), ("made_at", "offered_at", "answered_at")),
    )


class SampleView(RecordView):
    """Everything about one sample: what is wanted, what was made, and what the customer said."""

    model = Sample
    related = ("customer", "contact", "inquiry", "order", "owner", "department", "maker", "requested_by")
    prints = ((_("Sample request"), "sample-print"),)
    facts = (
        (_("For whom"), ("customer", "contact", "place", "inquiry", "order")),
        (_("Sample request"), ("expects", "wanted_on", "expected_on", "round", "progress", "told_at", "reason")),
        (_("People"), ("maker", "owner", "department", "requested_by", "requested_at")),
    )


def _cells(version: QuotationVersion) -> list[tuple[Any, str]]:
    """The conditions of a version, each with its label."""
    return [
        (_("Valid until"), exact(version.valid_until)),
        (_("Total with tax"), money(version.total)),
        (_("Tax in it"), money(version.tax)),
        (_("Payment terms"), str(version.get_payment_terms_display())),
        (_("Days to pay"), str(version.payment_days or "")),
        (_("Payment in words"), version.payment),
        (_("Delivery time"), version.delivery),
        (_("Remarks"), version.remarks),
    ]


def _goods(version: QuotationVersion) -> dict[int, str]:
    """The lines of a version in words and figures, by position."""
    return {
        line.position: " · ".join(
            filter(
                None,
                [
                    str(line.product),
                    line.specification,
                    f"{quantity(line.quantity, str(line.unit))} × {money(line.price)} = {money(line.amount)}",
                ],
            )
        )
        for line in version.lines.all()
    }


def _compared(label: Any, texts: list[str]) -> dict[str, Any]:
    """A row of the comparison: what differs from the version before is marked."""
    return {
        "label": label,
        "cells": [
            {"text": text, "differs": index > 0 and text != texts[index - 1]} for index, text in enumerate(texts)
        ],
    }


@login_required
@require_GET
def versions(request: SignedIn, pk: int) -> HttpResponse:
    """All versions of a quotation side by side, with what differs from one to the next."""
    rows = Quotation.objects.visible_to(request.user).select_related("customer")
    quotation: Quotation = get_object_or_404(rows, pk=pk)
    found = list(quotation.versions.order_by("number").prefetch_related("lines__product", "lines__unit"))
    goods, cells = [_goods(each) for each in found], [_cells(each) for each in found]
    positions = sorted({position for each in goods for position in each})
    lines = [_compared(f"{place}.", [each.get(place, "") for each in goods]) for place in positions]
    terms = [_compared(label, [each[index][1] for each in cells]) for index, (label, _text) in enumerate(cells[0])]
    context = {"quotation": quotation, "versions": found, "compared": [*lines, *terms]}
    return render(request, "quotations/versions.html", context)
