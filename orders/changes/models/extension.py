"""A delay on our side: taken up with production planning, and where it stays, agreed on with the customer."""

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
from orders.changes.models.change import How

USER = settings.AUTH_USER_MODEL
EXTENSION_PURPOSE = "changes.extension"


class Extension(AboutOrder):
    """An extension request (延期请求): cause, what planning says, remedy, new date, the customer's word (KF 3.2.3)."""

    class Status(models.TextChoices):
        PLANNING = "planning", _("With production planning")
        KEPT = "kept", _("The date is kept")
        STAYS = "stays", _("The delay stays")
        ASKED = "asked", _("Waits for an answer")
        COUNTERED = "countered", _("The customer proposes another date")
        DECLINED = "declined", _("Declined by the customer")
        AGREED = "agreed", _("Agreed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Cause(models.TextChoices):
        PRODUCTION = "production", _("Production")
        FORCE_MAJEURE = "force", _("Force majeure")
        REGULATION = "regulation", _("Regulation")
        OTHER = "other", _("Something else")

    STATUS_COLOURS = {
        Status.PLANNING: "soon",
        Status.KEPT: "done",
        Status.STAYS: "late",
        Status.ASKED: "soon",
        Status.COUNTERED: "late",
        Status.DECLINED: "late",
        Status.AGREED: "done",
        Status.WITHDRAWN: "neutral",
    }
    OPEN = (Status.PLANNING, Status.STAYS, Status.ASKED, Status.COUNTERED, Status.DECLINED)

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PLANNING)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    what = models.CharField(_("what has happened"), max_length=500)
    wanted_before = models.DateField(_("wanted on, before"))
    reported_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported"), default=clock.now)

    planner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("production planning"))
    planning = models.CharField(_("what planning says"), max_length=1000, blank=True)
    remedy = models.CharField(_("remedy"), max_length=1000, blank=True)
    possible_on = models.DateField(_("possible on"), null=True, blank=True)
    planned_at = models.DateTimeField(_("answered by planning"), null=True, blank=True)

    new_on = models.DateField(_("new date"), null=True, blank=True)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    asked_at = models.DateTimeField(_("sent to the customer"), null=True, blank=True)
    answer = models.CharField(_("what the customer said"), max_length=1000, blank=True)
    proposed_on = models.DateField(_("date that he proposes"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_how = models.CharField(_("how he agreed"), max_length=10, choices=How.choices, blank=True)
    shift_plan = models.BooleanField(_("move the plan along"), default=True)
    departments = models.ManyToManyField(
        Department, related_name="+", blank=True, verbose_name=_("departments concerned")
    )
    reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="extensions_by_status"),
            models.Index(fields=["order", "-id"], name="extensions_of_order"),
            models.Index(fields=["reported_by", "-id"], name="extensions_of_reporter"),
            models.Index(fields=["reported_at", "id"], name="extensions_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["planning", "stays", "asked", "countered", "declined"]),
                name="one_open_extension_per_order",
                violation_error_message=_("A delay of this order is being dealt with already."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("extension", args=[self.pk])

    @property
    def owner(self) -> Any:
        """The order's owner, who sees to it."""
        return self.order.owner
