"""The invoice memo (开票备忘录): what finance is asked to invoice, checked, issued, and posted to the customer."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField
from crm.records.search import Searchable
from crm.statements import related
from orders.catalog.models import Product, Unit
from orders.models import OfOrder
from pickup.settlement.models.statement import Statement

USER = settings.AUTH_USER_MODEL
SIX = Decimal("0.000001")


class InvoiceMemo(Searchable, OfOrder):
    """One request to invoice a reconciled statement; below nothing to credit it, by a red invoice (KC 5.1.11.6-8)."""

    class Status(models.TextChoices):
        FILLED = "filled", _("To be checked by finance")
        PASSED = "passed", _("To be invoiced")
        ISSUED = "issued", _("To be posted")
        POSTED = "posted", _("Posted")
        REFUSED = "refused", _("Refused")
        VOIDED = "voided", _("Voided")

    STATUS_COLOURS = {
        Status.FILLED: "active",
        Status.PASSED: "active",
        Status.ISSUED: "soon",
        Status.POSTED: "done",
        Status.REFUSED: "neutral",
        Status.VOIDED: "neutral",
    }
    ENDED = (Status.REFUSED, Status.VOIDED)  # another memo of the statement may take its place

    class Kind(models.TextChoices):
        SPECIAL = "special", _("Special VAT invoice")
        ORDINARY = "ordinary", _("Ordinary VAT invoice")

    class How(models.TextChoices):
        POST = "post", _("By post or courier")
        MAIL = "mail", _("Electronically, by mail")

    number = models.CharField(_("memo number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.FILLED)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="memos", verbose_name=_("statement"))
    kind = models.CharField(_("kind of invoice"), max_length=10, choices=Kind.choices, default=Kind.SPECIAL)
    title = models.CharField(_("invoice title"), max_length=120)
    tax_number = EncryptedField(_("tax number"), kind="licence", blank=True)
    address = models.CharField(_("registered address"), max_length=200, blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    bank_account = EncryptedField(_("bank account"), kind="bank", blank=True)
    remarks = models.CharField(_("remarks on the invoice"), max_length=300, blank=True)
    post_to = models.CharField(_("where to post it"), max_length=300, blank=True)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2)
    filled_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("filled in by")
    )
    filled_at = models.DateTimeField(_("filled in"), default=clock.now)
    checked_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    reason = models.CharField(_("why it was refused or voided"), max_length=300, blank=True)
    issued_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("issued by")
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    posted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("posted by")
    )
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True)
    posted_how = models.CharField(_("how it was posted"), max_length=10, choices=How.choices, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=60, blank=True)

    called_by = ("number", "order__number")

    class Meta:
        verbose_name = _("invoice memo")
        verbose_name_plural = _("invoice memos")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="memos_by_status"),
            models.Index(fields=["filled_at", "id"], name="memos_by_filled"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=~Q(status__in=["refused", "voided"]),
                name="one_memo_of_a_statement",
                violation_error_message=_("This statement has an invoice memo already."),
            ),
            models.CheckConstraint(condition=~Q(total=0), name="memo_is_over_something"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invoicememo", args=[self.pk])

    @property
    def is_credit(self) -> bool:
        """Whether it asks for a red invoice, because more came back than left."""
        return self.total < 0

    @property
    def owner(self) -> User | None:
        """Who answers for it: the order's owner."""
        return self.order.owner

    @property
    def owner_id(self) -> int | None:
        """The key of who answers for it."""
        return self.order.owner_id

    @property
    def detail(self) -> str:
        """Whose and of which order, for hits and pickers."""
        return f"{self.order.customer} · {self.order}"

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number, those of statement and order, the invoice title and the customer."""
        order = related(self, "order")
        codes = [self.number, related(self, "statement").number, order.number, self.tracking]
        return {"codes": codes, "names": [self.title, related(order, "customer").name]}


class MemoLine(models.Model):
    """One product on the invoice: what of it was reconciled, together."""

    memo = models.ForeignKey(
        InvoiceMemo, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("invoice memo")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False, verbose_name=_("product"))
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    tax_rate = models.DecimalField(_("tax rate in percent"), max_digits=4, decimal_places=2)
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)

    seen_through = "memo"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an invoice memo")
        verbose_name_plural = _("lines of invoice memos")
        ordering = ["memo", "position"]
        constraints = [models.UniqueConstraint(fields=["memo", "position"], name="memo_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.product}"

    @property
    def net(self) -> Decimal:
        """The amount without tax (金额), as an invoice has it."""
        return self.amount - self.tax

    @property
    def net_price(self) -> Decimal | None:
        """The unit price without tax (单价), to six places; None where only amounts are adjusted."""
        return (self.net / self.quantity).quantize(SIX, ROUND_HALF_UP) if self.quantity else None


class IssuedInvoice(models.Model):
    """One invoice that finance issued on a memo; a memo above the tax office's limit has several."""

    memo = models.ForeignKey(
        InvoiceMemo, models.PROTECT, related_name="issued", db_index=False, verbose_name=_("invoice memo")
    )
    number = models.CharField(
        _("invoice number"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("There is an invoice with this number already.")},
    )
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax in it"), max_digits=14, decimal_places=2)

    tracked = True
    seen_through = "memo"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued invoice")
        verbose_name_plural = _("issued invoices")
        ordering = ["memo", "pk"]
        indexes = [models.Index(fields=["memo"], name="issued_of_memo")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, tax__gte=0) | Q(amount__lt=0, tax__lte=0), name="issued_over_something"
            )
        ]

    def __str__(self) -> str:
        return self.number
