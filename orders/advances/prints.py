"""The printable application for advance shipping (先行发货申请单), with the decisions (R8)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.areas import must_open
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.advances.deciding import decided_by
from orders.advances.models import Advance
from orders.contracts.capitals import capitals
from orders.contracts.models import Contract
from orders.contracts.reviewing import opinions


@login_required
@require_GET
def advance_print(request: SignedIn, pk: int) -> HttpResponse:
    """The application with the customer's situation, the figures, and every decision as it was signed."""
    must_open(request.user, Advance, pk)
    rows = Advance.objects.visible_to(request.user).select_related("customer", "order__owner", "applied_by")
    advance: Advance = get_object_or_404(rows, pk=pk)
    asked = decided_by(advance)
    sheet = {
        "title": _("Advance shipping application"),
        "number": advance.number,
        "form_number": "KC-AD",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(advance.number),
        "back_url": advance.get_absolute_url(),
    }
    context = {
        "sheet": sheet,
        "advance": advance,
        "contract": Contract.objects.live().filter(order=advance.order_id).first(),
        "capitals": capitals(advance.ceiling),
        "request": asked,
        "opinions": opinions(asked) if asked else [],
        "uses": list(advance.uses.all()),
    }
    return render(request, "advances/print/application.html", context)
