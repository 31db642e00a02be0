"""The printable form of an assessment (信用评估表, R8)."""

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
from customers.credit.models import Assessment
from customers.credit.shown import decisions_of, judgements

HEAD = ("customer", "assessed_by", "assessed_at", "valid_until", "in_force_at")


@login_required
@require_GET
def assessment_print(request: SignedIn, pk: int) -> HttpResponse:
    """The assessment with each score, its words, what follows from it, and who decided."""
    must_open(request.user, Assessment, pk)
    rows = Assessment.objects.visible_to(request.user).select_related("customer", "assessed_by")
    assessment: Assessment = get_object_or_404(rows, pk=pk)
    sheet = {
        "title": _("Credit assessment"),
        "number": assessment.number,
        "form_number": "JD-7.1",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(assessment.number),
        "back_url": assessment.get_absolute_url(),
        "facts": facts(assessment, HEAD, style="exact"),
    }
    context = {
        "sheet": sheet,
        "assessment": assessment,
        "judgements": judgements(assessment),
        "decisions": decisions_of(assessment),
    }
    return render(request, "credit/print/assessment.html", context)
