"""The printable form (R8): the return visit form (客户回访表), to be taken along empty, or filed with what he said."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from satisfaction.models.sheet import LEVELS
from satisfaction.visits.before import made_before, said_at
from satisfaction.visits.models import Visit


@login_required
@require_GET
def visit_print(request: SignedIn, pk: int) -> HttpResponse:
    """The form: what is known of the visit, boxes to tick and room to write, and what he said the time before."""
    must_open(request.user, Visit, pk)
    rows = Visit.objects.visible_to(request.user).select_related(
        "customer", "contact", "owner", "visited_by", "complaint", "feedback"
    )
    visit: Visit = get_object_or_404(rows, pk=pk)
    names = [
        "customer",
        "owner",
        "planned_on",
        "occasion",
        "delivered_at" if visit.delivered_at else "quarter",
        "contact",
        "channel",
        "done_at",
    ]
    sheet = {
        "title": _("Return visit form"),
        "number": visit.number,
        "form_number": "ZT-4-2-1",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(visit.number),
        "back_url": visit.get_absolute_url(),
        "facts": facts(visit, names, style="exact"),
        "signatures": [
            {"label": _("Visited by"), "name": visit.visited_by or "", "at": visit.done_at},
            {"label": _("Customer")},
        ],
    }
    before = made_before(visit, request.user)
    context = {
        "sheet": sheet,
        "visit": visit,
        "levels": [{"label": label, "chosen": visit.level == value} for value, label in LEVELS],
        "said": said_at(visit),
        "before": before,
        "said_before": [each for each in said_at(before) if each["text"]] if before else [],
    }
    return render(request, "visits/print/form.html", context)
