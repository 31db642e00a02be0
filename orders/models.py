"""Orders: the application, its lines, who carries it through, and what was promised."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from customers.models import Contact, Customer
from orders.catalog.models import Product, Unit
from orders.inquiries.models import Inquiry

USER = settings.AUTH_USER_MODEL


class OrderType(models.Model):
    """A kind of order; its template of stages is what a follow-up plan begins with (JD 2.4)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    active = models.BooleanField(_("offered"), default=True)
    needs_contract = models.BooleanField(
        _("needs a contract"),
        default=False,
        help_text=_("Its goods may leave only once the signed contract is back."),
    )

    class Meta:
        verbose_name = _("type of order")
        verbose_name_plural = _("types of orders")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Stage(models.Model):
    """One stage of the template: so many working days after the confirmation it should be done."""

    type = models.ForeignKey(
        OrderType, models.CASCADE, related_name="stages", db_index=False, verbose_name=_("type of order")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("stage"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    share = models.PositiveSmallIntegerField(
        _("percent of the time until the date"), help_text=_("100 is the day on which the customer wants the goods.")
    )

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["type", "position"]
        constraints = [
            models.UniqueConstraint(fields=["type", "position"], name="stage_position_once"),
            models.CheckConstraint(condition=Q(share__lte=100), name="stage_share_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


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
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Customer.Terms.choices)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=Decimal(0))
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=Decimal(0))
    history = models.BooleanField(_("taken over from before"), default=False)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    mend = models.TextField(_("what to mend"), max_length=2000, blank=True)
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
    price_reason = models.CharField(_("why the low price was allowed"), max_length=300, blank=True)
    reason = models.CharField(_("why it ended so"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "project", "customer__name")
    owned_by = ("owner", "applied_by")
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

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
            models.Index(
                fields=["-id"],
                condition=Q(paid__lt=F("total")) & ~Q(status__in=["draft", "cancelled"]),
                name="orders_unpaid",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0, tax__gte=0), name="order_total_is_not_negative"),
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
        return {"codes": [self.number, self.reference], "names": [self.customer.name, self.project]}

    @property
    def without(self) -> tuple[str, ...]:
        """The parts that it cannot have yet: nobody plans or reports before he has accepted the order."""
        return () if self.accepted_at else ("milestones", "progressreports")

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.paid


class Line(models.Model):
    """One product of an order: how much in which unit, at which price with tax, and how much of it is collected."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    factor = models.DecimalField(_("base units in one"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("unit price with tax"), max_digits=12, decimal_places=2)
    list_price = models.DecimalField(_("list price with tax"), max_digits=14, decimal_places=2, null=True, blank=True)
    lowest = models.DecimalField(_("lowest price with tax"), max_digits=14, decimal_places=2, null=True, blank=True)
    tax_rate = models.DecimalField(_("tax rate in percent"), max_digits=4, decimal_places=2)
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)
    collected = models.DecimalField(_("collected, in base units"), max_digits=14, decimal_places=3, default=Decimal(0))

    tracked = True
    seen_through = "order"
    lock_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, factor__gt=0, price__gte=0),
                name="line_orders_something",
                violation_error_message=_("A line needs a quantity above zero and a price that is not negative."),
            ),
            models.CheckConstraint(condition=Q(collected__gte=0), name="line_collected_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.product}"

    @property
    def base_quantity(self) -> Decimal:
        """The quantity in the product's base unit, as finely as stock is kept in it."""
        return (self.quantity * self.factor).quantize(Decimal("0.001"), ROUND_HALF_UP)

    @property
    def open_quantity(self) -> Decimal:
        """What is still to be collected, in base units."""
        return max(self.base_quantity - self.collected, Decimal(0))


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


class Handover(OfOrder):
    """Papers that went from one to another (交接记录): what, from whom, to whom, when, received when (JD 2.2)."""

    class What(models.TextChoices):
        APPLICATION = "application", _("Application with its papers")
        SHEET = "sheet", _("Sign-off sheet")

    class Status(models.TextChoices):
        GIVEN = "given", _("Given")
        RECEIVED = "received", _("Taken over")

    STATUS_COLOURS = {Status.GIVEN: "active", Status.RECEIVED: "done"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.GIVEN)
    what = models.CharField(_("paper"), max_length=12, choices=What.choices)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)
    giver = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("handed over by"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed over to")
    )
    given_at = models.DateTimeField(_("handed over at"), default=clock.now)
    receiver = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("handover record")
        verbose_name_plural = _("handover records")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.get_what_display())


class Allocation(OfOrder):
    """To whom an order was given, why him, and how all who came into question stood then (JD 2.3)."""

    class Ended(models.TextChoices):
        DECLINED = "declined", _("given back")
        NOT_ACCEPTED = "not_accepted", _("not accepted in time")
        REALLOCATED = "reallocated", _("given to somebody else")

    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("allocated by"))
    at = models.DateTimeField(_("allocated"), default=clock.now)
    chosen_by_hand = models.BooleanField(_("chosen by hand"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    candidates = models.JSONField(_("candidates"), default=list)  # as orders.allocation.Candidate.kept() writes them
    ended = models.CharField(_("how it ended"), max_length=12, choices=Ended.choices, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.owner}"


class Territory(models.Model):
    """Which orders somebody can be given: types, areas and regions (empty: any), and how many at a time."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="territory", verbose_name=_("user"))
    types = models.ManyToManyField(OrderType, blank=True, related_name="+", verbose_name=_("types of orders"))
    areas = models.CharField(_("business areas"), max_length=300, blank=True, help_text=_("Separated by commas."))
    regions = models.CharField(_("regions"), max_length=300, blank=True, help_text=_("Separated by commas."))
    capacity = models.PositiveSmallIntegerField(_("open orders at most"), default=20)
    available = models.BooleanField(_("takes orders"), default=True)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")

    def __str__(self) -> str:
        return str(self.user)


class Milestone(OfOrder):
    """One step of an order's follow-up plan: who does it until when (JD 2.4)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DONE: "done", Status.DROPPED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    name = models.CharField(_("milestone"), max_length=80)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))
    risk = models.CharField(_("risk"), max_length=300, blank=True)
    answer = models.CharField(_("answer to the risk"), max_length=300, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name


class ProgressReport(OfOrder):
    """How far an order is: progress, problems with solutions, expected completion, how it was given (JD 2.4)."""

    class Given(models.TextChoices):
        SYSTEM = "system", _("In the system")
        WRITTEN = "written", _("In writing")
        ORAL = "oral", _("By word of mouth")

    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    progress = models.TextField(_("progress"), max_length=2000)
    problems = models.TextField(_("problems"), max_length=2000, blank=True)
    solutions = models.TextField(_("solutions"), max_length=2000, blank=True)
    expected_on = models.DateField(_("expected completion"), null=True, blank=True)
    given = models.CharField(_("given"), max_length=10, choices=Given.choices, default=Given.SYSTEM)
    raised = models.BooleanField(
        _("raise the problem to the order desk"),
        default=False,
        help_text=_(
            "What you cannot solve yourself: the order desk is told at once and brings the departments together."
        ),
    )

    class Meta(OfOrder.Meta):
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.at:%Y-%m-%d}"


class ShippingAdvice(OfOrder):
    """What the customer was told of a shipment beforehand: date, goods, documents, vehicle or vessel (KF 3.2.7)."""

    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    ships_on = models.DateField(_("ships on"))
    goods = models.TextField(_("goods"), max_length=2000)
    documents = models.CharField(_("documents"), max_length=300, blank=True)
    transport = models.CharField(_("vehicle or vessel"), max_length=200, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("shipping advice")
        verbose_name_plural = _("shipping advices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.ships_on}"


class Payment(OfOrder):
    """Money received for an order, entered by finance; a wrong entry is taken back by its opposite."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")
        WECHAT = "wechat", _("WeChat Pay")
        ALIPAY = "alipay", _("Alipay")

    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("received on"), default=clock.today)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), default=clock.now)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )

    class Meta(OfOrder.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(reverses__isnull=False),
                name="payment_is_positive",
                violation_error_message=_("A payment is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.amount}"
