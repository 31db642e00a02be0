"""The page and dialog "why then?"."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from crm.deadlines.explain import why
from crm.deadlines.models import Deadline


@login_required
@require_GET
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """How one deadline came about; a dialog where htmx asks, else a page. Unseen is 404."""
    rows = Deadline.objects.select_related("responsible", "department", "rule_version")
    found = get_object_or_404(rows, pk=pk)
    if not found.seen_by(request.user):  # type: ignore[arg-type]
        raise Http404
    context = {"deadline": found, "subject": found.subject, "why": why(found, get_language() or "")}
    dialog = request.headers.get("HX-Target") == "dialog"
    return render(request, "deadlines/why.html" if dialog else "deadlines/why_page.html", context)
