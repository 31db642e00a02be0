"""Dunning: the steps as the company set them, one case for each customer with overdue invoices, and each reminder."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import related
from customers.models import Contact, Customer

USER = settings.AUTH_USER_MODEL


class DunningStep(models.Model):
    """One step of reminding: so many days after the due date, by whom, by which way, in which words."""

    class Who(models.TextChoices):
        OWNER = "owner", _("The customer's owner")
        FINANCE = "finance", _("Finance")

    class Channel(models.TextChoices):
        MAIL = "mail", _("Letter by mail")
        CALL = "call", _("Phone call")
        LETTER = "letter", _("Printed letter (催款函)")

    days = models.PositiveSmallIntegerField(_("days overdue"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    who = models.CharField(_("who does it"), max_length=10, choices=Who.choices, default=Who.OWNER)
    channel = models.CharField(_("way"), max_length=10, choices=Channel.choices, default=Channel.MAIL)
    text = models.TextField(_("text"), max_length=4000)
    text_en = models.TextField(_("English text"), max_length=4000, blank=True)
    suspends = models.BooleanField(_("proposes to suspend supply"), default=False)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")
        ordering = ["days"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gt=0),
                name="dunning_begins_after_the_due_date",
                violation_error_message=_("Nobody is reminded before he is late."),
            )
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Dunning(Searchable, models.Model):
    """What is done about a customer's overdue invoices, until they are paid (KC 5.1.11.9, JD 7.1)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being reminded")
        ENDED = "ended", _("Paid")

    STATUS_COLOURS = {Status.OPEN: "late", Status.ENDED: "done"}

    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="dunnings", db_index=False, verbose_name=_("customer")
    )
    step = models.ForeignKey(
        DunningStep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("next step"),
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    done_days = models.PositiveSmallIntegerField(_("done up to days"), default=0, editable=False)
    promised_on = models.DateField(_("promised to pay on"), null=True, blank=True)
    promised_amount = models.DecimalField(_("amount promised"), max_digits=14, decimal_places=2, null=True, blank=True)
    promised_at = models.DateTimeField(_("promised"), null=True, blank=True, editable=False)
    promised_by = models.CharField(_("who promised"), max_length=60, blank=True)
    broken = models.PositiveSmallIntegerField(_("promises broken"), default=0)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
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
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "customer__name")
    owned_by = ("owner",)
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("dunning")
        verbose_name_plural = _("dunning")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="dunnings_of_customer"),
            models.Index(fields=["opened_at", "id"], name="dunnings_by_begin"),
            models.Index(fields=["owner", "-id"], name="dunnings_of_owner"),
            models.Index(fields=["department", "-id"], name="dunnings_of_department"),
            models.Index(fields=["-id"], condition=Q(status="open"), name="dunnings_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(status="open"),
                name="one_dunning_per_customer",
                violation_error_message=_("This customer is being reminded already."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("dunning", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others, in pickers and hits."""
        return self.customer.name

    @property
    def responsible(self) -> User | None:
        """Who does the next step, where that is one person: the owner; finance is a role."""
        finance = self.step is not None and self.step.who == DunningStep.Who.FINANCE
        return None if finance else self.owner

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the customer's name."""
        return {"codes": [self.number], "names": [related(self, "customer").name]}


class Reminder(models.Model):
    """One reminder: which step, by which way, over which invoices, and what came of it. Rows are never changed."""

    dunning = models.ForeignKey(Dunning, models.PROTECT, related_name="reminders", verbose_name=_("dunning"))
    number = models.CharField(_("number"), max_length=30, unique=True)
    step = models.ForeignKey(
        DunningStep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("step"),
    )
    channel = models.CharField(_("way"), max_length=10, choices=DunningStep.Channel.choices)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    text = models.TextField(_("text"), max_length=4000, blank=True)
    said = models.TextField(_("what was said"), max_length=2000, blank=True)
    amount = models.DecimalField(_("overdue then"), max_digits=14, decimal_places=2, default=Decimal(0))
    invoices = models.JSONField(_("invoices then"), default=list, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    seen_through = "dunning"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.dunning.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The customer who was reminded, for the index of the log."""
        return self.dunning.customer_id
