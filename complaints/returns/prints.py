"""The printable forms (R8): the return notice (退货通知单) and the receipt of what came back (退货入库单)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from complaints.returns.models import ReturnNotice, ReturnReceipt
from crm import clock
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn

RELATED = (
    "complaint__customer",
    "complaint__contact",
    "order",
    "record",
    "delivery",
    "warehouse",
    "written_by",
    "signed_by",
    "phoned_by",
)


@login_required
@require_GET
def notice_print(request: SignedIn, pk: int) -> HttpResponse:
    """The return notice, as the slip desk gets it with the handling report."""
    must_open(request.user, ReturnNotice, pk)
    rows = ReturnNotice.objects.visible_to(request.user).select_related(*RELATED)
    notice: ReturnNotice = get_object_or_404(rows, pk=pk)
    phoned: dict[str, Any] = {"name": notice.phoned_by or "", "at": notice.phoned_at}
    sheet = {
        "title": _("Return notice"),
        "number": notice.number,
        "form_number": "KC-5-2",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(notice.number),
        "back_url": notice.get_absolute_url(),
        "facts": [
            *facts(notice.complaint, ("customer", "contact"), style="exact"),
            *facts(notice, ("complaint", "order", "record", "delivery", "warehouse", "why", "urgent"), style="exact"),
        ],
        "signatures": [
            {"label": _("Salesperson"), "name": notice.written_by or "", "at": notice.written_at},
            {"label": _("Sales manager"), "name": notice.signed_by or "", "at": notice.signed_at},
            *([{"label": _("Ordered by telephone"), **phoned}] if notice.phoned_at else []),
            {"label": _("Slip desk")},
        ],
    }
    lines = notice.lines.select_related("line__product__unit").order_by("pk")
    return render(request, "returns/print/notice.html", {"sheet": sheet, "lines": lines})


@login_required
@require_GET
def receipt_print(request: SignedIn, pk: int) -> HttpResponse:
    """The receipt of what came back, for the customer's person and the clerk to sign."""
    related = ("notice__complaint__customer", "notice__order", "notice__warehouse", "clerk")
    rows = ReturnReceipt.objects.visible_to(request.user).select_related(
        *related, "customer_signature", "clerk_signature"
    )
    receipt: ReturnReceipt = get_object_or_404(rows, pk=pk)
    must_open(request.user, ReturnNotice, receipt.notice_id)
    notice = receipt.notice
    sheet = {
        "title": _("Return receipt"),
        "number": receipt.number,
        "form_number": "KC-5-3",
        "form_version": "1",
        "at": receipt.at,
        "qr": qr(receipt.number),
        "back_url": notice.get_absolute_url(),
        "facts": [
            *facts(notice.complaint, ("customer",), style="exact"),
            *facts(receipt, ("notice",), style="exact"),
            *facts(notice, ("complaint", "order", "warehouse"), style="exact"),
            *facts(receipt, ("vehicle", "remarks", "amount"), style="exact"),
        ],
        "signatures": [
            {
                "label": _("Brought by"),
                "name": receipt.brought_by,
                "at": receipt.at,
                "image": _image(receipt.customer_signature),
            },
            {
                "label": _("Taken in by"),
                "name": receipt.clerk,
                "at": receipt.at,
                "image": _image(receipt.clerk_signature),
            },
        ],
    }
    lines = receipt.lines.select_related("line__line__product__unit").order_by("pk")
    return render(request, "returns/print/receipt.html", {"sheet": sheet, "lines": lines})


def _image(file: Any) -> str:
    return file.get_absolute_url() if file else ""
