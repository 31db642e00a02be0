"""The time limits of surveys (KC 5.3.2)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from satisfaction.models import Campaign, Invitation, Measure

JULY = 7


def end_of_july(campaign: Campaign) -> date | None:
    """Until when the yearly survey must have been sent; None for one that is held at another time."""
    if campaign.kind != Campaign.Kind.ANNUAL or campaign.opens_on.month > JULY:
        return None
    return date(campaign.opens_on.year, JULY, 31)


def waited_for(invitation: Invitation) -> bool:
    """Whether its sheet can be missed; when an anonymous one came is written down nowhere."""
    campaign = invitation.campaign
    asked_by_hand = campaign.kind != Campaign.Kind.EVENT
    return asked_by_hand and not campaign.anonymous and campaign.status == Campaign.Status.RUNNING


def to_follow_up(invitation: Invitation) -> bool:
    """Whether a low answer of the customer waits for its owner."""
    return invitation.to_follow_up


Rule(
    "survey.return",
    "KC 5.3.2.1",
    label=_("Bring back the sheet of a survey"),
    on=Invitation,
    during={Invitation.Status.SENT},
    when=waited_for,
    since="sent_at",
    met_by=("satisfaction.answer_survey", "satisfaction.key_in_answers"),
    limit="3 d",
    reads=("campaign",),
)
Rule(  # that it reaches him at once is S5; how soon he acts on it is ours
    "survey.low",
    "ZT 4.2, KH 3.4",
    label=_("Follow up a low answer"),
    on=Invitation,
    during=set(Invitation.BACK),
    when=to_follow_up,
    since="low_at",
    met_by=(
        "satisfaction.complain_from_survey",
        "satisfaction.suggest_from_survey",
        "satisfaction.settle_low_answer",
    ),
    limit="1 wd",
)
Rule(
    "survey.annual",
    "KC 5.3.2.2",
    label=_("Send the yearly survey in July"),
    on=Campaign,
    during={Campaign.Status.PLANNED},
    due=end_of_july,
    met_by="satisfaction.start_campaign",
    warn="10 wd",
)
Rule(
    "survey.measure",
    "KC 5.3.3.3",
    label=_("Carry out a measure after a survey"),
    on=Measure,
    during={Measure.Status.OPEN},
    due="due_on",
    met_by="satisfaction.finish_measure",
    warn="1 wd",
)
