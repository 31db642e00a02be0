"""The pages of surveys: campaign and its result, invitation, questionnaire and its editions."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from crm import clock
from crm.exchange.downloads import XLSX
from crm.links import answers
from crm.records.looks import DOWNLOAD, note
from crm.web.areas import area, must_open
from crm.web.panels import step
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from satisfaction.asking import screens
from satisfaction.charts import charts_of
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire, RemarkGroup
from satisfaction.models.remark import ALL, NONE
from satisfaction.models.sheet import LEVELS
from satisfaction.papers import measures_of
from satisfaction.remarks import PAGE, counts_of, in_group, readable, remarked, with_groups
from satisfaction.report import Evaluation
from satisfaction.results import FEWEST, may_be_shown, result_of
from satisfaction.shown import steps_of
from satisfaction.workbook import workbook_of

area(
    "satisfaction",
    _("Satisfaction"),
    icon="chart-bar",
    order=65,
    listings=["campaigns", "survey-invitations", "questionnaires", "editions"],
)

AFTER_EVENT = (_("After an event"), ("trigger", "rest_days"))


class CampaignView(RecordView):
    """One survey: how far it is, by owner, and what it comes to."""

    model = Campaign
    prints = ((_("Satisfaction report"), "campaign-report"),)
    related = ("edition__questionnaire", "owner")
    facts = (
        (_("Survey"), ("name", "kind", "edition", "anonymous", "owner")),
        (_("Time"), ("opens_on", "until", "started_at", "ended_at", "never_asked", "handed_out_at", "reported_at")),
        (_("Reminding"), ("remind_every", "remind_most", "step")),
        AFTER_EVENT,
    )

    def next_verb(self, obj: Campaign) -> str | None:
        """Customers are chosen before it starts; once it is over the departments get the report before it is closed.

        Nobody is led to end it while its days run and somebody may still answer.
        """
        if obj.status == Campaign.Status.PLANNED and not obj.invitations.exists():
            return "satisfaction.choose_customers"
        if obj.status == Campaign.Status.RUNNING and obj.until >= clock.today():
            awaited = obj.invitations.filter(status__in=[Invitation.Status.TO_SEND, Invitation.Status.SENT], used=False)
            return None if obj.kind == Campaign.Kind.EVENT or awaited.exists() else ""
        out = obj.status == Campaign.Status.ENDED and obj.handed_out_at is None
        return "satisfaction.hand_out_report" if out else ""

    def record(self, obj: Any, request: SignedIn) -> dict[str, Any]:
        """As any record; only a survey after events has days of rest."""
        shown = super().record(obj, request)
        if obj.kind != Campaign.Kind.EVENT:
            shown["facts"] = [each for each in shown["facts"] if each["label"] != AFTER_EVENT[0]]
        return shown


class InvitationView(RecordView):
    """One customer of a survey: whether it was sent, and what came back."""

    model = Invitation
    related = ("campaign", "customer", "contact", "owner", "department", "complaint", "feedback")
    prints = ((_("Survey form"), "survey-sheet"),)
    facts = (
        (_("Invitation"), ("campaign", "customer", "contact", "owner", "department")),
        (_("Sent"), ("way", "sent_at", "reminders", "reminded_on", "remind_on")),
        (_("When chosen"), ("tier", "region", "event")),
        (_("What became of it"), ("low_at", "reason", "complaint", "feedback")),
    )

    def record(self, obj: Any, request: SignedIn) -> dict[str, Any]:
        """As any record; of an anonymous survey no sheet with the customer's name on it is printed."""
        shown = super().record(obj, request)
        return {**shown, "print_links": []} if obj.campaign.anonymous else shown


class QuestionnaireView(RecordView):
    """One questionnaire with its editions."""

    model = Questionnaire
    facts = ((_("Questionnaire"), ("code", "name", "name_en")),)


class EditionView(RecordView):
    """One edition with its items."""

    model = Edition
    related = ("questionnaire", "made_by", "released_by")
    facts = ((_("Edition"), ("questionnaire", "number", "made_by", "made_at", "released_by", "released_at")),)


@login_required
@require_GET
def result(request: SignedIn, pk: int) -> HttpResponse:
    """Each step of the calculation, so that a pocket calculator can follow it (S3)."""
    must_open(request.user, Campaign, pk)
    rows = Campaign.objects.visible_to(request.user).select_related("edition__questionnaire", "owner")
    campaign: Campaign = get_object_or_404(rows, pk=pk)
    found = result_of(campaign)
    context: dict[str, Any] = {"campaign": campaign, "fewest": FEWEST, "levels": LEVELS}
    if may_be_shown(campaign, found.recovered):
        context |= {"result": found, "steps": steps_of(found)}
    return render(request, "satisfaction/result.html", context)


@login_required
@require_GET
def evaluation(request: SignedIn, pk: int) -> HttpResponse:
    """The report on the screen: drawings with their tables, earlier surveys, what to do first, measures (S4)."""
    must_open(request.user, Campaign, pk)
    rows = Campaign.objects.visible_to(request.user).select_related("edition__questionnaire", "owner")
    campaign: Campaign = get_object_or_404(rows, pk=pk)
    of = Evaluation(campaign, request.user)
    context: dict[str, Any] = {"campaign": campaign, "fewest": FEWEST}
    if of.shown:
        context |= {"result": of.result, "steps": steps_of(of.result), "charts": charts_of(of), **of.parts()}
        context |= {"remark_groups": counts_of(campaign, request.user), "measures": measures_of(of)}
    return render(request, "satisfaction/evaluation.html", context)


@login_required
@require_GET
def remarks(request: SignedIn, pk: int) -> HttpResponse:
    """The remarks of a survey by group, some at a time, to be read and put into groups (S4)."""
    must_open(request.user, Campaign, pk)
    rows = Campaign.objects.visible_to(request.user)
    campaign: Campaign = get_object_or_404(rows, pk=pk)
    counts, context = [], {"campaign": campaign, "fewest": FEWEST}
    shown = may_be_shown(campaign, campaign.sheets.filter(counted=True).count())
    if shown:
        counts = counts_of(campaign, request.user)
        chosen = _chosen(counts, request.GET.get("group", ""))
        found = in_group(remarked(campaign, request.user), chosen)
        if (after := _key(request.GET.get("after", ""))) is not None:
            found = found.filter(pk__gt=after)
        sheets = list(with_groups(found)[: PAGE + 1])
        more = f"?{urlencode({'group': chosen, 'after': sheets[PAGE - 1].pk})}" if len(sheets) > PAGE else ""
        context |= {"remarks": readable(sheets[:PAGE], request.user), "more_url": more, "chosen": chosen}
    action = step("satisfaction.group_remarks", campaign, request.user) if counts else None
    context |= {"shown": shown, "counts": counts, "action": action, "key": uuid4()}
    context["groups"] = list(RemarkGroup.objects.filter(active=True)) if action else []
    return render(request, "satisfaction/remarks.html", context)


def _chosen(counts: list[dict[str, Any]], key: str) -> str:
    """The group that is asked for; without one those in no group yet, or all where each has its group."""
    if key in {each["key"] for each in counts}:
        return key
    return NONE if counts and counts[0]["number"] else ALL


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_GET
@xframe_options_sameorigin
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """The survey as the customer sees it on his telephone; nothing of it can be sent."""
    must_open(request.user, Edition, pk)
    edition: Edition = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    return answers.page(request, "satisfaction/preview.html", {"asked": screens(edition), "edition": edition})


@login_required
@require_GET
def workbook(request: SignedIn, pk: int) -> HttpResponse:
    """The calculation as an Excel file with live formulas; that somebody took it is logged (S4)."""
    must_open(request.user, Campaign, pk)
    rows = Campaign.objects.visible_to(request.user).select_related("edition__questionnaire")
    campaign: Campaign = get_object_or_404(rows, pk=pk)
    of = Evaluation(campaign, request.user)
    if not of.shown:
        raise Http404
    note(DOWNLOAD, by=request.user, subject=campaign, customer_id=None, inputs={"kind": "workbook"})
    name = f"{campaign.number}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(workbook_of(of), content_type=XLSX, headers=headers)
