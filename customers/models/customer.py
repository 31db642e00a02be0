"""The customer himself, and what it means to belong to him."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField
from crm.records.search import Searchable

USER = settings.AUTH_USER_MODEL


class Customer(Searchable, models.Model):
    """A company or person that buys, or may buy."""

    class Status(models.TextChoices):
        POTENTIAL = "potential", _("Potential")
        NEW = "new", _("Newly won")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        LOST = "lost", _("Lost")

    STATUS_COLOURS = {
        Status.POTENTIAL: "neutral",
        Status.NEW: "active",
        Status.ACTIVE: "done",
        Status.DORMANT: "soon",
        Status.LOST: "neutral",
    }

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Individual")

    class Tier(models.TextChoices):
        VIP = "vip", _("VIP")
        KEY = "key", _("Key customer")
        REGULAR = "regular", _("Regular")
        POTENTIAL = "potential", _("Potential customer")

    class Size(models.TextChoices):
        UNKNOWN = "", _("Unknown")
        MICRO = "micro", _("Below 20 people")
        SMALL = "small", _("20 to 99 people")
        MEDIUM = "medium", _("100 to 499 people")
        LARGE = "large", _("500 people and more")

    class Terms(models.TextChoices):
        PREPAY = "prepay", _("Payment before pickup")
        CASH = "cash", _("Cash on pickup")
        CREDIT = "credit", _("On account")

    code = models.CharField(
        _("customer number"),
        max_length=30,
        unique=True,
        error_messages={"unique": _("There is a customer with this number already.")},
    )
    status = models.CharField(_("relation"), max_length=10, choices=Status.choices, default=Status.POTENTIAL)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMPANY)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.REGULAR)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    licence = EncryptedField(_("social credit code"), kind="licence", blank=True)
    tax_number = EncryptedField(_("tax number"), kind="licence", blank=True)
    bank_account = EncryptedField(_("bank account"), kind="bank", blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=40, blank=True)
    business_area = models.CharField(_("business area"), max_length=40, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=Size.choices, blank=True, default=Size.UNKNOWN)
    source = models.CharField(_("source"), max_length=40, blank=True)
    needs = models.TextField(_("business needs"), max_length=2000, blank=True)
    usual_goods = models.CharField(_("usual goods"), max_length=300, blank=True)
    remarks = models.TextField(_("remarks"), max_length=5000, blank=True)
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
    payment_terms = models.CharField(_("payment terms"), max_length=10, choices=Terms.choices, default=Terms.PREPAY)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=0)
    supply_suspended = models.BooleanField(_("supply suspended"), default=False)
    suspension_reason = models.CharField(_("reason of the suspension"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("last verified"), default=clock.now)
    verified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("verified by")
    )
    created_at = models.DateTimeField(_("entered"), default=clock.now)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("name", "code", "region", "short_name")
    owned_by = ("owner",)
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="customers_of_owner"),
            models.Index(fields=["department", "-id"], name="customers_of_department"),
            models.Index(fields=["name", "id"], name="customers_by_name"),
            models.Index(fields=["verified_at", "id"], name="customers_by_verified"),
            models.Index(fields=["-id"], condition=Q(supply_suspended=True), name="customers_suspended"),
            models.Index(fields=["id"], condition=Q(payment_terms="credit"), name="customers_on_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(supply_suspended=False) | ~Q(suspension_reason=""),
                name="suspension_has_reason",
                violation_error_message=_("Supply is suspended only with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(payment_terms="credit") | Q(payment_days=0),
                name="days_to_pay_only_on_account",
                violation_error_message=_("Days to pay are for customers on account."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others of a similar name, in pickers and hits."""
        return " · ".join(filter(None, [self.code, self.region, self.short_name]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: names in full, by pinyin and initials; numbers by their beginning."""
        return {"names": [self.name, self.short_name, self.name_en], "codes": [self.code]}


class OfCustomer(models.Model):
    """What belongs to a customer, and is seen by whoever sees him."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"))
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "customer"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_related_name = "%(model_name)ss"

    def get_absolute_url(self) -> str:
        return self.customer.get_absolute_url()
