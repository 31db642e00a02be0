"""Requests for shipment under a contract."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from customers.models import Contact
from orders.contracts.models.contract import Contract

USER = settings.AUTH_USER_MODEL


class ShipmentRequest(models.Model):
    """What the owner arranged on the contract's date, and that he asks for the goods to be shipped (KC 5.1.11.1)."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Shipment requested")
        SHORT = "short", _("Waits for the money")
        TAKEN_UP = "taken_up", _("Taken up")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STATUS_COLOURS = {
        Status.REQUESTED: "active",
        Status.SHORT: "late",
        Status.TAKEN_UP: "done",
        Status.WITHDRAWN: "neutral",
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="shipments", db_index=False, verbose_name=_("contract")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person called")
    )
    called_at = models.DateTimeField(_("called at"), default=clock.now)
    said = models.TextField(_("what was said"), max_length=2000)
    transport = models.CharField(_("vehicle or ship"), max_length=200)
    ships_on = models.DateField(_("loads on"))
    amount = models.DecimalField(_("amount to ship"), max_digits=14, decimal_places=2)
    funds = models.DecimalField(_("funds for it"), max_digits=14, decimal_places=2)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    taken_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken up by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "contract"
    lock_through = "contract"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for shipment")
        verbose_name_plural = _("requests for shipment")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="shipments_by_status"),
            models.Index(fields=["contract", "-id"], name="shipments_of_contract"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="shipment_is_worth_something",
                violation_error_message=_("There is nothing left to ship."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.contract.get_absolute_url()

    @property
    def customer_id(self) -> int:
        """The contract's customer, for the indexes of log and deadlines."""
        return self.contract.customer_id

    @property
    def owner(self) -> Any:
        """The contract's owner."""
        return self.contract.owner
