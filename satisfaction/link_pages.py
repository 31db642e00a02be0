"""The customer's page of a survey that knows who answers; he can change his answers until it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.links.models import Link
from crm.links.pages import LinkPage
from crm.words import exact
from satisfaction.asking import Known, screens
from satisfaction.forms import known_answers
from satisfaction.models import ANSWER_PURPOSE, Invitation, Sheet, Unsent
from satisfaction.models.questionnaire import asked_in
from satisfaction.told import we_did
from satisfaction.unsent import keep

S = Invitation.Status


def facts(invitation: Invitation, link: Link) -> list[tuple[Any, Any]]:
    """Until when he is asked."""
    return [(_("answers until"), exact(invitation.campaign.until))]


def questions(invitation: Invitation, link: Link) -> dict[str, Any]:
    """The items with what he has answered so far; what he has not sent yet is there where he left."""
    sheet = Sheet.objects.filter(invitation=invitation).first()
    unsent = Unsent.objects.filter(invitation=invitation).first() if sheet is None else None
    known = known_answers(invitation) if unsent is None else _by_item(invitation, unsent)
    said = sheet or unsent
    return {
        "asked": screens(invitation.campaign.edition, known),
        "remarks": said.remarks if said is not None else "",
        "unsent": unsent,
        "keeps": invitation.status == S.SENT,
        "answered": sheet is not None and invitation.campaign.answerable,
        "declined": invitation.status == S.REFUSED and invitation.campaign.answerable,
        "we_did": we_did(invitation.campaign),
    }


def _by_item(invitation: Invitation, unsent: Unsent) -> Known:
    keys = {each.item.code: each.item_id for each in asked_in(invitation.campaign.edition)}
    return {keys[line["item"]]: (line["level"], line["matters"]) for line in unsent.answers if line["item"] in keys}


def state_of(invitation: Invitation) -> Any:
    """Where the survey stands, in one sentence to the customer."""
    if invitation.status == S.REFUSED:
        return _("You did not want to answer, and we ask you no more.")
    if invitation.status in Invitation.BACK:
        return _("Thank you for your answers.")
    return _("This survey is closed.")


LinkPage(
    ANSWER_PURPOSE,
    title=_("How satisfied are you with us?"),
    lead=_("It takes about two minutes. You can change your answers until the survey ends."),
    verbs=("satisfaction.answer_survey", "satisfaction.decline_survey"),
    facts=facts,
    context=questions,
    template="satisfaction/survey.html",
    single_use=False,
    state=state_of,
    keep=keep,
)
