"""Campaigns (满意度调查): when which customers are asked with which edition, and how far each of them is (KC 5.3.2)."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer
from satisfaction.models.questionnaire import Edition, Item

USER = settings.AUTH_USER_MODEL
ANSWER_PURPOSE = "survey.answer"  # of the customer's link to a survey that knows who answers


def secret_hash(token: str) -> str:
    """What an invitation to an anonymous survey keeps of its token; it hashes otherwise than crm.links does."""
    return hashlib.sha256(b"satisfaction.invitation:" + token.encode()).hexdigest()


class Campaign(Searchable, models.Model):
    """One survey: its edition, its time, whether it is anonymous, and how often who does not answer is reminded."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Survey being planned")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended, report open")
        REPORTED = "reported", _("Report closed")
        DROPPED = "dropped", _("Not carried out")

    STATUS_COLOURS = {
        Status.PLANNED: "soon",
        Status.RUNNING: "active",
        Status.ENDED: "soon",
        Status.REPORTED: "done",
        Status.DROPPED: "neutral",
    }

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Yearly survey")
        BETWEEN = "between", _("In between")
        EVENT = "event", _("After an event")

    class Trigger(models.TextChoices):
        HANDOVER = "handover", _("Goods were handed over")
        COMPLAINT = "complaint", _("A complaint was closed")
        VISIT = "visit", _("A return visit was recorded")

    OPEN = (Status.PLANNED, Status.RUNNING, Status.ENDED)

    number = models.CharField(_("campaign number"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="campaigns", verbose_name=_("edition of a questionnaire")
    )
    trigger = models.CharField(_("after which event"), max_length=10, choices=Trigger.choices, blank=True)
    rest_days = models.PositiveSmallIntegerField(
        _("days of rest for a contact"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )  # within which nobody is asked after a second event
    opens_on = models.DateField(_("begins on"))
    until = models.DateField(_("answers until"))
    anonymous = models.BooleanField(_("anonymous"), default=False)
    step = models.DecimalField(
        _("step of the coefficients"), max_digits=7, decimal_places=6, null=True, blank=True
    )  # None: the usual one, 1/n²
    remind_every = models.PositiveSmallIntegerField(
        _("days between reminders"), default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    remind_most = models.PositiveSmallIntegerField(
        _("reminders at most"), default=2, validators=[MaxValueValidator(10)]
    )
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("owner"))
    planned_at = models.DateTimeField(_("planned at"), default=clock.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    never_asked = models.PositiveIntegerField(_("never sent"), null=True, blank=True)  # invitations, at the end
    handed_out_at = models.DateTimeField(_("report handed out"), null=True, blank=True)
    reported_at = models.DateTimeField(_("report closed at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner",)
    owned_by_department: tuple[str, ...] = ()
    called_by = ("number", "name")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey campaign")
        verbose_name_plural = _("survey campaigns")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="campaigns_by_status"),
            models.Index(fields=["owner", "-id"], name="campaigns_of_owner"),
            models.Index(fields=["opens_on", "id"], name="campaigns_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("opens_on")),
                name="campaign_ends_after_it_begins",
                violation_error_message=_("It cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=True) | Q(step__gt=0),
                name="campaign_step_is_positive",
                violation_error_message=_("The step lies above 0."),
            ),
            models.CheckConstraint(
                condition=Q(kind="event") & ~Q(trigger="") | ~Q(kind="event") & Q(trigger=""),
                name="event_campaign_has_its_event",
                violation_error_message=_("Say after which event it asks; other surveys have none."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="event", anonymous=True),
                name="event_campaign_is_not_anonymous",
                violation_error_message=_(
                    "A survey after events is not anonymous: few answer on a day, and each would be known by it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("campaign", args=[self.pk])

    @property
    def detail(self) -> str:
        """Its name, for hits and pickers."""
        return self.name

    @property
    def answerable(self) -> bool:
        """Whether sheets are taken: late ones until the report is closed, but none to an anonymous campaign (S3)."""
        return self.status == self.Status.RUNNING or (self.status == self.Status.ENDED and not self.anonymous)

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and its name."""
        return {"codes": [self.number], "names": [self.name]}


class Invitation(Searchable, models.Model):
    """That a campaign asks one customer, through one contact of his; each owner sends his own (KC 5.3.2.1).

    What is answered to a campaign that knows who answers moves the state. Of an anonymous one only `used` is noted,
    that there is an answer: without a verb, a time, a history, for nothing may lead from here to a sheet (decision
    0015).
    """

    class Status(models.TextChoices):
        TO_SEND = "to_send", _("To be sent")
        SENT = "sent", _("Sent")
        PARTLY = "partly", _("Partly answered")
        RETURNED = "returned", _("All items answered")
        BLANK = "blank", _("Returned blank")
        REFUSED = "refused", _("Declined to answer")
        LEFT_OUT = "left_out", _("Left out")

    STATUS_COLOURS = {
        Status.TO_SEND: "soon",
        Status.SENT: "active",
        Status.PARTLY: "active",
        Status.RETURNED: "done",
        Status.BLANK: "neutral",
        Status.REFUSED: "neutral",
        Status.LEFT_OUT: "neutral",
    }

    class Way(models.TextChoices):
        MAIL = "mail", _("Mail")
        SMS = "sms", _("SMS")
        PAPER = "paper", _("Printed sheet")

    BACK = (Status.PARTLY, Status.RETURNED, Status.BLANK)
    SENT_OUT = (Status.SENT, *BACK, Status.REFUSED)

    number = models.CharField(_("invitation number"), max_length=40, unique=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="invitations", db_index=False, verbose_name=_("survey campaign")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.TO_SEND)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="invitations", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))
    # As they were when he was chosen, so that a report does not change when he moves to another owner or tier.
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("owner"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Customer.Tier.choices)
    region = models.CharField(_("region"), max_length=40, blank=True)
    event = models.CharField(_("event"), max_length=40, blank=True)  # the number of the record that it asks about
    way = models.CharField(_("way of sending"), max_length=10, choices=Way.choices, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    reminded_on = models.DateField(_("last reminded on"), null=True, blank=True)
    remind_on = models.DateField(_("next reminder"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    complaint = models.OneToOneField(
        Complaint, models.PROTECT, null=True, blank=True, related_name="invitation", verbose_name=_("complaint")
    )
    feedback = models.OneToOneField(
        Feedback, models.PROTECT, null=True, blank=True, related_name="invitation", verbose_name=_("feedback")
    )
    low_at = models.DateTimeField(_("low answer since"), null=True, blank=True)  # None where nothing is to be done
    secret = models.CharField(max_length=64, blank=True, default="", editable=False)  # of an anonymous one's token
    used = models.BooleanField(_("answered anonymously"), default=False, editable=False)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    untracked = ("used", "secret")
    owned_by = ("owner",)
    owned_by_department = ("department",)
    lock_under = "campaign"  # which is ended while nobody answers, and answered to while nobody ends it
    called_by = ("number", "customer__name")
    guarded_by = ("campaign",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["campaign", "status", "-id"], name="invitations_of_campaign"),
            models.Index(fields=["campaign", "-id"], name="invitations_by_campaign"),  # the same in all states
            models.Index(fields=["status", "-id"], name="invitations_by_status"),
            models.Index(fields=["owner", "-id"], name="invitations_of_owner"),
            models.Index(fields=["department", "-id"], name="invitations_of_department"),
            models.Index(fields=["customer", "-id"], name="invitations_of_customer"),
            models.Index(fields=["remind_on"], name="invitations_to_remind", condition=Q(remind_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["secret"], condition=~Q(secret=""), name="invitation_has_its_own_secret"),
            models.UniqueConstraint(
                fields=["campaign", "customer", "event"],
                name="customer_asked_once_in_a_campaign",
                violation_error_message=_("This customer is asked already."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "contact", "event"],
                name="contact_asked_once_in_a_campaign",
                violation_error_message=_("This contact is asked already."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.pk])

    @property
    def detail(self) -> str:
        """Who is asked, for hits and pickers."""
        return self.customer.name

    @property
    def to_follow_up(self) -> bool:
        """Whether a low answer waits for its owner: nothing was made of it, nor was it said to need nothing (S5)."""
        return self.low_at is not None and self.complaint_id is None and self.feedback_id is None

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the customer's name."""
        return {"codes": [self.number], "names": [related(self, "customer").name]}


class Correction(models.Model):
    """That the coefficients of a campaign were corrected (修正): by whom, when, why; never changed (KC 5.3.3.2.1)."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="corrections", verbose_name=_("survey campaign")
    )
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)

    seen_through = "campaign"
    written_once = True

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of coefficients")
        verbose_name_plural = _("corrections of coefficients")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.reason}"


class Corrected(models.Model):
    """The coefficient that a correction gives to one item."""

    correction = models.ForeignKey(
        Correction, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("correction of coefficients")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("survey item"))
    computed = models.DecimalField(_("computed coefficient"), max_digits=7, decimal_places=6)
    value = models.DecimalField(_("coefficient"), max_digits=7, decimal_places=6)

    seen_through = "correction"
    written_once = True

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrected coefficient")
        verbose_name_plural = _("corrected coefficients")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "item"], name="item_corrected_once"),
            models.CheckConstraint(
                condition=Q(value__gt=0, value__lte=1),
                name="coefficient_is_positive",
                violation_error_message=_("A coefficient lies above 0, and not above 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"
