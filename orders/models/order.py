"""The order and its lines: what was applied for, who carries it through, and what was promised."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer
from orders.catalog.money import fen
from orders.inquiries.models import Inquiry
from orders.models.lines import ListedLine, wants_something
from orders.models.types import OrderType

USER = settings.AUTH_USER_MODEL
# What an order costs: as reconciled with the customer, until then as ordered, less what came back for good and what was
# taken off by agreement.
DUE = Coalesce("settled", F("total") - F("returned") - F("allowance"))
UNPAID = Q(paid__lt=DUE) & ~Q(status__in=["draft", "cancelled"])
OVERPAID = Q(paid__gt=DUE) & ~Q(status="cancelled") | Q(paid__gt=0, status="cancelled")  # it is to be given back


class OrderQuerySet(ScopedQuerySet):
    def unpaid(self) -> "OrderQuerySet":
        """Those of which something is still to be paid; nothing is of a draft, or of what was given up."""
        return self.filter(UNPAID)


class Order(Searchable, models.Model):
    """What a customer orders, from the application form to the closed file (JD 2.2-2.5)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("In review")
        RETURNED = "returned", _("Sent back")
        REVIEWED = "reviewed", _("At the order desk")
        ALLOCATED = "allocated", _("Allocated")
        ACCEPTED = "accepted", _("Accepted by its owner")
        CONFIRMED = "confirmed", _("Confirmed by the customer")
        SHORT = "short", _("Short of stock")
        READY = "ready", _("Goods ready")
        COLLECTED = "collected", _("Collected")
        SIGNED_OFF = "signed_off", _("Signed off")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {
        Status.DRAFT: "neutral",
        Status.SUBMITTED: "active",
        Status.RETURNED: "soon",
        Status.REVIEWED: "active",
        Status.ALLOCATED: "active",
        Status.ACCEPTED: "active",
        Status.CONFIRMED: "active",
        Status.SHORT: "late",
        Status.READY: "done",
        Status.COLLECTED: "done",
        Status.SIGNED_OFF: "done",
        Status.CLOSED: "neutral",
        Status.CANCELLED: "neutral",
    }

    class Fulfilment(models.TextChoices):
        PICKUP = "pickup", _("Pickup by the customer")
        DELIVERY = "delivery", _("Delivery")

    number = models.CharField(_("order number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    type = models.ForeignKey(OrderType, models.PROTECT, related_name="+", verbose_name=_("type"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    inquiry = models.OneToOneField(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="order", verbose_name=_("inquiry")
    )
    reference = models.CharField(_("customer's order number"), max_length=60, blank=True)
    project = models.CharField(_("project"), max_length=120, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    fulfilment = models.CharField(
        _("pickup or delivery"), max_length=10, choices=Fulfilment.choices, default=Fulfilment.PICKUP
    )
    wanted_on = models.DateField(_("wanted on"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, editable=False)  # of the customer's tier
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=Decimal(0))
    settled = models.DecimalField(
        _("total as reconciled"), max_digits=14, decimal_places=2, null=True, blank=True, editable=False
    )
    returned = models.DecimalField(
        _("taken off for returned goods"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    allowance = models.DecimalField(
        _("taken off by agreement"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=Decimal(0))
    history = models.BooleanField(_("taken over from an earlier system"), default=False)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    mend = models.TextField(_("what to correct"), max_length=2000, blank=True)
    applied_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("applied by"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("owner")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    received_at = models.DateTimeField(_("received"), default=clock.now)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    allocated_at = models.DateTimeField(_("allocated"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    check_from = models.DateTimeField(_("stock is checked again from"), null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(_("last progress report"), null=True, blank=True)
    sheet_received_at = models.DateTimeField(_("sign-off sheet at the order desk"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    low_price = models.BooleanField(_("a price is below the lowest"), default=False)
    price_reason = models.CharField(_("why the low price was allowed"), max_length=300, blank=True)
    due_on = models.DateField(_("to be paid by"), null=True, blank=True, editable=False)
    credit_allowed = models.DecimalField(
        _("total up to which credit was allowed"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    credit_overdue = models.DecimalField(
        _("overdue when credit was allowed"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    credit_reason = models.CharField(_("why credit was allowed"), max_length=300, blank=True)
    reason = models.CharField(_("why it ended so"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "project", "customer__name")
    owned_by = ("owner", "applied_by")
    owned_by_department = ("department",)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="orders_by_status"),
            models.Index(
                fields=["status", "wanted_on", "id"],
                include=["total"],
                condition=~Q(status__in=["closed", "cancelled"]),
                name="orders_on_board",
            ),
            models.Index(fields=["owner", "-id"], name="orders_of_owner"),
            models.Index(fields=["applied_by", "-id"], name="orders_of_applicant"),
            models.Index(fields=["department", "-id"], name="orders_of_department"),
            models.Index(fields=["customer", "-id"], name="orders_of_customer"),
            models.Index(fields=["wanted_on", "id"], name="orders_by_wanted"),
            models.Index(fields=["received_at", "id"], name="orders_by_received"),
            models.Index(fields=["total", "id"], name="orders_by_total"),
            models.Index(fields=["priority", "id"], name="orders_by_priority"),
            models.Index(fields=["-id"], condition=UNPAID, name="orders_unpaid"),
            models.Index(fields=["-id"], condition=OVERPAID, name="orders_overpaid"),
            # Without a value in its condition, so that a statement which is planned once finds it, too.
            models.Index(fields=["customer"], condition=Q(history=False, paid__lt=DUE), name="orders_owed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0, tax__gte=0), name="order_total_is_not_negative"),
            models.CheckConstraint(
                condition=Q(settled__isnull=True) | Q(settled__gte=0), name="order_settled_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(allowance__gte=0, allowance__lte=F("total")),
                name="order_allowance_within_total",
                violation_error_message=_("The order would cost less than was taken off its price by agreement."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return " · ".join(filter(None, [self.customer.name, self.project]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the customer's own number for it, and his name."""
        return {"codes": [self.number, self.reference], "names": [related(self, "customer").name, self.project]}

    @property
    def without(self) -> tuple[str, ...]:
        """The parts that it cannot have yet: nobody plans or reports before he has accepted the order."""
        return () if self.accepted_at else ("milestones", "progressreports", "jointsessions")

    @property
    def due(self) -> Decimal:
        """What is to be paid for it: as reconciled with the customer, until then as ordered less what was taken off."""
        return self.total - self.taken_off if self.settled is None else self.settled

    @property
    def taken_off(self) -> Decimal:
        """What of its total nobody owes: for goods that came back for good, and by agreement."""
        return self.returned + self.allowance

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        return self.due - self.paid


class Line(ListedLine):
    """One product of an order: how much in which unit, at which price with tax, and how much of it is collected."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order"))
    collected = models.DecimalField(_("collected, in base units"), max_digits=14, decimal_places=3, default=Decimal(0))
    returned = models.DecimalField(  # it is with us again, and is not to be delivered any more (KC 5.2.3.2)
        _("returned, in base units"), max_digits=14, decimal_places=3, default=Decimal(0)
    )

    seen_through = "order"
    lock_through = "order"

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once"),
            wants_something("line_orders_something"),
            models.CheckConstraint(condition=Q(collected__gte=0), name="line_collected_is_not_negative"),
            models.CheckConstraint(condition=Q(returned__gte=0), name="line_returned_is_not_negative"),
        ]

    @property
    def base_quantity(self) -> Decimal:
        """The quantity in the product's base unit, as finely as stock is kept in it."""
        return (self.quantity * self.factor).quantize(Decimal("0.001"), ROUND_HALF_UP)

    @property
    def open_quantity(self) -> Decimal:
        """What is still to be collected, in base units; what came back for good is not."""
        return max(self.base_quantity - self.collected - self.returned, Decimal(0))

    def worth(self, quantity: Decimal) -> Decimal:
        """What so many base units cost with tax, to the fen; all of it costs exactly what the line does.

        What a further part costs is the difference to what left before, so that the parts add up to the line.
        """
        return self.amount if quantity >= self.base_quantity else fen(self.amount * quantity / self.base_quantity)


class OfOrder(models.Model):
    """What belongs to an order, and is seen by whoever sees it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="%(class)ss", verbose_name=_("order"))
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "order"
    lock_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The order's customer, for the indexes of log and deadlines."""
        return self.order.customer_id

    @property
    def customer(self) -> Customer:
        """The order's customer."""
        return self.order.customer

    customer.fget.short_description = _("customer")  # type: ignore[attr-defined] # as a fact of a page is called
