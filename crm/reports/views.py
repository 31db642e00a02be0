"""Start pages, and the page of reports."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.reports import today as start
from crm.reports.charts import chart, reports_for, starting
from crm.web.areas import area
from crm.web.requests import SignedIn

RIGHT = "deadlines.view_deadline"  # whoever answers for how time limits are kept looks at the reports

area(
    "reports",
    _("Reports"),
    icon="chart-bar",
    order=90,
    listings=["deadlines"],
    pages=[("reports", RIGHT)],
)


@login_required
@require_GET
def today(request: SignedIn) -> HttpResponse:
    """What the user must do, most urgent first, and the figures that his work begins with."""
    context = {
        "today": start.today(request.user, everything="all" in request.GET),
        "charts": [chart(each, request.user) for each in starting(request.user)],
    }
    return render(request, "today.html", context)


@login_required
@require_GET
def reports(request: SignedIn) -> HttpResponse:
    """Every report that the user may look at, each with its definition, its table and its export."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    charts = [chart(each, request.user) for each in reports_for(request.user)]
    return render(request, "reports.html", {"charts": charts})
