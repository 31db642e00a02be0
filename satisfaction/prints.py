"""The printable forms (R8): the survey form (顾客满意度调查表) of a customer, and the report (顾客满意度评价报告)."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm import clock
from crm.web.areas import must_open
from crm.web.facts import facts
from crm.web.qr import qr
from crm.web.requests import SignedIn
from satisfaction.asking import screens
from satisfaction.models import Campaign, Invitation
from satisfaction.papers import TEMPLATE, report_paper
from satisfaction.told import we_did


@login_required
@require_GET
def sheet_print(request: SignedIn, pk: int) -> HttpResponse:
    """The form to tick, with the number by which whoever keys it in finds the invitation."""
    must_open(request.user, Invitation, pk)
    rows = Invitation.objects.visible_to(request.user)
    rows = rows.select_related("campaign__edition__questionnaire", "customer", "contact")
    invitation: Invitation = get_object_or_404(rows, pk=pk)
    if invitation.campaign.anonymous:  # a sheet with a name on it, which nobody may key in
        raise Http404
    sheet = {
        "title": invitation.campaign.edition.questionnaire,
        "number": invitation.number,
        "form_number": "KC-5-3-1",
        "form_version": str(invitation.campaign.edition.number),
        "at": clock.now(),
        "qr": qr(invitation.number),
        "back_url": invitation.get_absolute_url(),
        "facts": facts(invitation, ("customer", "contact", "owner"), style="exact"),
        "signatures": [{"label": _("Customer")}],
    }
    campaign = invitation.campaign
    context = {"sheet": sheet, "asked": screens(campaign.edition), "campaign": campaign, "we_did": we_did(campaign)}
    return render(request, "satisfaction/print/sheet.html", context)


@login_required
@require_GET
def report_print(request: SignedIn, pk: int) -> HttpResponse:
    """The evaluation report: recovery, scores, groups, earlier waves, what to mend first, remarks, measures (S4)."""
    must_open(request.user, Campaign, pk)
    rows = Campaign.objects.visible_to(request.user).select_related("edition__questionnaire", "owner")
    campaign: Campaign = get_object_or_404(rows, pk=pk)
    return render(request, TEMPLATE, report_paper(campaign, request.user))
