"""The analysis page: all figures for the days that one asks for, and the causes that came again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints.analysis import span as spans
from complaints.analysis.charts import ANALYSES
from complaints.analysis.charts import RIGHT as SEES
from complaints.analysis.recurring import WITHIN, least, patterns
from complaints.models import Complaint
from crm import clock
from crm.reports.views import RIGHT
from crm.web.requests import SignedIn


@login_required
@require_GET
def analysis(request: SignedIn) -> HttpResponse:
    """Every figure that the user may look at, within what he sees."""
    if not request.user.has_perm(RIGHT) or not request.user.has_perm(SEES):
        raise PermissionDenied
    days = spans.asked(request.GET)
    rows: Any = Complaint.objects.visible_to(request.user)
    context = {
        "days": days,
        "ranges": _ranges(days),
        "patterns": patterns(rows),
        "within": WITHIN.days,
        "least": least(),
        "charts": [each.drawn(request.user, days) for each in ANALYSES.values() if request.user.has_perm(each.right)],
    }
    return render(request, "analysis/page.html", context)


def _ranges(days: spans.Span) -> list[dict[str, Any]]:
    """The stretches that one asks for with one tap."""
    today = clock.today()
    this_month = spans.Span(today.replace(day=1), today)
    found = [
        (_("This month"), this_month),
        (_("Last month"), spans.month_before(today)),
        (_("This year"), spans.Span(today.replace(month=1, day=1), today)),
        (_("Twelve months"), spans.usual()),
    ]
    return [{"label": label, "url": f"?{urlencode(each.query)}", "active": each == days} for label, each in found]
