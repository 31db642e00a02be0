"""The printable forms of a pickup (R8): notice, slip, letter of authority, record."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from pickup.models import Authority, Pickup, Record

BLANK = "＿" * 14  # where somebody writes by hand
PERSON = ("person", "id_number", "phone", "vehicle", "goods", "valid_from", "valid_until")


def _seen(request: SignedIn, pk: int) -> Pickup:
    """The pickup with what its forms show. Raises Http404."""
    rows = Pickup.objects.visible_to(request.user).select_related("order", "customer", "contact", "warehouse", "window")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def notice_print(request: SignedIn, pk: int, slip: bool = False) -> HttpResponse:
    """The pickup notice (提货通知) or the pickup slip (提货单) on paper, with its QR."""
    pickup = _seen(request, pk)
    sheet = {
        "title": _("Pickup slip") if slip else _("Pickup notice"),
        "number": pickup.number,
        "form_number": "ZT-03" if slip else "ZT-02",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(pickup.code),
        "back_url": pickup.get_absolute_url(),
        "facts": facts(pickup, ("customer", "order", "contact", "window", "warehouse", "code")),
        "signatures": [{"label": _("Issued by")}, {"label": _("Received by")}] if slip else [],
    }
    lines = pickup.order.lines.select_related("product__unit", "unit").order_by("position")
    return render(request, "pickup/print/pickup.html", {"sheet": sheet, "pickup": pickup, "lines": lines, "slip": slip})


@login_required
@require_GET
def letter_print(request: SignedIn, pk: int) -> HttpResponse:
    """The letter of authority (提货委托书) for the customer to sign; who collects is left blank until he is named."""
    pickup = _seen(request, pk)
    named = pickup.authorities.filter(status=Authority.Status.VALID).order_by("-pk").first()
    person = facts(named, PERSON, style="exact") if named else _blanks()
    sheet = {
        "title": _("Letter of authority"),
        "number": pickup.number,
        "form_number": "ZT-05",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(pickup.code),
        "back_url": pickup.get_absolute_url(),
        "facts": [*facts(pickup, ("customer", "order", "window", "warehouse")), *person],
        "signatures": [{"label": _("Signature and seal of the customer")}, {"label": _("Signature of the collector")}],
    }
    return render(request, "pickup/print/letter.html", {"sheet": sheet})


def _blanks() -> list[dict[str, Any]]:
    return [{"label": Authority._meta.get_field(name).verbose_name, "html": BLANK} for name in PERSON]  # type: ignore[union-attr]


@login_required
@require_GET
def record_print(request: SignedIn, pk: int) -> HttpResponse:
    """The pickup record on paper, with both signatures."""
    rows = Record.objects.visible_to(request.user).select_related(
        "pickup__order",
        "pickup__customer",
        "pickup__warehouse",
        "clerk",
        "authority",
        "customer_signature",
        "clerk_signature",
    )
    record = get_object_or_404(rows, pk=pk)
    sheet = {
        "title": _("Pickup record"),
        "number": record.number,
        "form_number": "ZT-04",
        "form_version": "1",
        "at": record.at,
        "qr": qr(record.number),
        "back_url": record.get_absolute_url(),
        "facts": [
            *facts(record.pickup, ("customer", "order", "warehouse")),
            *facts(record, ("pickup", "kind", "collector", "identity", "authority", "vehicle")),
            *facts(record, ("objection", "override", "reason")),
        ],
        "signatures": [
            {
                "label": _("Collected by"),
                "name": record.collector,
                "at": record.at,
                "image": _image(record.customer_signature),
            },
            {
                "label": _("Handed over by"),
                "name": record.clerk,
                "at": record.at,
                "image": _image(record.clerk_signature),
            },
        ],
    }
    lines = record.lines.select_related("line__product__unit").order_by("line__position")
    return render(request, "pickup/print/record.html", {"sheet": sheet, "record": record, "lines": lines})


def _image(file: Any) -> str:
    return file.get_absolute_url() if file else ""
