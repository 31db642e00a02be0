"""Quotations: one offer to a customer in versions that all stay readable, with their lines."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer
from orders.inquiries.models import Inquiry
from orders.models import Order
from orders.models.lines import ListedLine, wants_something
from orders.quotations.models.sample import Sample

USER = settings.AUTH_USER_MODEL
LINK_PURPOSE = "quotations.answer"  # of the link on which the customer answers it
NONE = Decimal(0)


class Quotation(Searchable, models.Model):
    """A quotation (报价单) to a customer; what it says stands in its versions, the latest of which counts (KF 3.1.9).

    `latest`, `valid_until`, `total`, `tax` and `low_price` are those of the latest version, for lists and time limits.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waits for an answer")
        WISHES = "wishes", _("Changes wished")
        ACCEPTED = "accepted", _("Accepted in writing")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STATUS_COLOURS = {
        Status.DRAFT: "neutral",
        Status.SENT: "active",
        Status.WISHES: "soon",
        Status.ACCEPTED: "done",
        Status.DECLINED: "late",
        Status.EXPIRED: "neutral",
        Status.WITHDRAWN: "neutral",
    }

    number = models.CharField(_("quotation number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="quotations", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="quotations", verbose_name=_("inquiry")
    )
    sample = models.ForeignKey(
        Sample, models.PROTECT, null=True, blank=True, related_name="quotations", verbose_name=_("sample")
    )
    project = models.CharField(_("project"), max_length=120, blank=True)
    latest = models.PositiveSmallIntegerField(_("version"), default=1)
    valid_until = models.DateField(_("valid until"))
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=NONE)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=NONE)
    low_price = models.BooleanField(_("a price is below the lowest"), default=False)
    made_at = models.DateTimeField(_("made"), default=clock.now)
    offered_at = models.DateTimeField(_("first sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="quotation", verbose_name=_("order")
    )
    reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
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
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "project", "customer__name")
    owned_by = ("owner",)
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="quotations_by_status"),
            models.Index(fields=["owner", "-id"], name="quotations_of_owner"),
            models.Index(fields=["department", "-id"], name="quotations_of_department"),
            models.Index(fields=["customer", "-id"], name="quotations_of_customer"),
            models.Index(fields=["valid_until", "id"], name="quotations_by_validity"),
            models.Index(fields=["total", "id"], name="quotations_by_total"),
            models.Index(fields=["offered_at"], name="quotations_by_sending", condition=Q(offered_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0, tax__gte=0), name="quotation_total_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("quotation", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return " · ".join(filter(None, [self.customer.name, self.project]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the customer's name and the project."""
        return {"codes": [self.number], "names": [related(self, "customer").name, self.project]}

    @property
    def current(self) -> "QuotationVersion":
        """The version that counts: the latest one."""
        return self.versions.get(number=self.latest)

    @property
    def is_over(self) -> bool:
        """Whether the day until which it is valid has passed."""
        return clock.today() > self.valid_until


class QuotationVersion(models.Model):
    """What a quotation says in one version; a later version takes its place, and it stays readable."""

    class Outcome(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waits for an answer")
        WISHES = "wishes", _("Changes wished")
        ACCEPTED = "accepted", _("Accepted in writing")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    class How(models.TextChoices):
        LINK = "link", _("By his link")
        PAPER = "paper", _("On paper")
        TOLD = "told", _("Verbally")

    quotation = models.ForeignKey(
        Quotation, models.CASCADE, related_name="versions", db_index=False, verbose_name=_("quotation")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    outcome = models.CharField(_("state"), max_length=10, choices=Outcome.choices, default=Outcome.DRAFT)
    valid_until = models.DateField(_("valid until"))
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    payment = models.CharField(_("payment in words"), max_length=300, blank=True)
    delivery = models.CharField(_("delivery time"), max_length=300, blank=True)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=NONE)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=NONE)
    low_price = models.BooleanField(_("a price is below the lowest"), default=False)
    price_reason = models.CharField(_("why the low price was allowed"), max_length=300, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=clock.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_to = models.CharField(_("sent to"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_how = models.CharField(_("how he answered"), max_length=10, choices=How.choices, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    answer = models.TextField(_("customer's comment"), max_length=2000, blank=True)

    tracked = True
    seen_through = "quotation"
    lock_through = "quotation"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a quotation")
        verbose_name_plural = _("versions of quotations")
        ordering = ["quotation", "number"]
        constraints = [models.UniqueConstraint(fields=["quotation", "number"], name="quotation_version_once")]

    def __str__(self) -> str:
        return f"{self.quotation}-{self.number}"

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return Quotation.STATUS_COLOURS.get(self.outcome, "neutral")  # type: ignore[call-overload]


class QuotationLine(ListedLine):
    """One product of a version: how much in which unit, at which price with tax, and what the list said then."""

    quoted = models.ForeignKey(
        QuotationVersion, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("version")
    )

    seen_through = "quoted"
    lock_through = "quoted"

    class Meta:
        verbose_name = _("line of a quotation")
        verbose_name_plural = _("lines of quotations")
        ordering = ["quoted", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quoted", "position"], name="quotation_line_position_once"),
            wants_something("quotation_line_offers_something"),
        ]
