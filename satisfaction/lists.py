"""The lists of this app, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from satisfaction.filters import CampaignFilter, EditionFilter, InvitationFilter, QuestionnaireFilter
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire

CS, IS = Campaign.Status, Invitation.Status
LOW = Q(low_at__isnull=False, complaint=None, feedback=None)  # as Invitation.to_follow_up says it


CAMPAIGNS = Listing(
    "campaigns",
    Campaign,
    _("Satisfaction surveys"),
    [
        Column("number", _("Number"), kind="code"),
        Column("name", _("Name")),
        Column("kind", _("Kind"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("opens_on", _("Begins on"), kind="date", sortable=True),
        Column("until", _("Answers until"), kind="date"),
        Column("anonymous", _("Anonymous"), kind="bool"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
    ],
    CampaignFilter,
    tabs=[View("open", _("Open"), lambda user: Q(status__in=Campaign.OPEN))],
    creates=["satisfaction.plan_campaign"],
    empty=_("No survey yet. The yearly one proposes itself in July."),
)
INVITATIONS = Listing(
    "survey-invitations",
    Invitation,
    _("Invitations to surveys"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("contact", _("Contact"), source="contact__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("campaign", _("Survey"), source="campaign__name"),
        Column("way", _("Way of sending"), kind="choice"),
        Column("sent_at", _("Sent at"), kind="datetime"),
        Column("reminders", _("Reminders sent"), kind="number", shown=False),
        Column("tier", _("Tier"), kind="choice", shown=False),
        Column("region", _("Region"), shown=False),
        Column("used", _("Answered anonymously"), kind="bool", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("campaign_id", _("Survey's key"), shown=False),
    ],
    InvitationFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user)),
        View(
            "send",
            _("To be sent"),
            lambda user: Q(status=IS.TO_SEND, campaign__status=CS.RUNNING, owner=user),
            asks="satisfaction.send_invitation",
        ),
        View("low", _("Low answers to follow up"), lambda user: LOW, asks="satisfaction.complain_from_survey"),
        View("begun", _("Begun, not sent"), lambda user: Q(status=IS.SENT, unsent__isnull=False)),
        View("out", _("Not back yet"), lambda user: Q(status=IS.SENT, used=False)),
        View("back", _("Sheets that came back"), lambda user: Q(status__in=Invitation.BACK) | Q(used=True)),
    ],
    bulk=["satisfaction.send_invitation", "satisfaction.remind_invitation"],
    empty=_("No invitations. They are made where a survey chooses its customers."),
)
QUESTIONNAIRES = Listing(
    "questionnaires",
    Questionnaire,
    _("Questionnaires"),
    [
        Column("code", _("Form code"), kind="code"),
        Column("name", _("Name")),
        Column("name_en", _("English name")),
    ],
    QuestionnaireFilter,
    creates=["satisfaction.create_questionnaire"],
    empty=_("No questionnaires."),
)
EDITIONS = Listing(
    "editions",
    Edition,
    _("Editions of questionnaires"),
    [
        Column("questionnaire", _("Questionnaire"), source="questionnaire__name"),
        Column("number", _("Number"), kind="number"),
        Column("status", _("State"), kind="status"),
        Column("made_by", _("Written by"), source="made_by__name", kind="name"),
        Column("released_at", _("Released at"), kind="datetime"),
    ],
    EditionFilter,
    empty=_("No editions."),
)
