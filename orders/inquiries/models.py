"""Inquiries: who asked what, through which channel, and how he was answered."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField
from crm.records.search import Searchable
from customers.models import Customer

USER = settings.AUTH_USER_MODEL


class Inquiry(Searchable, models.Model):
    """A question of a customer, or of somebody who may become one (JD 2.1, KF 3.1, KH 3.2)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be answered")
        PASSED = "passed", _("Passed on")
        ANSWERED = "answered", _("Answered")
        ORDERED = "ordered", _("Ordered")
        CLOSED = "closed", _("Closed without intent")

    STATUS_COLOURS = {
        Status.OPEN: "active",
        Status.PASSED: "active",
        Status.ANSWERED: "done",
        Status.ORDERED: "done",
        Status.CLOSED: "neutral",
    }

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("Mail")
        FAX = "fax", _("Fax")
        WEB = "web", _("Website")
        CHAT = "chat", _("Online chat")
        SOCIAL = "social", _("Social media")
        WALK_IN = "walk_in", _("Walk-in")
        FAIR = "fair", _("Fair")

    class Reply(models.TextChoices):
        ORAL = "oral", _("Verbally")
        MAIL = "mail", _("By mail from here")
        WRITTEN = "written", _("In writing otherwise")

    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    urgent = models.BooleanField(_("urgent"), default=False)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, editable=False)  # of the customer's tier
    received_at = models.DateTimeField(_("received"), default=clock.now)
    name = models.CharField(_("who asks"), max_length=120, help_text=_("Company, or the person where there is none."))
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    email = EncryptedField(_("mail address"), kind="email", blank=True)
    matter = models.TextField(_("what is asked"), max_length=5000)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiries",
        db_index=False,
        verbose_name=_("customer"),
    )
    received_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("received by"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("who answers")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    reply = models.CharField(_("how it was answered"), max_length=10, choices=Reply.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    called_back_at = models.DateTimeField(_("called back"), null=True, blank=True)
    closing_reason = models.CharField(_("why it was closed"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "name", "matter")
    owned_by = ("owner", "received_by")
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["received_at", "id"], name="inquiries_by_received"),
            models.Index(fields=["priority", "id"], name="inquiries_by_priority"),
            models.Index(fields=["owner", "-id"], name="inquiries_of_owner"),
            models.Index(fields=["status", "-id"], name="inquiries_by_status"),
            models.Index(fields=["customer", "-id"], name="inquiries_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("inquiry", args=[self.pk])

    @property
    def detail(self) -> str:
        """The matter in one line, for hits and pickers."""
        return self.matter.splitlines()[0][:80] if self.matter else ""

    def search_sources(self) -> dict[str, Any]:
        """What it is found by."""
        return {"names": [self.name], "persons": [self.contact_name], "codes": [self.number]}

    @property
    def in_writing(self) -> bool:
        """Whether the answer was written, so that a call must follow it (KF 3.1.2)."""
        return self.reply in (self.Reply.MAIL, self.Reply.WRITTEN)
