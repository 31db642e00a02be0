"""Pickups: when and where a customer collects, who may collect for him, and what was handed over."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, by_reach, reach
from crm.records.fields import EncryptedField
from crm.records.models import Attachment
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer
from orders.models import Line, Order
from pickup.stock.models import Warehouse

USER = settings.AUTH_USER_MODEL
CODE_DIGITS = 8  # of a pickup's code
PHOTO = "photo"  # the kind of a pickup's file that shows a difference or an objection at its handover
LINK_PURPOSE = "pickup.pass"  # of the customer's link to his pickup


class WindowPattern(models.Model):
    """The times of a weekday at which a counter hands over, and how many pickups it can serve in each."""

    warehouse = models.ForeignKey(
        Warehouse, models.CASCADE, related_name="patterns", db_index=False, verbose_name=_("warehouse")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ],
    )
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(_("pickups at most"), default=4)

    class Meta:
        verbose_name = _("pickup times")
        verbose_name_plural = _("pickup times")
        ordering = ["warehouse", "weekday", "start"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "weekday", "start"], name="pattern_once"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="pattern_ends_after_it_begins",
                violation_error_message=_("The end must be after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}-{self.end:%H:%M}"


class WindowQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> "WindowQuerySet":
        """Pickup times are no secret inside the company."""
        return self if user.is_active else self.none()

    def open(self) -> "WindowQuerySet":
        """Those to come that still have room."""
        return self.filter(starts_at__gt=clock.now(), taken__lt=F("capacity")).order_by("starts_at")


class Window(models.Model):
    """A stretch of time at a counter, with room for so many pickups."""

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="windows", db_index=False, verbose_name=_("warehouse")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(_("pickups at most"))
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("pickup window")
        verbose_name_plural = _("pickup windows")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "starts_at"], name="window_once"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="window_has_room",
                violation_error_message=_("This window is full."),
            ),
        ]

    def __str__(self) -> str:
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"

    @property
    def detail(self) -> str:
        """Where, and how much room is left, for pickers."""
        return f"{self.warehouse} · {self.taken}/{self.capacity}"


class PickupQuerySet(ScopedQuerySet):
    @by_reach
    def visible_to(self, user: User) -> "PickupQuerySet":
        """A clerk sees the pickups of his warehouses and his own; everybody else those of the orders that he sees."""
        if reach(user, Pickup) == RoleReach.Reach.ALL:
            return self
        my_counters = Warehouse.clerks.through.objects.filter(user_id=user.pk)
        # Of each pickup its own order is asked, by its key: asked for `in`, all orders would be read for every page.
        its_order = Order.objects.visible_to(user).filter(pk=OuterRef("order_id")).order_by()
        seen = Q(order=Subquery(its_order.values("pk")))
        return self.filter(
            Q(warehouse__in=my_counters.values("warehouse_id")) | Q(owner=user.pk) | (~Exists(my_counters) & seen)
        )


class Pickup(models.Model):
    """One collection of goods of one order: told, confirmed, come for, handed over (ZT 3.3-3.5)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("To be notified")
        NOTIFIED = "notified", _("Notified")
        CONFIRMED = "confirmed", _("Confirmed")
        ARRIVED = "arrived", _("At the counter")
        HANDED_OVER = "handed_over", _("Handed over")
        REVERSED = "reversed", _("Taken back")
        MISSED = "missed", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {
        Status.PLANNED: "active",
        Status.NOTIFIED: "active",
        Status.CONFIRMED: "done",
        Status.ARRIVED: "soon",
        Status.HANDED_OVER: "done",
        Status.REVERSED: "late",
        Status.MISSED: "late",
        Status.CANCELLED: "neutral",
    }

    EXPECTED = (Status.PLANNED, Status.NOTIFIED, Status.CONFIRMED, Status.ARRIVED)

    number = models.CharField(_("pickup number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.PLANNED)
    code = models.CharField(_("pickup code"), max_length=12, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="pickups", db_index=False, verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="pickups", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="pickups", db_index=False, verbose_name=_("warehouse")
    )
    window = models.ForeignKey(Window, models.PROTECT, related_name="pickups", verbose_name=_("window"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    notified_at = models.DateTimeField(_("told"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    moves = models.PositiveSmallIntegerField(_("times moved"), default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made"), default=clock.now)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    lock_through = "order"
    device_keys = True  # a counter's request means the same, whoever of the clerks sends it again

    objects = PickupQuerySet.as_manager()

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["warehouse", "window", "status"], name="pickups_of_window"),
            models.Index(fields=["order", "-id"], name="pickups_of_order"),
            models.Index(fields=["customer", "-id"], name="pickups_of_customer"),
            models.Index(fields=["status", "-id"], name="pickups_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["planned", "notified", "confirmed", "arrived"]),
                name="one_expected_pickup",
                violation_error_message=_("This order has a pickup that is still expected."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("pickup", args=[self.pk])

    @property
    def detail(self) -> str:
        """Whose and when, for hits and pickers."""
        return f"{self.customer} · {self.window}"


class Authority(models.Model):
    """A letter of authority (提货委托书): who may collect for the customer, with which vehicle, until when."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")

    STATUS_COLOURS = {Status.VALID: "done", Status.REVOKED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.VALID)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="authorities", db_index=False, verbose_name=_("customer")
    )
    pickup = models.ForeignKey(
        Pickup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authorities",
        verbose_name=_("pickup"),
        help_text=_("Empty: a standing authority for every pickup."),
    )
    person = models.CharField(_("who may collect"), max_length=60)
    id_number = EncryptedField(_("ID number"), kind="id_number")
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    goods = models.CharField(_("goods"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"), default=clock.today)
    valid_until = models.DateField(_("valid until"))
    paper = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paper")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "customer"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of authority")
        verbose_name_plural = _("letters of authority")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["customer", "valid_until"], name="authorities_of_customer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="authority_ends_after_it_begins",
                violation_error_message=_("The authority ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.person

    def get_absolute_url(self) -> str:
        return self.pickup.get_absolute_url() if self.pickup else self.customer.get_absolute_url()

    def holds_on(self, day: Any) -> bool:
        """Whether it is valid on a day."""
        return self.status == self.Status.VALID and self.valid_from <= day <= self.valid_until


class RecordQuerySet(ScopedQuerySet):
    def handovers(self) -> "RecordQuerySet":
        """What customers have collected: the handovers that nobody has taken back."""
        return self.filter(kind=Record.Kind.HANDOVER, reversal=None)


class Record(Searchable, models.Model):
    """What was handed over to whom, or taken back (提货记录). Never changed; a correction is a record of its own."""

    class Kind(models.TextChoices):
        HANDOVER = "handover", _("Handover")
        REVERSAL = "reversal", _("Handover taken back")
        RETURN = "return", _("Return of goods")

    class Identity(models.TextChoices):
        ID_COMPARED = "id_compared", _("ID number compared")
        ID_SEEN = "id_seen", _("Identity card seen")
        KNOWN = "known", _("Known in person")

    number = models.CharField(_("record number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HANDOVER)
    pickup = models.ForeignKey(Pickup, models.PROTECT, related_name="records", verbose_name=_("pickup"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )
    returns = models.ForeignKey(  # the handover of which the customer gave goods back, a part or all (KC 5.2.3.2)
        "self", models.PROTECT, null=True, blank=True, related_name="returned", verbose_name=_("return from")
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    clerk = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("clerk"))
    collector = models.CharField(_("collected by"), max_length=60)
    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("letter of authority")
    )
    identity = models.CharField(_("identity"), max_length=12, choices=Identity.choices)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    override = models.CharField(_("overridden because"), max_length=300, blank=True)
    overridden = models.JSONField(_("what was overridden"), default=list)  # codes of the verdict's obstacles
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    objection = models.TextField(_("objection"), max_length=2000, blank=True)
    customer_signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer's signature")
    )
    clerk_signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clerk's signature")
    )

    seen_through = "pickup"
    called_by = ("number", "collector", "at")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("pickup record")
        verbose_name_plural = _("pickup records")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["at", "id"], name="pickup_records_by_time"),
            models.Index(fields=["at", "id"], condition=~Q(override=""), name="pickup_records_overridden"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("record", args=[self.pk])

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, those of its pickup and order, the customer, and who collected."""
        pickup = related(self, "pickup")
        return {
            "codes": [self.number, pickup.number, related(pickup, "order").number],
            "names": [related(pickup, "customer").name],
            "persons": [self.collector],
        }

    @property
    def detail(self) -> str:
        """Who collected, and when, for hits."""
        return f"{self.collector} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class RecordLine(models.Model):
    """How much of a line was handed over, in base units, and what was different from what was due."""

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("pickup record")
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name=_("line"))
    due = models.DecimalField(_("quantity due"), max_digits=14, decimal_places=3)
    quantity = models.DecimalField(_("quantity handed over"), max_digits=14, decimal_places=3)
    difference = models.CharField(_("difference"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a pickup record")
        verbose_name_plural = _("lines of pickup records")
        constraints = [models.UniqueConstraint(fields=["record", "line"], name="record_line_once")]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity}"


class Delivery(models.Model):
    """What the seller brought to a customer: when, where, to whom, prepared how (JD 2.5). Rows are never changed.

    One that `returns` another says what of it came back, in quantities below nothing (KC 5.2.3.2).
    """

    class Prepared(models.TextChoices):
        PACKAGING = "packaging", _("Packaging is sound")
        DOCUMENTS = "documents", _("Papers are complete")
        TRANSPORT = "transport", _("Vehicle is ordered")

    number = models.CharField(_("delivery number"), max_length=30, unique=True)
    returns = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="returned", verbose_name=_("return from")
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", verbose_name=_("order"))
    at = models.DateTimeField(_("delivered at"), default=clock.now)
    place = models.CharField(_("place"), max_length=300)
    receiver = models.CharField(_("received by"), max_length=60)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    prepared = models.JSONField(_("prepared"), default=list)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("delivered by"))

    seen_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="deliveries_by_time")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()


class DeliveryLine(models.Model):
    """How much of a line was brought, or came back (below nothing), in base units; rows are never changed."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("delivery")
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name=_("line"))
    quantity = models.DecimalField(_("quantity handed over"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("line of a delivery")
        verbose_name_plural = _("lines of deliveries")
        constraints = [models.UniqueConstraint(fields=["delivery", "line"], name="delivery_line_once")]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity}"


class Scan(models.Model):
    """A code that was entered at a counter, and the verdict; refused ones are kept too."""

    at = models.DateTimeField(_("when"), default=clock.now)
    clerk = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("clerk"))
    typed = models.CharField(_("what was typed"), max_length=40)
    pickup = models.ForeignKey(
        Pickup, models.PROTECT, null=True, blank=True, related_name="scans", verbose_name=_("pickup")
    )
    colour = models.CharField(_("verdict"), max_length=6)
    code = models.CharField(_("reason"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["clerk", "-id"], name="scans_of_clerk"),
            models.Index(fields=["at"], name="scans_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.typed} {self.colour}"
