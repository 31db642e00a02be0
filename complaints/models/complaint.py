"""The complaint itself: what a customer complains of, and where it stands."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer
from orders.catalog.models import Product
from orders.models import Order
from pickup.models import Pickup

USER = settings.AUTH_USER_MODEL
FOLLOW_PURPOSE = "complaints.follow"  # of the customer's link that shows how far it is
AGREE_PURPOSE = "complaints.agree"  # of the link by which he agrees to the plan


class Category(models.TextChoices):
    """What a complaint is about; who must be in its team follows from it (ZT 5.1, KF 3.3)."""

    QUALITY = "quality", _("Quality of the goods")
    SHORTAGE = "shortage", _("Shortage")
    PACKAGING = "packaging", _("Packaging")
    APPEARANCE = "appearance", _("Appearance")
    STRUCTURE = "structure", _("Structure")
    DELIVERY = "delivery", _("Delivery")
    SERVICE = "service", _("Service")
    PRICE = "price", _("Price")
    PAYMENT = "payment", _("Payment and deductions")
    MARKET = "market", _("Market")
    PROMISE = "promise", _("Broken promise")


class Complaint(Searchable, models.Model):
    """A customer's complaint (客户投诉): nobody closes it before the customer is satisfied (ZT 5)."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("To be registered")
        REGISTERED = "registered", _("To get a team")
        INVESTIGATING = "investigating", _("Under investigation")
        FOUND = "found", _("To be planned")
        DECIDING = "deciding", _("Plan being decided")
        CARRYING_OUT = "carrying_out", _("Measures under way")
        CARRIED_OUT = "carried_out", _("Measures done")
        REPORTED = "reported", _("Customer to be told")
        TOLD = "told", _("Return visit due")
        SATISFIED = "satisfied", _("Customer satisfied")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Complaint withdrawn")

    STATUS_COLOURS = {
        Status.RECEIVED: "late",
        Status.REGISTERED: "soon",
        Status.INVESTIGATING: "active",
        Status.FOUND: "soon",
        Status.DECIDING: "active",
        Status.CARRYING_OUT: "active",
        Status.CARRIED_OUT: "soon",
        Status.REPORTED: "soon",
        Status.TOLD: "soon",
        Status.SATISFIED: "done",
        Status.CLOSED: "neutral",
        Status.WITHDRAWN: "neutral",
    }

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")
        CRITICAL = "critical", _("Critical")

    class Channel(models.TextChoices):
        COUNTER = "counter", _("Pickup counter")
        HOTLINE = "hotline", _("Hotline")
        MAIL = "mail", _("Mail")
        WEB = "web", _("Web form")
        VISIT = "visit", _("Visit")
        SURVEY = "survey", _("Satisfaction survey")
        OTHER = "other", _("In another way")

    class Wish(models.TextChoices):
        EXPLANATION = "explanation", _("An explanation")
        RETURN = "return", _("Return of the goods")
        REPLACEMENT = "replacement", _("Replacement")
        COMPENSATION = "compensation", _("Compensation")
        DISCOUNT = "discount", _("Discount")
        APOLOGY = "apology", _("An apology")

    class Withdrawal(models.TextChoices):
        """Why a complaint is no complaint after all."""

        MISTAKE = "mistake", _("Recorded by mistake")
        TWICE = "twice", _("We recorded the same complaint twice")
        DOUBLE = "double", _("The customer complained of the same twice")
        TAKEN_BACK = "taken_back", _("The customer takes it back")

    class FileState(models.TextChoices):
        INCOMPLETE = "incomplete", _("File to be completed")
        REVIEWED = "reviewed", _("File to be archived")
        ARCHIVED = "archived", _("Archived")

    UNTOLD = (
        Status.RECEIVED,
        Status.REGISTERED,
        Status.INVESTIGATING,
        Status.FOUND,
        Status.DECIDING,
        Status.CARRYING_OUT,
        Status.CARRIED_OUT,
        Status.REPORTED,
    )
    OPEN = (*UNTOLD, Status.TOLD, Status.SATISFIED)
    ENDED = (Status.CLOSED,)  # whose file is reviewed and archived

    number = models.CharField(_("complaint number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=14, choices=Status.choices, default=Status.RECEIVED)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="complaints", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("order")
    )
    pickup = models.ForeignKey(
        Pickup, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("pickup")
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("product"),
    )
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    quantity = models.DecimalField(
        _("quantity concerned, in base units"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.MINOR)
    wish = models.CharField(_("what the customer wishes"), max_length=12, choices=Wish.choices, blank=True)
    content = models.TextField(_("what he complains of"), max_length=4000)

    received_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received"), default=clock.now)
    registered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("registered by")
    )
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
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
    lead = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead of the team")
    )
    team_at = models.DateTimeField(_("team named"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    round_at = models.DateTimeField(_("round begun"), default=clock.now)
    cause = models.ForeignKey(
        "complaints.Cause",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("cause"),
    )
    responsible = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible department")
    )
    found_at = models.DateTimeField(_("finding signed"), null=True, blank=True)
    plan_from = models.DateTimeField(_("to be planned since"), null=True, blank=True)
    approved_at = models.DateTimeField(_("plan approved"), null=True, blank=True)
    done_at = models.DateTimeField(_("measures done"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("result reported by")
    )
    reported_at = models.DateTimeField(_("result reported"), null=True, blank=True)
    told_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    check_on = models.DateField(_("effect checked on"), null=True, blank=True)
    effective = models.BooleanField(_("the measures were effective"), null=True, blank=True)
    effect = models.TextField(_("effect"), max_length=2000, blank=True)
    effect_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("effect checked by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=10, choices=Withdrawal.choices, blank=True)
    double_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles", verbose_name=_("the same as")
    )
    withdrawal = models.TextField(_("explanation of the withdrawal"), max_length=2000, blank=True)
    file_state = models.CharField(_("file"), max_length=10, choices=FileState.choices, blank=True)  # once it is closed
    version = models.PositiveIntegerField(default=0)

    tracked = True
    never_removed = True
    owned_by = ("owner", "received_by")
    owned_by_department = ("department",)
    shared_by = "complaints.finish_task"  # who stands at the counter of a department in the team sees only his own
    called_by = ("number", "customer__name", "content")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="complaints_by_status"),
            models.Index(fields=["status", "received_at", "id"], name="complaints_on_board"),
            models.Index(fields=["owner", "-id"], name="complaints_of_owner"),
            models.Index(fields=["received_by", "-id"], name="complaints_of_receiver"),
            models.Index(fields=["department", "-id"], name="complaints_of_department"),
            models.Index(fields=["customer", "-id"], name="complaints_of_customer"),
            models.Index(fields=["product", "-id"], name="complaints_of_product"),
            models.Index(fields=["cause", "-id"], name="complaints_of_cause"),
            models.Index(fields=["batch"], condition=~models.Q(batch=""), name="complaints_of_batch"),
            models.Index(fields=["received_at", "id"], name="complaints_by_time"),
            models.Index(
                fields=["-id"],
                condition=models.Q(status="closed") & ~models.Q(file_state="archived"),
                name="complaints_to_archive",
            ),
            models.Index(fields=["-id"], condition=models.Q(round__gt=1), name="complaints_reopened"),
        ]
        permissions = [("take_out_file", _("Download the whole file of a complaint"))]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | models.Q(told_at__isnull=False, cause__isnull=False, closed_at__isnull=False, check_on__isnull=False),
                name="closed_complaints_are_settled",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="withdrawn")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawal="")),
                name="withdrawn_complaints_say_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("complaint", args=[self.pk])

    @property
    def detail(self) -> str:
        """Whose it is, and of what he complains, for hits and pickers."""
        return f"{self.customer.name} · {self.content.splitlines()[0][:60]}"

    @property
    def reopened(self) -> int:
        """How often it went round again because the customer was not satisfied."""
        return self.round - 1

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, batch, those of order and pickup, and the customer's name."""
        above = [related(self, name).number for name in ("order", "pickup") if getattr(self, f"{name}_id")]
        return {"codes": [self.number, self.batch, *above], "names": [related(self, "customer").name]}


class OfComplaint(models.Model):
    """What belongs to a complaint, and is seen by whoever sees it."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="%(class)ss", db_index=False, verbose_name=_("complaint")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "complaint"
    lock_through = "complaint"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The complaint's customer, for the indexes of log, deadlines and files."""
        return self.complaint.customer_id
