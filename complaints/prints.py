"""The printable forms (R8): the complaint handling report (客户投诉处理报告), the 8D report, the letter of reply."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.http import require_GET

from complaints import papers
from complaints.models import Complaint
from crm.web.areas import must_open
from crm.web.requests import SignedIn

RELATED = (
    "customer",
    "contact",
    "order",
    "pickup",
    "product__unit",
    "owner",
    "lead",
    "responsible",
    "registered_by",
    "received_by",
)


def found(request: SignedIn, pk: int) -> Complaint:
    """The complaint with what papers say of it, for whoever may open it. Raises Http404."""
    must_open(request.user, Complaint, pk)
    rows = Complaint.objects.visible_to(request.user).select_related(*RELATED)
    complaint: Complaint = get_object_or_404(rows, pk=pk)
    return complaint


def _printed(request: SignedIn, paper: papers.Paper) -> HttpResponse:
    if not paper.language:
        return render(request, paper.template, paper.context)
    with override(paper.language):
        return render(request, paper.template, paper.context)


@login_required
@require_GET
def report_print(request: SignedIn, pk: int) -> HttpResponse:
    """The handling report whole: evidence, opinions, findings, plans, who approved, measures, and return visits."""
    return _printed(request, papers.handling_report(found(request, pk)))


@login_required
@require_GET
def eight_d_print(request: SignedIn, pk: int) -> HttpResponse:
    """The same as an 8D report."""
    return _printed(request, papers.eight_d(found(request, pk)))


@login_required
@require_GET
def letter_print(request: SignedIn, pk: int) -> HttpResponse:
    """The letter of reply in the customer's language, once the result is reported."""
    complaint = found(request, pk)
    if not papers.may_reply(complaint):
        raise Http404
    return _printed(request, papers.letter(complaint))
