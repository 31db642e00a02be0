"""The printable forms (R8): test report (化验单), laboratory's certificate, scale statement, record of weighings."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from complaints.models import Complaint
from complaints.verification.models import TestReport, Verification
from complaints.verification.told import brought_up
from crm import clock
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn

K = Verification.Kind
TITLES: dict[str, Any] = {
    K.QUALITY: _("Test sheet"),
    K.PICKUP: _("Scale verification sheet"),
    K.DELIVERY: _("Record of weighings on the way"),
    "laboratory": _("Certificate of test results"),
}
FORM_NUMBERS = {K.QUALITY: "KC-5-2-1", K.PICKUP: "KC-5-2-3", K.DELIVERY: "KC-5-2-4", "laboratory": "KC-5-2-2"}
SEALS: dict[str, Any] = {
    K.QUALITY: _("Head of quality, signature and seal"),
    K.PICKUP: _("Weighbridge head, signature and seal"),
    K.DELIVERY: _("Head of logistics, signature and seal"),
}
ABOUT = ("customer", "order", "pickup", "product", "batch", "quantity", "content")
STATED = ("scale", "meets_standard", "statement", "explanation", "explained_by", "opinion")


def _opened(request: SignedIn, pk: int) -> Verification:
    must_open(request.user, Verification, pk)
    related = ("complaint__customer", "scale", "stated_by", "explained_by", "signed_by")
    found: Verification = get_object_or_404(
        Verification.objects.visible_to(request.user).select_related(*related), pk=pk
    )
    return found


def _page(request: SignedIn, verification: Verification, form: str, **context: Any) -> HttpResponse:
    complaint = Complaint.objects.select_related("customer", "order", "pickup", "product__unit").get(
        pk=verification.complaint_id
    )
    signed: dict[str, Any] = {}
    if verification.signed_at is not None:
        signed = {"name": verification.signed_by, "at": verification.signed_at}
    stated: list[dict[str, Any]] = []
    if verification.stated_at is not None:
        stated = [{"label": _("Stated by"), "name": verification.stated_by, "at": verification.stated_at}]
    sheet = {
        "title": TITLES[form],
        "number": verification.number,
        "form_number": FORM_NUMBERS[form],
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(verification.number),
        "back_url": verification.get_absolute_url(),
        "facts": [
            {"label": _("Complaint"), "html": complaint.number},
            *facts(complaint, ABOUT, style="exact"),
            *facts(verification, STATED, style="exact"),
        ],
        "signatures": [*stated, {"label": SEALS[verification.kind], **signed}],
    }
    given = {"sheet": sheet, "verification": verification, "sealed": verification.sealed, **context}
    return render(request, "verification/print/sheet.html", given)


@login_required
@require_GET
def verification_print(request: SignedIn, pk: int) -> HttpResponse:
    """The form of the procedure: 化验单 with its sample, 地磅核验单, or 途中过磅记录."""
    verification = _opened(request, pk)
    found = brought_up(verification)
    found["reports"] = [each for each in found["reports"] if each.stage != TestReport.Stage.LABORATORY]
    return _page(request, verification, verification.kind, **found)


@login_required
@require_GET
def laboratory_print(request: SignedIn, pk: int) -> HttpResponse:
    """What the laboratory that both accept certified (检验结果证明单), once its certificate is entered."""
    verification = _opened(request, pk)
    found = brought_up(verification)
    found["reports"] = [each for each in found["reports"] if each.stage == TestReport.Stage.LABORATORY]
    if not found["reports"]:
        raise Http404
    return _page(request, verification, "laboratory", laboratory=True, **found)
