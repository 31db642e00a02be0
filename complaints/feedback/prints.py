"""The printable form (R8): the feedback form (客户意见处理单)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from complaints.feedback.models import Feedback
from crm import clock
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn

RELATED = (
    "customer",
    "contact",
    "order",
    "product__unit",
    "staff",
    "owner",
    "received_by",
    "answered_by",
    "done_by",
    "complaint",
)
NAMES = (
    "customer",
    "contact",
    "kind",
    "about",
    "staff",
    "channel",
    "order",
    "product",
    "received_by",
    "received_at",
    "owner",
    "content",
    "verdict",
    "solution",
    "reason",
    "promise",
    "due_on",
    "told_at",
    "told_how",
    "reaction",
    "outcome",
    "complaint",
)


@login_required
@require_GET
def feedback_print(request: SignedIn, pk: int) -> HttpResponse:
    """The form whole: what the customer said, who had it, the answer, and what he was told."""
    must_open(request.user, Feedback, pk)
    rows = Feedback.objects.visible_to(request.user).select_related(*RELATED)
    feedback: Feedback = get_object_or_404(rows, pk=pk)
    told: dict[str, Any] = {"name": feedback.owner, "at": feedback.told_at} if feedback.told_at else {}
    sheet = {
        "title": _("Feedback form"),
        "number": feedback.number,
        "form_number": "ZT-4-2",
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(feedback.number),
        "back_url": feedback.get_absolute_url(),
        "facts": facts(feedback, NAMES, style="exact"),
        "signatures": [
            {"label": _("Received by"), "name": feedback.received_by, "at": feedback.received_at},
            {"label": _("Answered by"), "name": feedback.answered_by or "", "at": feedback.answered_at},
            {"label": _("Customer told by"), **told},
        ],
    }
    passings = feedback.passings.select_related("department", "by", "ended_by")
    return render(request, "feedback/print/form.html", {"sheet": sheet, "passings": passings})
