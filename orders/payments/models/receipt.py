"""Receipts (收款): money that came in, what of it was matched to which order, and what was paid back."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, by_reach, covered_by, reach
from crm.records.fields import EncryptedField
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Customer
from orders.models import Order, Payment

USER = settings.AUTH_USER_MODEL
NONE = Decimal(0)


class BankAccount(models.Model):
    """One of the company's own accounts, into which customers pay."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    bank = models.CharField(_("bank"), max_length=80, blank=True)
    number = EncryptedField(_("account number"), kind="bank", blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("own bank account")
        verbose_name_plural = _("own bank accounts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ReceiptQuerySet(ScopedQuerySet):
    @by_reach
    def visible_to(self, user: User) -> "ReceiptQuerySet":
        """All for whom the reach says so; who has a smaller one sees what came from customers whom he sees."""
        width = reach(user, Receipt)
        if width == RoleReach.Reach.ALL:
            return self
        if width is None:
            return self.none()
        his = Q(customer__in=Customer.objects.visible_to(user).values("pk"))
        return self.filter(his | Q(entered_by=user.pk) | Q(entered_by__in=covered_by(user)))

    def to_match(self) -> "ReceiptQuerySet":
        """Those of which something is not used yet."""
        return self.filter(status__in=[Receipt.Status.OPEN, Receipt.Status.PARTLY])


class Receipt(Searchable, models.Model):
    """Money that came in, out of a bank's file or entered by hand; what is not matched is the customer's credit.

    A line of a bank comes in once: its serial number is unique in the account, and where the bank gives none, what the
    line says. Both are in its `identity` (orders/payments/identity.py); `again` counts lines that say the same and are
    payments of their own all the same.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be matched")
        PARTLY = "partly", _("Matched in part")
        MATCHED = "matched", _("Matched")
        VOID = "void", _("Voided")

    STATUS_COLOURS = {
        Status.OPEN: "soon",
        Status.PARTLY: "active",
        Status.MATCHED: "done",
        Status.VOID: "neutral",
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    account = models.ForeignKey(
        BankAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        db_index=False,
        verbose_name=_("own account"),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        db_index=False,
        verbose_name=_("customer"),
    )
    received_on = models.DateField(_("received on"), default=clock.today)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    matched = models.DecimalField(_("matched"), max_digits=14, decimal_places=2, default=NONE)
    refunded = models.DecimalField(_("paid back"), max_digits=14, decimal_places=2, default=NONE)
    method = models.CharField(
        _("method"), max_length=10, choices=Payment.Method.choices, default=Payment.Method.TRANSFER
    )
    payer_name = models.CharField(_("payer"), max_length=120, blank=True)
    payer_account = EncryptedField(_("payer's account"), kind="bank", blank=True)
    payer_bank = models.CharField(_("payer's bank"), max_length=120, blank=True)
    serial = models.CharField(_("bank's serial number"), max_length=80, blank=True)
    remark = models.CharField(_("purpose of the transfer"), max_length=500, blank=True)
    balance = models.DecimalField(
        _("balance of the account after it"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    identity = models.CharField(_("what tells it from others"), max_length=64, editable=False)
    again = models.PositiveSmallIntegerField(_("number of identical entries"), default=0, editable=False)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), default=clock.now)
    reason = models.CharField(_("reason for voiding"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    untracked = ("identity",)
    called_by = ("number", "payer_name")
    owned_by = ("entered_by",)
    owned_by_department = ()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["received_on", "id"], name="receipts_by_day"),
            models.Index(fields=["amount", "id"], name="receipts_by_amount"),
            models.Index(fields=["amount", "received_on"], name="receipts_like_it"),
            models.Index(fields=["customer", "-id"], name="receipts_of_customer"),
            models.Index(fields=["-id"], condition=Q(status__in=["open", "partly"]), name="receipts_to_match"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "serial"],
                condition=~Q(serial=""),
                nulls_distinct=False,
                name="receipt_once_by_serial",
                violation_error_message=_("There is a receipt with this serial number of the bank already."),
            ),
            models.UniqueConstraint(
                fields=["identity", "again"],
                name="receipt_once_by_identity",
                violation_error_message=_("There is a receipt of the same day, amount, payer and purpose already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="receipt_is_positive",
                violation_error_message=_("A receipt is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(matched__gte=0, refunded__gte=0, amount__gte=F("matched") + F("refunded")),
                name="receipt_is_used_at_most_in_full",
                violation_error_message=_("More would be used of the receipt than came in."),
            ),
            models.CheckConstraint(
                condition=~Q(status="void") | Q(matched=0, refunded=0), name="receipt_that_is_void_is_not_used"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("receipt", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return self.payer_name

    @property
    def left(self) -> Decimal:
        """What of it is not used: the customer's credit."""
        return NONE if self.status == self.Status.VOID else self.amount - self.matched - self.refunded

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the bank's, the payer's and the customer's name."""
        customer = related(self, "customer") if self.customer_id else None
        return {"codes": [self.number, self.serial], "names": [self.payer_name, customer.name if customer else ""]}


class OfReceipt(models.Model):
    """What was done with a receipt, and is seen by whoever sees it."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="%(class)ss", verbose_name=_("receipt"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "receipt"
    lock_through = "receipt"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.receipt.get_absolute_url()

    @property
    def customer_id(self) -> int | None:
        """The receipt's customer, for the index of the log."""
        return self.receipt.customer_id


class Match(OfReceipt):
    """So much of a receipt counts for an order, through the order's payment; one that is wrong is taken back."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="matches", verbose_name=_("receipt"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="matches", verbose_name=_("order"))
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="match", verbose_name=_("payment"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("taken back by")
    )
    reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="match_is_over_something")]

    def __str__(self) -> str:
        return f"{self.receipt} {self.amount}"


class Refund(OfReceipt):
    """Credit that was paid back to the customer."""

    paid_on = models.DateField(_("paid back on"), default=clock.today)
    reference = models.CharField(_("reference of the transfer"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_over_something")]

    def __str__(self) -> str:
        return f"{self.receipt} {self.amount}"


class Payer(models.Model):
    """A name and account from which a customer has paid before: the next receipt of it is suggested to be his."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="payers", db_index=False, verbose_name=_("customer")
    )
    name = models.CharField(_("payer"), max_length=120, blank=True)
    account = EncryptedField(_("payer's account"), kind="bank", blank=True)
    at = models.DateTimeField(_("first seen"), default=clock.now)

    seen_through = "customer"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("known payer")
        verbose_name_plural = _("known payers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["name"], name="payers_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name", "account_index"], nulls_distinct=False, name="payer_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
