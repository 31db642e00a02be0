"""Contracts, their templates, and their lines as they were signed."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from customers.models import Channel, Contact, Customer
from orders.contracts.texts import unknown_names
from orders.exposure import worth_of_lines
from orders.models import Line, Order
from orders.models.lines import PricedLine

USER = settings.AUTH_USER_MODEL
LINK_PURPOSE = "contracts.sign"
NONE = Decimal(0)
AMOUNT: Any = DecimalField(max_digits=20, decimal_places=6)

# What is agreed besides the lines: it stands in the review form, and a supplementary agreement may change it.
TERMS = (
    "quality",
    "technology",
    "capacity",
    "delivery_on",
    "place",
    "transport",
    "packing",
    "payment_terms",
    "payment_days",
    "payment",
    "other",
)


class ContractTemplate(models.Model):
    """The articles of a kind of contract; `{delivery_on}` and its like are filled in as the contract is made."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    text = models.TextField(_("articles"), max_length=20000)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Nothing is named that no contract has. Raises ValidationError."""
        if unknown := unknown_names(self.text):
            raise ValidationError({"text": _("Contracts have no %(names)s.") % {"names": ", ".join(unknown)}})


class ContractQuerySet(ScopedQuerySet):
    def live(self) -> "ContractQuerySet":
        """Those that were not cancelled."""
        return self.exclude(status=Contract.Status.CANCELLED)

    def of(self, order: Order) -> "Contract | None":
        """The order's contract, unless it was given up."""
        return self.live().filter(order=order).first()

    def with_progress(self) -> "ContractQuerySet":
        """With what of each is executed and open: quantities in base units, amounts with tax."""
        lines = Line.objects.filter(order=OuterRef("order"))
        executed = lines.order_by().values("order").annotate(found=Sum("collected")).values("found")
        return self.annotate(
            executed=Coalesce(Subquery(executed), NONE, output_field=AMOUNT),
            executed_amount=Coalesce(worth_of_lines(lines, "collected"), NONE, output_field=AMOUNT),
        ).annotate(
            open=F("quantity") - F("executed"),
            open_amount=F("total") - F("executed_amount"),
        )


class Contract(Searchable, models.Model):
    """One contract, from the customer's oral acceptance to its execution (KC 5.1.2-5.1.11); see decision 0008."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted verbally")
        CLASSIFIED = "classified", _("Form to be filled in")
        FILLED = "filled", _("Form filled in")
        REVIEW = "review", _("Being reviewed")
        PASSED = "passed", _("Review passed")
        MADE = "made", _("Contract made")
        SENT = "sent", _("With the customer")
        IN_FORCE = "in_force", _("In force")
        EXECUTED = "executed", _("Executed")
        CANCELLED = "cancelled", _("Contract cancelled")

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Regular contract")
        SPECIAL = "special", _("Special contract")

    STATUS_COLOURS = {
        Status.ACCEPTED: "active",
        Status.CLASSIFIED: "active",
        Status.FILLED: "active",
        Status.REVIEW: "active",
        Status.PASSED: "active",
        Status.MADE: "active",
        Status.SENT: "soon",
        Status.IN_FORCE: "done",
        Status.EXECUTED: "done",
        Status.CANCELLED: "neutral",
    }
    BINDING = (Status.IN_FORCE, Status.EXECUTED)

    number = models.CharField(_("contract number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.ACCEPTED)
    kind = models.CharField(_("class"), max_length=10, choices=Kind.choices, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="contracts", verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contracts", db_index=False, verbose_name=_("customer")
    )

    # The customer's oral acceptance.
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who accepted")
    )
    accepted_at = models.DateTimeField(_("accepted at"), default=clock.now)
    accepted_by = models.CharField(_("accepted by"), max_length=10, choices=Channel.choices)
    accepted_words = models.CharField(_("what he said"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("recorded by")
    )
    class_reason = models.CharField(_("why this class"), max_length=300, blank=True)
    classified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("classified by")
    )

    # The review form.
    quality = models.TextField(_("quality and technical standard"), max_length=2000, blank=True)
    technology = models.TextField(_("technology"), max_length=2000, blank=True)
    capacity = models.TextField(_("capacity and schedule"), max_length=2000, blank=True)
    delivery_on = models.DateField(_("contract date"), null=True, blank=True)
    place = models.CharField(_("place of delivery"), max_length=300, blank=True)
    transport = models.CharField(_("transport"), max_length=300, blank=True)
    packing = models.CharField(_("how it is packed"), max_length=300, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    payment = models.CharField(_("payment in words"), max_length=500, blank=True)
    other = models.TextField(_("other agreements"), max_length=2000, blank=True)
    quantity = models.DecimalField(_("quantity in base units"), max_digits=16, decimal_places=3, default=NONE)
    total = models.DecimalField(_("total with tax"), default=NONE, max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax in it"), default=NONE, max_digits=14, decimal_places=2)

    # The contract itself.
    text = models.TextField(_("articles"), blank=True)
    parties = models.JSONField(_("parties"), default=dict, blank=True)  # of actions.parties(), as they are printed
    signed_place = models.CharField(_("signed at"), max_length=100, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    passed_at = models.DateTimeField(_("review passed"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    copy_at = models.DateTimeField(_("signed copy handed in"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    returned_at = models.DateTimeField(_("signed copy returned"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    archive_place = models.CharField(_("filed at"), max_length=100, blank=True)
    arranged_at = models.DateTimeField(_("shipment arranged"), null=True, blank=True)
    executed_at = models.DateTimeField(_("executed at"), null=True, blank=True)
    reason = models.CharField(_("why the contract was cancelled"), max_length=300, blank=True)
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
    untracked = ("parties", "text")  # what the paper says follows from the form, and is shown whole
    called_by = ("number", "kind", "customer__name")
    owned_by = ("owner", "recorded_by")
    owned_by_department = ("department",)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="contracts_by_status"),
            models.Index(fields=["owner", "-id"], name="contracts_of_owner"),
            models.Index(fields=["recorded_by", "-id"], name="contracts_of_recorder"),
            models.Index(fields=["department", "-id"], name="contracts_of_department"),
            models.Index(fields=["customer", "-id"], name="contracts_of_customer"),
            models.Index(fields=["accepted_at", "id"], name="contracts_by_acceptance"),
            models.Index(fields=["total", "id"], name="contracts_by_total"),
            models.Index(fields=["executed_at"], name="contracts_by_execution"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status="cancelled"),
                name="one_live_contract_per_order",
                violation_error_message=_("There is a contract about this order already."),
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, tax__gte=0, quantity__gte=0), name="contract_total_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return " · ".join(filter(None, [self.customer.name, self.get_kind_display()]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the order's, and the customer's name."""
        return {"codes": [self.number, self.order.number], "names": [self.customer.name]}


class ContractLine(PricedLine):
    """One product of a contract, as it was when the review form was filled in."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("contract")
    )

    seen_through = "contract"
    lock_through = "contract"

    class Meta:
        verbose_name = _("line of a contract")
        verbose_name_plural = _("lines of contracts")
        ordering = ["contract", "position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="contract_line_position_once")]
