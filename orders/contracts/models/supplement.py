"""Supplementary agreements (合同补充协议): what of a contract is agreed anew, before and after, line by line."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from orders.contracts.models.contract import Contract
from orders.models.lines import AmendedLine, wants_something

USER = settings.AUTH_USER_MODEL
SUPPLEMENT_PURPOSE = "contracts.sign_supplement"


class Supplement(models.Model):
    """One supplementary agreement of a contract; it counts once it is approved (KC 5.1.10)."""

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        APPLIED = "applied", _("In force")
        DROPPED = "dropped", _("Withdrawn")

    STATUS_COLOURS = {Status.DRAFTED: "active", Status.APPLIED: "done", Status.DROPPED: "neutral"}

    class Sent(models.TextChoices):
        LINK = "link", _("Link by mail")
        PAPER = "paper", _("On paper")

    number = models.CharField(_("number"), max_length=40, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFTED)
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="supplements", db_index=False, verbose_name=_("contract")
    )
    why = models.CharField(_("reason, and initiated by whom"), max_length=500)
    agreed = models.CharField(_("how the customer agreed"), max_length=300)
    effective_on = models.DateField(_("effective from"))
    terms = models.JSONField(_("terms"), default=dict)  # name: {"before", "after"}, as JSON
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"), default=clock.now)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    # Its paper, which is signed by both as the contract's is.
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_how = models.CharField(_("delivery method"), max_length=10, choices=Sent.choices, blank=True)
    copy_at = models.DateTimeField(_("signed copy handed in"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    returned_at = models.DateTimeField(_("signed copy returned"), null=True, blank=True)
    archive_place = models.CharField(_("filed at"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "contract"
    lock_through = "contract"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplementary agreement")
        verbose_name_plural = _("supplementary agreements")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="supplements_by_status"),
            models.Index(fields=["contract", "-id"], name="supplements_of_contract"),
            models.Index(
                fields=["-id"], condition=Q(status="applied", returned_at=None), name="supplements_without_copy"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(status="drafted"),
                name="one_drafted_supplement_per_contract",
                violation_error_message=_("A supplementary agreement is being drafted already."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("supplement", args=[self.pk])

    @property
    def customer_id(self) -> int:
        """The contract's customer, for the indexes of log and deadlines."""
        return self.contract.customer_id

    @property
    def owner(self) -> Any:
        """The contract's owner."""
        return self.contract.owner

    @property
    def department(self) -> Any:
        """The contract's department."""
        return self.contract.department

    @property
    def lacks_copy(self) -> bool:
        """Whether it counts, and its signed copy is not back yet."""
        return self.status == self.Status.APPLIED and self.returned_at is None

    @property
    def detail(self) -> str:
        """Whose contract it changes."""
        return self.contract.customer.name


class SupplementLine(AmendedLine):
    """One line as the supplementary agreement has it, and what it was before; a new one was nothing before."""

    supplement = models.ForeignKey(
        Supplement, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("supplementary agreement")
    )

    seen_through = "supplement"
    lock_through = "supplement"

    class Meta:
        verbose_name = _("line of a supplementary agreement")
        verbose_name_plural = _("lines of supplementary agreements")
        ordering = ["supplement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["supplement", "position"], name="supplement_line_position_once"),
            wants_something("supplement_line_agrees_on_something", Q(quantity__gt=0, price__gte=0)),
        ]
