"""Invoices: what a customer owes, by when, and how much of it is paid; and small differences that are written off."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Customer
from orders.exposure import MONEY, delivered
from orders.models import Order, Payment

USER = settings.AUTH_USER_MODEL
NONE = Decimal(0)


def owed_in_full() -> Q:
    """Which invoices are a debt as they are: what was had on account, and what was taken over with its balance."""
    on_account = Q(order__payment_terms=Customer.Terms.CREDIT) & ~Q(order__status=Order.Status.CANCELLED)
    return Q(order__history=True) | on_account


def owed_of_order() -> ExpressionWrapper:
    """What was delivered of an invoice's order without being paid."""
    return ExpressionWrapper(_delivered() - F("order__paid"), output_field=MONEY)


def _delivered() -> Coalesce:
    return delivered("order", "order__settled", "order__allowance")


def owed() -> Q:
    """Which invoices are a debt; one of an order that is paid first, or was given up, only where goods left unpaid."""
    return owed_in_full() | Q(order__paid__lt=_delivered())


def overdue_on(day: date) -> Q:
    """What an invoice fulfils that should have been paid before `day`, and is a debt."""
    return Q(status="open", due_on__lt=day) & owed()


class InvoiceQuerySet(ScopedQuerySet):
    def open(self) -> "InvoiceQuerySet":
        """Those of which something is still to be paid."""
        return self.filter(status=Invoice.Status.OPEN)

    def overdue(self, on: date | None = None) -> "InvoiceQuerySet":
        """Those that should have been paid before the day `on` (today by default), and were not."""
        return self.filter(overdue_on(on or clock.today()))


class Invoice(Searchable, models.Model):
    """A receivable: what the customer is to pay for one order, and by when (KC 5.1.11.8-9).

    What of it is paid follows from the payments of the order, the oldest due first (orders/payments/spreading.py). One
    below nothing is a credit note (红字发票): it counts for the order's other invoices as money does.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be paid")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", _("Voided")
        CREDIT = "credit", _("Credit note")

    STATUS_COLOURS = {Status.OPEN: "active", Status.PAID: "done", Status.CANCELLED: "neutral", Status.CREDIT: "neutral"}

    class Kind(models.TextChoices):
        SPECIAL = "special", _("Special VAT invoice")
        ORDINARY = "ordinary", _("Ordinary VAT invoice")
        OPENING = "opening", _("Opening balance")

    number = models.CharField(
        _("invoice number"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("There is an invoice with this number already.")},
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    kind = models.CharField(_("kind of invoice"), max_length=10, choices=Kind.choices, default=Kind.SPECIAL)
    order = models.ForeignKey(Order, models.PROTECT, related_name="invoices", verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="invoices", db_index=False, verbose_name=_("customer")
    )
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2, default=NONE)
    paid = models.DecimalField(_("paid of it"), max_digits=14, decimal_places=2, default=NONE)
    issued_on = models.DateField(_("issued on"), default=clock.today)
    due_on = models.DateField(_("to be paid by"))
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), default=clock.now)
    reason = models.CharField(_("why it was voided"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "order"
    lock_through = "order"
    called_by = ("number", "customer__name")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="invoices_by_due"),
            models.Index(fields=["issued_on", "id"], name="invoices_by_issue"),
            models.Index(fields=["amount", "id"], name="invoices_by_amount"),
            models.Index(fields=["customer", "-id"], name="invoices_of_customer"),
            models.Index(
                fields=["customer", "due_on"],
                include=["amount", "paid"],
                condition=Q(status="open"),
                name="invoices_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(amount__gt=0, tax__gte=0, tax__lt=F("amount")) | Q(amount__lt=0, tax__lte=0, tax__gt=F("amount"))
                ),
                name="invoice_is_over_something",
                violation_error_message=_("An invoice is over more than nothing, and its tax is a part of it."),
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("amount")) | Q(paid=0, amount__lt=0),
                name="invoice_is_paid_at_most_in_full",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="open", paid__lt=F("amount"))
                    | Q(status="paid", paid=F("amount"))
                    | Q(status="cancelled", paid=0)
                    | Q(status="credit", paid=0, amount__lt=0)
                ),
                name="invoice_state_says_what_is_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return self.customer.name

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid of it; nothing of one that was voided, and of a credit note."""
        return self.amount - self.paid if self.status == self.Status.OPEN else NONE

    @property
    def days_overdue(self) -> int:
        """How many days ago it should have been paid; 0 where it is not due, not open, or no debt."""
        days = (clock.today() - self.due_on).days
        return days if days > 0 and self.status == self.Status.OPEN and self._is_owed else 0

    @cached_property
    def _is_owed(self) -> bool:
        """Whether it is a debt; what is had on account is, and costs no query."""
        order = related(self, "order")
        if order.payment_terms == Customer.Terms.CREDIT and order.status != Order.Status.CANCELLED:
            return True
        return Invoice.objects.filter(owed(), pk=self.pk).exists()

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, the order's, and the customer's name."""
        codes = [self.number, related(self, "order").number, self.reference]
        return {"codes": codes, "names": [related(self, "customer").name]}


class WriteOff(models.Model):
    """A small difference that nobody asks the customer for any more; it counts like money through its payment."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="writeoffs", verbose_name=_("order"))
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="writeoff", verbose_name=_("payment"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("requested by"))
    at = models.DateTimeField(_("written off"), default=clock.now)

    tracked = True
    seen_through = "order"
    lock_through = "order"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_is_over_something")]

    def __str__(self) -> str:
        return f"{self.order} {self.amount}"

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The order's customer, for the index of the log."""
        return self.order.customer_id
