"""The printable supplementary agreement on a compensation (合同补充协议), to be signed and sealed by both (R8)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from complaints.compensation.models import Agreement
from crm import clock
from crm.web.areas import must_open
from crm.web.qr import qr
from crm.web.requests import SignedIn


def paper_of(agreement: Agreement) -> dict[str, Any]:
    """What the agreement says on paper, with its number, both sides, and who has signed and sealed it by now."""
    return {"agreement": agreement, "paragraphs": agreement.text.splitlines()}


@login_required
@require_GET
def agreement_print(request: SignedIn, pk: int) -> HttpResponse:
    """The supplementary agreement as a sheet."""
    must_open(request.user, Agreement, pk)
    rows = Agreement.objects.visible_to(request.user)
    agreement: Agreement = get_object_or_404(
        rows.select_related("complaint", "order", "contract", "signed_by", "sealed_by"), pk=pk
    )
    sheet = {
        "title": _("Supplementary agreement"),
        "number": agreement.number,
        "form_number": "KC-5.2.3",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(agreement.number),
        "back_url": agreement.get_absolute_url(),
    }
    return render(request, "compensation/print/agreement.html", {"sheet": sheet, **paper_of(agreement)})
