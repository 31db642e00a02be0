"""What departments do for an order together: help that its owner asks for, and joint handling."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.records.search import Searchable
from crm.statements import related
from orders.models import Order
from orders.models.order import OfOrder

USER = settings.AUTH_USER_MODEL


class HelpRequest(Searchable, OfOrder):
    """An order's owner asks a department for help (协助申请): what, until when, and what it answers (JD 5.1)."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        PROMISED = "promised", _("Promised")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Not possible")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STATUS_COLOURS = {
        Status.ASKED: "active",
        Status.PROMISED: "soon",
        Status.DONE: "done",
        Status.DECLINED: "late",
        Status.WITHDRAWN: "neutral",
    }
    OPEN = (Status.ASKED, Status.PROMISED)

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="helprequests", db_index=False, verbose_name=_("order")
    )
    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.ASKED)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", db_index=False, verbose_name=_("department")
    )
    what = models.TextField(_("what is asked for"), max_length=2000)
    needed_on = models.DateField(_("needed by"))
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    called_by = ("number", "order__number", "what")

    class Meta(OfOrder.Meta):
        verbose_name = _("help request")
        verbose_name_plural = _("help requests")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="help_requests_by_status"),
            models.Index(fields=["order", "-id"], name="help_requests_of_order"),
            models.Index(fields=["department", "-id"], name="help_of_department"),
            models.Index(fields=["asked_by", "-id"], name="help_requests_of_asker"),
            models.Index(fields=["needed_on", "id"], name="help_requests_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("helprequest", args=[self.pk])

    @property
    def detail(self) -> str:
        """Which order it is about, and what of it."""
        return f"{self.order.number} · {self.what.splitlines()[0][:80]}"

    def search_sources(self) -> dict[str, Any]:
        """What it is found by: its number and the order's."""
        return {"codes": [self.number, related(self, "order").number]}


class JointHandling(OfOrder):
    """An order that spans departments is handled by them together (联合办公), under one lead (JD 3.2)."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    STATUS_COLOURS = {Status.RUNNING: "active", Status.ENDED: "done"}

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="jointhandlings", db_index=False, verbose_name=_("order")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.RUNNING)
    purpose = models.CharField(_("what it is for"), max_length=300)
    lead = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("lead"))
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("departments"))
    begun_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun"), default=clock.now)
    ended_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("joint handling")
        verbose_name_plural = _("joint handlings")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="joint_handlings_by_status"),
            models.Index(fields=["order", "-id"], name="joint_handlings_of_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status="running"),
                name="one_joint_handling_per_order",
                violation_error_message=_("This order is handled jointly already."),
            )
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def owner(self) -> Any:
        """Who answers for it."""
        return self.lead

    def get_absolute_url(self) -> str:
        return reverse("jointhandling", args=[self.pk])
