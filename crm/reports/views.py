"""Start pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.reports import today as start


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What the user must do, most urgent first."""
    return render(request, "today.html", {"today": start.today(request.user)})  # type: ignore[arg-type]
