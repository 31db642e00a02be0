"""The printable form (R8): the complaint handling report (客户投诉处理报告)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from complaints.models import Complaint
from complaints.report import sections
from crm import clock
from crm.approvals.models import ApprovalRequest, Decision
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn

RELATED = ("customer", "contact", "order", "pickup", "product__unit", "owner", "lead", "responsible", "registered_by")
NAMES = (
    "customer",
    "contact",
    "category",
    "severity",
    "wish",
    "channel",
    "order",
    "pickup",
    "product",
    "batch",
    "quantity",
    "received_at",
    "registered_at",
    "lead",
    "responsible",
    "content",
)


def _decisions(complaint: Complaint) -> list[Decision]:
    """Who agreed to the plans that were carried out, in the order in which they did."""
    asked = ApprovalRequest.objects.about(complaint).filter(
        verb="complaints.approve_plan", status=ApprovalRequest.Status.DONE
    )
    said = Decision.objects.filter(request__in=asked, what=Decision.What.APPROVED)
    return list(said.select_related("by").order_by("pk"))


@login_required
@require_GET
def report_print(request: SignedIn, pk: int) -> HttpResponse:
    """The handling report whole: evidence, opinions, findings, plans, who approved, measures, and return visits."""
    must_open(request.user, Complaint, pk)
    rows = Complaint.objects.visible_to(request.user).select_related(*RELATED)
    complaint: Complaint = get_object_or_404(rows, pk=pk)
    closed: dict[str, Any] = {"name": complaint.owner, "at": complaint.closed_at} if complaint.closed_at else {}
    sheet = {
        "title": _("Complaint handling report"),
        "number": complaint.number,
        "form_number": "ZT-5-1",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(complaint.number),
        "back_url": complaint.get_absolute_url(),
        "facts": facts(complaint, NAMES, style="exact"),
        "signatures": [
            {"label": _("Registered by"), "name": complaint.registered_by or "", "at": complaint.registered_at},
            {"label": _("Lead"), "name": complaint.lead or "", "at": complaint.found_at},
            {"label": _("Closed by sales"), **closed},
        ],
    }
    context = {
        "sheet": sheet,
        "complaint": complaint,
        "tasks": complaint.teamtasks.select_related("department", "owner"),
        "evidence": complaint.evidences.select_related("file", "judged_by"),
        "opinions": complaint.opinions.select_related("department", "by"),
        "findings": complaint.findings.select_related("cause__parent", "responsible", "signed_by"),
        "plans": complaint.plans.select_related("department", "person", "written_by"),
        "decisions": _decisions(complaint),
        "measures": complaint.measures.select_related("owner", "proof"),
        "visits": complaint.followups.select_related("by"),
        "sections": list(sections(complaint)),
    }
    return render(request, "complaints/print/report.html", context)
