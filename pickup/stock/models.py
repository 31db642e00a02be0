"""Warehouses, what lies there by product and batch, reservations, and the movements that add up to it."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, reach
from orders.catalog.models import Product
from orders.models import Line

USER = settings.AUTH_USER_MODEL


class WarehouseQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> "WarehouseQuerySet":
        """All warehouses for whom the reach says so; a clerk sees those that he is put to."""
        if reach(user, Warehouse) == RoleReach.Reach.ALL:
            return self
        return self.filter(pk__in=Warehouse.clerks.through.objects.filter(user_id=user.pk).values("warehouse_id"))


class Warehouse(models.Model):
    """A place where goods lie; one with a counter hands them over to customers."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own")
        EXTERNAL = "external", _("External")
        SHIP = "ship", _("Ship")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OWN)
    address = models.CharField(_("address"), max_length=300, blank=True)
    map_url = models.URLField(_("map link"), blank=True)
    phone = models.CharField(_("counter's phone"), max_length=40, blank=True)
    counter = models.BooleanField(_("has a pickup counter"), default=True)
    active = models.BooleanField(_("in use"), default=True)
    clerks: models.ManyToManyField = models.ManyToManyField(
        USER, blank=True, related_name="warehouses", verbose_name=_("clerks")
    )

    objects = WarehouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def get_absolute_url(self) -> str:
        return reverse("warehouses")

    @property
    def detail(self) -> str:
        """Where it is, for pickers."""
        return self.address


class InWarehouse(models.Model):
    """What is kept for a warehouse, and is seen by whoever sees it."""

    seen_through = "warehouse"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Stock(InWarehouse):
    """How much of a product's batch lies in a warehouse, and how much of it is reserved; in base units.

    It is the sum of its movements; `ledger.disagreements()` says where it is not.
    """

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="stock", db_index=False, verbose_name=_("warehouse")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="stock", verbose_name=_("product"))
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    quantity = models.DecimalField(_("in stock"), max_digits=14, decimal_places=3, default=Decimal(0))
    reserved = models.DecimalField(_("reserved"), max_digits=14, decimal_places=3, default=Decimal(0))

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["warehouse", "product", "batch"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "product", "batch"], name="stock_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="stock_is_not_negative",
                violation_error_message=_("There is not so much in stock."),
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("quantity")),
                name="reserved_stock_is_there",
                violation_error_message=_("More would be reserved than there is in stock."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.batch}".strip()

    def get_absolute_url(self) -> str:
        return reverse("stock")

    @property
    def free(self) -> Decimal:
        """What can still be promised."""
        return self.quantity - self.reserved


class Movement(InWarehouse):
    """Goods that came or went. Rows are never changed; a wrong one is followed by its opposite."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        HANDOVER = "handover", _("Handover to a customer")
        RETURN = "return", _("Handover taken back")
        COMEBACK = "comeback", _("Return by a customer")
        WRITE_OFF = "write_off", _("Written off as defective")
        COUNT = "count", _("Stock count")
        FEED = "feed", _("From the ERP")

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, verbose_name=_("warehouse")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="movements", verbose_name=_("product"))
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reference = models.CharField(_("document"), max_length=60, blank=True)
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("line")
    )

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["warehouse", "product", "batch"], name="movements_of_stock"),
            models.Index(fields=["reference"], name="movements_of_document"),
            BrinIndex(fields=["at"], name="movements_by_time"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves_something")]

    def __str__(self) -> str:
        return f"{self.product} {self.quantity}"

    def get_absolute_url(self) -> str:
        return reverse("movements")


class Reservation(models.Model):
    """A part of the stock that is kept for one line of an order, in base units."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="reservations", db_index=False, verbose_name=_("line"))
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="reservations", verbose_name=_("stock"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(fields=["line", "stock"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_keeps_something"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.quantity}"
