"""Start pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.reports import today as start
from crm.web.requests import SignedIn


@login_required
@require_GET
def today(request: SignedIn) -> HttpResponse:
    """What the user must do, most urgent first."""
    return render(request, "today.html", {"today": start.today(request.user, everything="all" in request.GET)})
