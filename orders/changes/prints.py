"""The printable forms (R8): the order change form (订单变更单) and the extension request (延期请求)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.approvals.models import ApprovalRequest, Decision
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from orders.changes.facts import differences, rows_of
from orders.changes.models import Change, Extension

ORDER = ("order__customer", "order__owner", "order__department", "contact")


def _sheet(paper: Any, title: Any, form_number: str, names: tuple[str, ...], signatures: list[Any]) -> dict[str, Any]:
    return {
        "title": title,
        "number": paper.number,
        "form_number": form_number,
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(paper.number),
        "back_url": paper.get_absolute_url(),
        "facts": [*facts(paper.order, ("customer",)), *facts(paper, names, style="exact")],
        "signatures": signatures,
    }


def _approved_by(change: Change) -> dict[str, Any]:
    """Who said yes to the change last, and when."""
    asked = ApprovalRequest.objects.about(change).filter(
        verb="changes.apply_change", status=ApprovalRequest.Status.DONE
    )
    said = Decision.objects.filter(request__in=asked, what=Decision.What.APPROVED).select_related("by").last()
    return {"name": said.by, "at": said.at} if said else {}


@login_required
@require_GET
def change_print(request: SignedIn, pk: int) -> HttpResponse:
    """The order change form (订单变更单): before and after, why, whose wish, both signatures."""
    must_open(request.user, Change, pk)
    rows = Change.objects.visible_to(request.user).select_related("drafted_by", *ORDER)
    change: Change = get_object_or_404(rows, pk=pk)
    lines = rows_of(change)
    names = ("order", "kind", "wish", "why", "contact", "confirmed_how", "confirmed_at")
    by_link = {"name": change.contact or "", "at": change.confirmed_at} if change.confirmed_how == "link" else {}
    signatures = [
        {"label": _("Drafted by"), "name": change.drafted_by, "at": change.drafted_at},
        {"label": _("Department manager"), **_approved_by(change)},
        {"label": _("For the customer"), **by_link},
    ]
    sheet = _sheet(change, _("Order change form"), "KF-3.2-1", names, signatures)
    acknowledged = change.acknowledgements.select_related("department", "by")
    context = {
        "sheet": sheet,
        "change": change,
        "lines": lines,
        "terms": [each for each in differences(change, lines) if not each.key.startswith("line-")],
        "acknowledgements": acknowledged,
    }
    return render(request, "changes/print/change.html", context)


@login_required
@require_GET
def extension_print(request: SignedIn, pk: int) -> HttpResponse:
    """The extension request (延期请求): cause, remedy, the date before and the new one, both signatures."""
    must_open(request.user, Extension, pk)
    rows = Extension.objects.visible_to(request.user).select_related("planner", "reported_by", *ORDER)
    extension: Extension = get_object_or_404(rows, pk=pk)
    names = ("order", "contact", "wanted_before", "new_on", "cause", "what", "remedy")
    by_link = {"name": extension.contact or "", "at": extension.agreed_at} if extension.agreed_how == "link" else {}
    signatures = [
        {"label": _("For the company"), "name": extension.reported_by, "at": extension.reported_at},
        {"label": _("Production planning"), "name": extension.planner, "at": extension.planned_at},
        {"label": _("For the customer"), **by_link},
    ]
    sheet = _sheet(extension, _("Extension request"), "KF-3.2-2", names, signatures)
    context = {
        "sheet": sheet,
        "extension": extension,
        "lines": extension.order.lines.select_related("product__unit", "unit").order_by("position"),
        "acknowledgements": extension.acknowledgements.select_related("department", "by"),
    }
    return render(request, "changes/print/extension.html", context)
