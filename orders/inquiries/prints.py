"""The inquiry record on paper (咨询记录表): who asked what, who answered, and how (JD 2.1, R8)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.facts import facts
from crm.web.requests import SignedIn
from orders.inquiries.models import Inquiry

FACTS = ("customer", "name", "contact_name", "phone", "email", "channel", "received_at", "urgent", "matter")
ANSWER = ("owner", "department", "reply", "answer", "called_back_at", "closing_reason")


@login_required
@require_GET
def inquiry_print(request: SignedIn, pk: int) -> HttpResponse:
    """The record of one inquiry; identifiers are masked on it as everywhere."""
    rows = Inquiry.objects.visible_to(request.user)
    rows = rows.select_related("customer", "owner", "department", "received_by", "answered_by")
    inquiry = get_object_or_404(rows, pk=pk)
    sheet = {
        "title": _("Inquiry record"),
        "number": inquiry.number,
        "form_number": "JD-02",
        "form_version": "1",
        "at": clock.now(),
        "back_url": inquiry.get_absolute_url(),
        "facts": [*facts(inquiry, FACTS, style="exact"), *facts(inquiry, ANSWER, style="exact")],
        "signatures": [
            {"label": _("Received by"), "name": inquiry.received_by, "at": inquiry.received_at},
            {"label": _("Answered by"), "name": inquiry.answered_by or "", "at": inquiry.answered_at},
        ],
    }
    return render(request, "print/base.html", {"sheet": sheet})
