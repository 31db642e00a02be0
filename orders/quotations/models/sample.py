"""Samples that a customer asked for: the goods, each round that was made, and what exactly he approved."""

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
from orders.catalog.models import Product, Unit
from orders.inquiries.models import Inquiry
from orders.models import Order

USER = settings.AUTH_USER_MODEL
SAMPLE_LINK = "quotations.sample"  # the purpose of the link on which the customer follows and approves it


class Sample(Searchable, models.Model):
    """A sample request (样品单), from the customer's wish to his approval in writing (KF 3.1.9, 3.2.1-3.2.2)."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        MAKING = "making", _("Being made")
        MADE = "made", _("Sample made")
        SENT = "sent", _("On its way")
        RECEIVED = "received", _("Received by the customer")
        APPROVED = "approved", _("Approved in writing")
        DECLINED = "declined", _("To be changed")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {
        Status.REQUESTED: "active",
        Status.MAKING: "active",
        Status.MADE: "active",
        Status.SENT: "soon",
        Status.RECEIVED: "soon",
        Status.APPROVED: "done",
        Status.DECLINED: "late",
        Status.CANCELLED: "neutral",
    }
    OURS = (Status.REQUESTED, Status.MAKING, Status.MADE, Status.DECLINED)  # the next step is the house's
    HIS = (Status.SENT, Status.RECEIVED)  # the next step is the customer's

    number = models.CharField(_("sample number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="samples", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sample recipient")
    )
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("inquiry")
    )
    place = models.CharField(_("address that it goes to"), max_length=300, blank=True)
    expects = models.TextField(_("what the customer expects"), max_length=2000, blank=True)
    wanted_on = models.DateField(_("wanted by"))
    expected_on = models.DateField(_("expected completion"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    progress = models.TextField(_("last update to the customer"), max_length=2000, blank=True)
    told_at = models.DateTimeField(_("customer last told"), default=clock.now)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="sample", verbose_name=_("order")
    )
    reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    requested_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("requested by")
    )
    maker = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("who makes it")
    )
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
    called_by = ("number", "customer__name")
    owned_by = ("owner", "maker")
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="samples_by_status"),
            models.Index(fields=["owner", "-id"], name="samples_of_owner"),
            models.Index(fields=["maker", "-id"], name="samples_of_maker"),
            models.Index(fields=["department", "-id"], name="samples_of_department"),
            models.Index(fields=["customer", "-id"], name="samples_of_customer"),
            models.Index(fields=["wanted_on", "id"], name="samples_by_wanted"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("sample", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return self.customer.name

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the customer's name."""
        return {"codes": [self.number], "names": [related(self, "customer").name]}


class SampleLine(models.Model):
    """Goods of a sample: a product, or described in words where there is no product yet."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("sample"))
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    what = models.CharField(_("goods in words"), max_length=120, blank=True)
    specification = models.CharField(_("specification"), max_length=300, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))

    tracked = True
    seen_through = "sample"
    lock_through = "sample"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("goods of a sample")
        verbose_name_plural = _("goods of samples")
        ordering = ["sample", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="sample_line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(product__isnull=False) | ~Q(what="")),
                name="sample_line_names_some_goods",
                violation_error_message=_("A line of a sample names goods, and a quantity above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.goods}"

    @property
    def goods(self) -> str:
        """What is wanted: the product's name, else the words."""
        return str(self.product) if self.product else self.what


class SampleRound(models.Model):
    """One round of a sample as it was made: batch, what it is, how it went out, and the customer's word about it.

    `goods` are the lines as they were when it was made, in words and figures that stay; what is approved is exactly
    this round.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("No answer yet")
        APPROVED = "approved", _("Approved in writing")
        DECLINED = "declined", _("To be changed")

    COLOURS = {Outcome.OPEN: "active", Outcome.APPROVED: "done", Outcome.DECLINED: "late"}

    class How(models.TextChoices):
        LINK = "link", _("By his link")
        PAPER = "paper", _("On paper")
        TOLD = "told", _("Verbally")

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="rounds", db_index=False, verbose_name=_("sample"))
    number = models.PositiveSmallIntegerField(_("round"))
    batch = models.CharField(_("batch"), max_length=60)
    specification = models.TextField(_("what exactly was made"), max_length=2000)
    goods = models.JSONField(_("goods"), default=list, blank=True)
    made_at = models.DateTimeField(_("made"), default=clock.now)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=60, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_to = models.CharField(_("sent to"), max_length=120, blank=True)
    received_on = models.DateField(_("arrived on"), null=True, blank=True)
    outcome = models.CharField(_("customer's verdict"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_how = models.CharField(_("how he answered"), max_length=10, choices=How.choices, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    changes = models.TextField(_("what is to be changed"), max_length=2000, blank=True)

    tracked = True
    untracked = ("goods",)  # written once, and never changed
    seen_through = "sample"
    lock_through = "sample"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a sample")
        verbose_name_plural = _("rounds of samples")
        ordering = ["sample", "number"]
        constraints = [models.UniqueConstraint(fields=["sample", "number"], name="sample_round_once")]

    def __str__(self) -> str:
        return f"{self.sample} · {self.number}"

    @property
    def colour(self) -> str:
        """The colour of the customer's word."""
        return self.COLOURS[self.Outcome(self.outcome)]
