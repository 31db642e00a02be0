"""The printable forms of an order (R8): application, confirmation, sign-off sheet, handover record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.records.attachments import visible
from crm.records.models import Attachment
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.models import Handover, Order


@dataclass(frozen=True)
class Form:
    """A printed form: what it is called, its number and version, the facts on it and who signs."""

    title: Any
    number: str
    facts: tuple[str, ...]
    signatures: tuple[Any, ...]
    version: str = "1"


FORMS = {
    "application": Form(
        _("Order application form"),
        "JD-01",
        ("customer", "contact", "type", "project", "description", "fulfilment", "wanted_on", "place", "payment_terms"),
        (_("Applicant"), _("Reviewer")),
    ),
    "confirmation": Form(
        _("Order confirmation"),
        "ZT-01",
        ("customer", "contact", "reference", "fulfilment", "wanted_on", "place", "payment_terms"),
        (_("For the company"), _("For the customer")),
    ),
    "sheet": Form(
        _("Sign-off sheet"),
        "JD-05",
        ("customer", "contact", "reference", "fulfilment", "wanted_on", "place"),
        (_("Handed over by"), _("Received by")),
    ),
}


def form_view(name: str) -> Callable[..., HttpResponse]:
    """The view function of one form, for urls.py."""
    form = FORMS[name]

    @login_required
    @require_GET
    def show(request: SignedIn, pk: int) -> HttpResponse:
        rows = Order.objects.visible_to(request.user).select_related("customer", "contact", "type")
        order = get_object_or_404(rows, pk=pk)
        sheet = {
            "title": form.title,
            "number": order.number,
            "form_number": form.number,
            "form_version": form.version,
            "at": clock.now(),
            "qr": qr(order.number),
            "back_url": order.get_absolute_url(),
            "facts": facts(order, form.facts, style="exact"),
            "signatures": [{"label": label} for label in form.signatures],
        }
        lines = order.lines.select_related("product__unit", "unit").order_by("position")
        return render(
            request, "orders/print/order.html", {"sheet": sheet, "order": order, "lines": lines, "form": name}
        )

    return show


@login_required
@require_GET
def handover_print(request: SignedIn, pk: int) -> HttpResponse:
    """The handover record (交接记录): what went from whom to whom, with its papers, and when it was received."""
    rows = Handover.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("order__customer", "giver", "receiver", "department"), pk=pk)
    order = row.order
    sheet = {
        "title": _("Handover record"),
        "number": f"{order.number}-{row.pk}",
        "form_number": "JD-03",
        "form_version": "1",
        "at": clock.now(),
        "back_url": order.get_absolute_url(),
        "facts": [
            *facts(row, ("order",)),
            *facts(order, ("customer", "project", "total")),
            {"label": _("Contents handed over"), "html": row.get_what_display()},
            *facts(row, ("department", "remarks"), style="exact"),
        ],
        "signatures": [
            {"label": _("Handed over by"), "name": row.giver, "at": row.given_at},
            {"label": _("Received by"), "name": row.receiver or "", "at": row.received_at},
        ],
    }
    papers = visible(Attachment.objects.about(order).filter(at__lte=row.given_at).order_by("pk"), request.user)
    return render(request, "orders/print/handover.html", {"sheet": sheet, "papers": papers})
