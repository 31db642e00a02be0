"""A change of an order that the customer has agreed to: what, why, whose wish, his word and our manager's."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from customers.models import Contact
from orders.changes.models.base import AboutOrder
from orders.changes.models.request import CustomerRequest
from orders.models.lines import AmendedLine

USER = settings.AUTH_USER_MODEL
LINK_PURPOSE = "changes.confirm"


class How(models.TextChoices):
    """By which of two ways a customer has agreed in writing."""

    LINK = "link", _("By his link")
    PAPER = "paper", _("By a signed paper")


class Change(AboutOrder):
    """A change of quantity, date or specification, or a cancelling, each line before and after (KF 3.2.4, 3.2.8)."""

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        ASKED = "asked", _("Waits for an answer")
        CONFIRMED = "confirmed", _("Confirmed by the customer")
        DECLINED = "declined", _("Declined by the customer")
        APPLIED = "applied", _("Applied")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods and quantities")
        SPECIFICATION = "spec", _("Specification")
        DATE = "date", _("Date")
        CANCEL = "cancel", _("Cancelling")

    class Wish(models.TextChoices):
        CUSTOMER = "customer", _("The customer")
        OURS = "ours", _("Us")
        AUTHORITY = "authority", _("An authority")

    STATUS_COLOURS = {
        Status.DRAFTED: "neutral",
        Status.ASKED: "soon",
        Status.CONFIRMED: "active",
        Status.DECLINED: "late",
        Status.APPLIED: "done",
        Status.WITHDRAWN: "neutral",
    }
    OPEN = (Status.DRAFTED, Status.ASKED, Status.CONFIRMED, Status.DECLINED)

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFTED)
    kind = models.CharField(_("what changes"), max_length=10, choices=Kind.choices)
    wish = models.CharField(_("initiated by"), max_length=10, choices=Wish.choices, default=Wish.CUSTOMER)
    why = models.CharField(_("why"), max_length=500)
    wanted_before = models.DateField(_("wanted on, before"))
    wanted_on = models.DateField(_("wanted on"), null=True, blank=True)
    total_before = models.DecimalField(_("total before"), max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField(_("total with tax"), max_digits=14, decimal_places=2, default=0)
    shift_plan = models.BooleanField(_("move the plan along"), default=False)
    departments = models.ManyToManyField(
        Department, related_name="+", blank=True, verbose_name=_("departments concerned")
    )
    request = models.ForeignKey(
        CustomerRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("customer's request"),
    )
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"), default=clock.now)
    asked_at = models.DateTimeField(_("sent to the customer"), null=True, blank=True)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_how = models.CharField(_("how he confirmed"), max_length=10, choices=How.choices, blank=True)
    answer = models.CharField(_("what the customer said"), max_length=1000, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("order change")
        verbose_name_plural = _("order changes")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="changes_by_status"),
            models.Index(fields=["order", "-id"], name="changes_of_order"),
            models.Index(fields=["drafted_by", "-id"], name="changes_of_drafter"),
            models.Index(fields=["drafted_at", "id"], name="changes_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["drafted", "asked", "confirmed", "declined"]),
                name="one_open_change_per_order",
                violation_error_message=_("A change of this order is under way already."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.pk])

    @property
    def owner(self) -> Any:
        """The order's owner, who sees to it."""
        return self.order.owner

    @property
    def difference(self) -> Decimal:
        """What the order costs more by it, with tax; less than nothing where it costs less."""
        return self.total - self.total_before

    @property
    def cancels(self) -> bool:
        """Whether it ends the order."""
        return self.kind == self.Kind.CANCEL


class ChangeLine(AmendedLine):
    """One line as it is to be, and what it was before: a new one was nothing, and one left out has no quantity."""

    change = models.ForeignKey(
        Change, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order change")
    )
    specification_before = models.CharField(_("specification before"), max_length=120, blank=True)

    seen_through = "change"
    lock_through = "change"

    class Meta:
        verbose_name = _("line of an order change")
        verbose_name_plural = _("lines of order changes")
        ordering = ["change", "position"]
        constraints = [
            models.UniqueConstraint(fields=["change", "position"], name="change_line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, price__gte=0),
                name="change_line_is_not_negative",
                violation_error_message=_("Quantity and price of a line are not negative."),
            ),
        ]
