"""What this app shows on the pages of its records, and of the customer who was asked."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import User
from crm.links.models import Link
from crm.web.panels import panel, step
from customers.models import Customer
from satisfaction.forms import known_answers
from satisfaction.models import ANSWER_PURPOSE, Campaign, Edition, Invitation, Questionnaire, Sheet, Unsent
from satisfaction.models.questionnaire import asked_in
from satisfaction.models.sheet import LEVELS
from satisfaction.results import may_be_shown, result_of
from satisfaction.scoring import Level
from satisfaction.shown import share, steps_of

SHOWN = 10
MOST_REMARKS = 100
S = Invitation.Status


def funnel_of(campaign: Campaign) -> list[dict[str, Any]]:
    """By owner: chosen, sent, opened, started, answered, whole, declined, late; anonymous: sent and answered."""
    kind = ContentType.objects.get_for_model(Invitation)
    links = Link.objects.filter(subject_type=kind, subject_pk=OuterRef("pk"), purpose=ANSWER_PURPOSE)
    opened = links.filter(opened_at__isnull=False)
    unsent = Unsent.objects.filter(invitation=OuterRef("pk"))
    rows = (
        campaign.invitations.annotate(looked=Exists(opened), writes=Exists(unsent))
        .order_by()
        .values("owner__name", "owner")
    )
    found = rows.annotate(
        chosen=Count("pk", filter=~Q(status=S.LEFT_OUT)),
        sent=Count("pk", filter=Q(status__in=Invitation.SENT_OUT)),
        opened=Count("pk", filter=Q(looked=True) | Q(status__in=Invitation.BACK) | Q(used=True)),
        started=Count("pk", filter=Q(writes=True) | Q(status__in=Invitation.BACK) | Q(used=True)),
        begun=Count("pk", filter=Q(status__in=[S.PARTLY, S.RETURNED]) | Q(used=True)),
        whole=Count("pk", filter=Q(status=S.RETURNED)),
        blank=Count("pk", filter=Q(status=S.BLANK)),
        declined=Count("pk", filter=Q(status=S.REFUSED)),
        late=Count("pk", filter=Q(sheet__late=True)),
    )
    return [{**row, "rate": share(row["begun"], row["sent"])} for row in found.order_by("owner__name", "owner")]


@panel(Campaign, "funnel", _("How far it is, by owner"), "satisfaction/panels/funnel.html", order=5)
def funnel(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """Who has sent how many, and what came back."""
    rows = funnel_of(campaign)
    return {"funnel": rows, "count": campaign.invitations.count()} if rows else None


@panel(Campaign, "result", _("Result"), "satisfaction/panels/result.html", order=10)
def result(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """The overall score and those of the sections, and the way to each step of the calculation."""
    if campaign.status in (Campaign.Status.PLANNED, Campaign.Status.DROPPED):
        return None
    found = result_of(campaign)
    if not may_be_shown(campaign, found.recovered):
        return {"hidden": True}
    return {"result": found, "steps": steps_of(found)}


@panel(Campaign, "remarks", _("Remarks"), "satisfaction/panels/remarks.html", order=20)
def remarks(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """What customers wrote, in no order, with their names for whom they are; of an anonymous survey once it is over."""
    if not may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
        return None
    rows = list(campaign.sheets.exclude(remarks="").order_by("pk")[:MOST_REMARKS])
    asked = Invitation.objects.visible_to(user).filter(pk__in=[each.invitation_id for each in rows])
    names = dict(asked.values_list("pk", "customer__name"))
    found = [{"text": each.remarks, "who": names.get(each.invitation_id, "")} for each in rows]
    return {"remarks": found, "count": len(found)} if found else None


@panel(Campaign, "measures", _("Measures of the departments"), "satisfaction/panels/measures.html", order=15)
def measures(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """What departments do about the result."""
    rows = [
        {"measure": each, "done": step("satisfaction.finish_measure", each, user)}
        for each in campaign.measures.select_related("campaign", "department", "owner__department").order_by("pk")
    ]
    action = step("satisfaction.enter_measure", campaign, user)
    return {"measures": rows, "count": len(rows), "action": action} if rows or action else None


@panel(Invitation, "sheet", _("Answers"), "satisfaction/panels/sheet.html", order=5)
def sheet(invitation: Invitation, user: User) -> dict[str, Any] | None:
    """What came back, how, and who keyed it in."""
    found = Sheet.objects.filter(invitation=invitation).select_related("keyed_by").first()
    if found is None:
        unsent = Unsent.objects.filter(invitation=invitation).first()
        return {"used": invitation.used, "unsent": unsent} if invitation.used or unsent else None
    known = known_answers(invitation)
    names = dict(LEVELS)
    said = []
    for each in asked_in(invitation.campaign.edition):
        level, matters = known.get(each.item_id, ("", False))
        low = level == Level.NOT_SATISFIED
        said.append({"text": str(each), "level": names.get(level, ""), "low": low, "star": matters})
    return {"sheet": found, "said": said}


@panel(Edition, "items", _("Survey items"), "satisfaction/panels/items.html", order=5)
def items(edition: Edition, user: User) -> dict[str, Any]:
    """The items in both languages, and the preview."""
    wordings = asked_in(edition)
    return {"wordings": wordings, "count": len(wordings)}


@panel(Questionnaire, "editions", _("Editions"), "satisfaction/panels/editions.html", order=5)
def editions(questionnaire: Questionnaire, user: User) -> dict[str, Any]:
    """All its editions, the newest first."""
    rows = list(questionnaire.editions.order_by("-number"))
    return {"rows": rows, "count": len(rows)}


def _asked(user: User, **which: Any) -> dict[str, Any] | None:
    if not user.has_perm("satisfaction.view_invitation"):
        return None
    rows = Invitation.objects.visible_to(user).filter(**which).select_related("campaign")
    found = list(rows.order_by("-pk")[:SHOWN])
    return {"rows": found, "count": len(found)} if found else None


@panel(Customer, "surveys", _("Satisfaction surveys"), "satisfaction/panels/asked.html", side=True, order=45)
def asked(customer: Customer, user: User) -> dict[str, Any] | None:
    """When he was asked, and how far that is."""
    return _asked(user, customer=customer)


@panel(Complaint, "surveys", _("Came from a survey"), "satisfaction/panels/asked.html", side=True, order=11)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The sheet on which the customer said it."""
    return _asked(user, complaint=complaint)


@panel(Feedback, "surveys", _("Came from a survey"), "satisfaction/panels/asked.html", side=True, order=11)
def of_feedback(feedback: Feedback, user: User) -> dict[str, Any] | None:
    """The sheet on which the customer said it."""
    return _asked(user, feedback=feedback)
