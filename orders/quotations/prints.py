"""The quotation on paper (报价单), each of its versions, and the sample request (样品单) for whoever makes it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.quotations.models import Quotation, QuotationVersion, Sample

SAMPLE_FACTS = ("customer", "contact", "place", "wanted_on", "expected_on", "maker", "owner", "requested_at", "expects")


def sheet_of(quotation: Quotation, version: QuotationVersion) -> dict[str, Any]:
    """What a version says on paper, which is in Chinese whoever prints it: both sides, lines, conditions."""
    with override("zh-hans"):
        terms = version.get_payment_terms_display()
        if version.payment_days:
            terms = f"{terms}，{version.payment_days} 天"
    return {
        "quotation": quotation,
        "version": version,
        "lines": list(version.lines.select_related("product", "unit").order_by("position")),
        "payment": "；".join(filter(None, [str(terms), version.payment])),
        "seller": {
            "name": settings.COMPANY_NAME,
            "address": settings.COMPANY_ADDRESS,
            "phone": settings.COMPANY_PHONE,
            "person": quotation.owner.name,
        },
        "buyer": {
            "name": quotation.customer.name,
            "person": quotation.contact.name if quotation.contact else "",
        },
    }


@login_required
@require_GET
def quotation_print(request: SignedIn, pk: int, number: int | None = None) -> HttpResponse:
    """The quotation to be printed, in its latest version or the one of this number."""
    rows = Quotation.objects.visible_to(request.user).select_related("customer", "contact", "owner")
    quotation: Quotation = get_object_or_404(rows, pk=pk)
    version = get_object_or_404(quotation.versions, number=number or quotation.latest)
    version.quotation = quotation
    sheet = {
        "title": _("Quotation"),
        "number": str(version),
        "form_number": "KF-QT",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(quotation.number),
        "back_url": quotation.get_absolute_url(),
    }
    return render(request, "quotations/print/quotation.html", {"sheet": sheet, "paper": sheet_of(quotation, version)})


@login_required
@require_GET
def sample_print(request: SignedIn, pk: int) -> HttpResponse:
    """The sample request to be printed: what is wanted, what was made, and the customer's word about it."""
    rows = Sample.objects.visible_to(request.user).select_related("customer", "contact", "maker", "owner")
    sample: Sample = get_object_or_404(rows, pk=pk)
    sheet = {
        "title": _("Sample request"),
        "number": sample.number,
        "form_number": "KF-SA",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(sample.number),
        "back_url": sample.get_absolute_url(),
        "facts": facts(sample, SAMPLE_FACTS, style="exact"),
        "signatures": [{"label": _("Made by")}, {"label": _("For the customer")}],
    }
    context = {
        "sheet": sheet,
        "lines": sample.lines.select_related("product", "unit").order_by("position"),
        "rounds": sample.rounds.select_related("made_by").order_by("number"),
    }
    return render(request, "quotations/print/sample.html", context)
