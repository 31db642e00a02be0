"""What this app shows on the pages of its records, and of the customer who was asked."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import User
from crm.web.areas import may_list
from crm.web.panels import panel, step
from customers.models import Customer
from satisfaction.forms import known_answers
from satisfaction.funnel import funnel_of, total_of
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire, Sheet, Unsent
from satisfaction.models.questionnaire import asked_in
from satisfaction.models.sheet import LEVELS
from satisfaction.remarks import counts_of, readable, remarked, ungrouped, with_groups
from satisfaction.results import may_be_shown, result_of
from satisfaction.scoring import Level
from satisfaction.shown import steps_of

SHOWN = 10
FEW = 10  # remarks on the page of the survey; all of them have a page of their own
MEASURE_VERBS = (
    "satisfaction.finish_measure",
    "satisfaction.tell_customers",
    "satisfaction.keep_from_customers",
)


@panel(Campaign, "funnel", _("How far it is, by owner"), "satisfaction/panels/funnel.html", order=5)
def funnel(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """Who has sent how many, and what came back."""
    rows = funnel_of(campaign)
    if not rows:
        return None
    total = total_of(rows) if len(rows) > 1 else None
    invitations = reverse("survey-invitations") if may_list(user, Invitation) else ""
    return {"funnel": rows, "total": total, "count": sum(row["chosen"] for row in rows), "invitations": invitations}


@panel(Campaign, "result", _("Result"), "satisfaction/panels/result.html", order=10)
def result(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """The overall score and those of the sections, and the way to each step of the calculation."""
    if campaign.status in (Campaign.Status.PLANNED, Campaign.Status.DROPPED):
        return None
    found = result_of(campaign)
    if not may_be_shown(campaign, found.recovered):
        return {"hidden": True}
    return {"result": found, "steps": steps_of(found)}


@panel(Campaign, "remarks", _("Customers' remarks"), "satisfaction/panels/remarks.html", order=20)
def remarks(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """How many remarks each group has, and the first that are in none, with names for whom the customers are."""
    if not may_be_shown(campaign, campaign.sheets.filter(counted=True).count()):
        return None
    counts = counts_of(campaign, user)
    if not counts:
        return None
    rows = remarked(campaign, user)
    found = list(with_groups(ungrouped(rows) if counts[0]["number"] else rows)[:FEW])
    shown = [each for each in counts if each["number"]]
    return {"remarks": readable(found, user), "counts": shown, "count": counts[-1]["number"]}


@panel(Campaign, "measures", _("Measures of the departments"), "satisfaction/panels/measures.html", order=15)
def measures(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """What departments do about the result."""
    wordings = {each.item_id: str(each) for each in asked_in(campaign.edition)}
    rows = [
        {
            "measure": each,
            "about": wordings.get(each.item_id),
            "steps": [found for verb in MEASURE_VERBS if (found := step(verb, each, user))],
        }
        for each in campaign.measures.select_related("campaign", "department", "owner__department").order_by("pk")
    ]
    action = step("satisfaction.enter_measure", campaign, user)
    return {"measures": rows, "count": len(rows), "action": action} if rows or action else None


@panel(Campaign, "copies", _("Copies for the management review"), "satisfaction/panels/copies.html", order=25)
def copies(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """The report as it stood each time when the management review got it, with who got it and the hashes."""
    rows = list(campaign.copies.select_related("by").order_by("-pk"))
    action = step("satisfaction.hand_to_review", campaign, user)
    return {"copies": rows, "count": len(rows), "action": action} if rows else None


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
