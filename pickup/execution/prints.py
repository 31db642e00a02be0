"""The printed report, on A4 across."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.qr import qr
from crm.web.requests import SignedIn
from pickup.execution.models import Report
from pickup.execution.views import content, found

MOST_PRINTED = 1000  # rows on paper; the sheet has all
FORM_NUMBERS = {Report.Kind.DAILY: "KC-EX-D", Report.Kind.MONTHLY: "KC-EX-M"}


@login_required
@require_GET
def report_print(request: SignedIn, pk: int) -> HttpResponse:
    """The report as far as its reader sees it and as he filters it (合同执行日报表)."""
    report = found(request, pk)
    context = content(report, request, MOST_PRINTED)
    sheet = {
        "title": report.get_kind_display(),
        "number": report.number,
        "form_number": FORM_NUMBERS[Report.Kind(report.kind)],
        "form_version": "1",
        "at": report.issued_at or clock.now(),
        "qr": qr(report.number),
        "back_url": report.get_absolute_url(),
    }
    return render(request, "execution/print/report.html", {**context, "sheet": sheet})
