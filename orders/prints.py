"""The printable forms of an order: application, handover record, confirmation, sign-off sheet (R8)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.web.qr import qr
from orders.models import Order

# (title, number of the form, its version)
FORMS = {
    "application": (_("Order application form"), "JD-01", "1"),
    "confirmation": (_("Order confirmation"), "ZT-01", "1"),
    "sheet": (_("Sign-off sheet"), "JD-05", "1"),
}


def form_view(name: str) -> Any:
    """The view function of one form, for urls.py."""

    @login_required
    @require_GET
    def show(request: HttpRequest, pk: int) -> HttpResponse:
        rows = Order.objects.visible_to(request.user).select_related(
            "customer", "contact", "owner", "type", "applied_by"
        )
        order = get_object_or_404(rows, pk=pk)
        title, number, version = FORMS[name]
        context = {
            "title": title,
            "form_number": number,
            "form_version": version,
            "order": order,
            "lines": order.lines.select_related("product", "unit").order_by("position"),
            "qr": qr(order.number),
        }
        return render(request, f"orders/print/{name}.html", context)

    return show
