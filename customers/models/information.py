"""What is learned of customers: new ones to be entered, and changes to be decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField
from crm.records.kinds import mask
from customers.models.customer import Customer, OfCustomer
from customers.models.people import Contact

USER = settings.AUTH_USER_MODEL


class Note(models.Model):
    """Information about a customer that somebody received, and that has to become part of a record (ZT 2.2)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be entered")
        ENTERED = "entered", _("Entered")
        DISMISSED = "dismissed", _("Dismissed")

    STATUS_COLOURS = {Status.OPEN: "active", Status.ENTERED: "done", Status.DISMISSED: "neutral"}

    class Source(models.TextChoices):
        CALL = "call", _("A call")
        FAIR = "fair", _("A fair")
        DELIVERY = "delivery", _("A delivery")
        COUNTER = "counter", _("The counter")
        OTHER = "other", _("Elsewhere")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    source = models.CharField(_("learned from"), max_length=10, choices=Source.choices, default=Source.CALL)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    name = models.CharField(_("customer's name"), max_length=120)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    text = models.TextField(_("what was learned"), max_length=2000, blank=True)
    reason = models.CharField(_("why it was dismissed"), max_length=300, blank=True)
    received_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("received by"))
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("customer")
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner", "received_by")
    owned_by_department = ("department",)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer information")
        verbose_name_plural = _("customer information received")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="notes_by_status")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.pk])


class ChangeReport(OfCustomer):
    """A change of a customer's details that somebody reports, to be accepted or rejected field by field (ZT 2.3)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be decided")
        DECIDED = "decided", _("Decided")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DECIDED: "done"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    changed_on = models.DateField(_("day of the change"), default=clock.today)
    source = models.CharField(_("learned from"), max_length=200, blank=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    reported_at = models.DateTimeField(_("reported"), default=clock.now)
    decision = models.CharField(_("remarks on the decision"), max_length=300, blank=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("reported change")
        verbose_name_plural = _("reported changes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="change_reports_by_status")]

    def __str__(self) -> str:
        return f"{self.customer} {self.changed_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("changereport", args=[self.pk])

    @property
    def owner(self) -> Any:
        """Who decides: the customer's owner."""
        return self.customer.owner


class ReportedField(models.Model):
    """One field of a reported change, with the old and the new value side by side."""

    report = models.ForeignKey(ChangeReport, models.CASCADE, related_name="fields", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40)
    old = EncryptedField(kind="text", blank=True)
    new = EncryptedField(kind="text", blank=True)
    accepted = models.BooleanField(null=True)

    seen_through = "report"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported field")
        verbose_name_plural = _("reported fields")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "contact", "field"], name="field_once_per_report", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.field

    @property
    def target(self) -> Customer | Contact:
        """The record that the field belongs to."""
        return self.contact or self.report.customer

    @property
    def label(self) -> str:
        """The field's name as people say it."""
        name = str(self.target._meta.get_field(self.field).verbose_name)  # type: ignore[union-attr]
        return f"{self.contact.name}: {name}" if self.contact else name

    @property
    def customer_id(self) -> int:
        """Whose detail it is, for the log of looks."""
        return self.report.customer_id

    @property
    def kind(self) -> str:
        """The kind of identifier that both values are; "" for what everybody may read."""
        field = self.target._meta.get_field(self.field)
        return field.kind if isinstance(field, EncryptedField) else ""

    old_kind = new_kind = kind  # what is asked of each value before it is shown in clear

    @property
    def old_shown(self) -> str:
        """The old value as everybody may see it."""
        return mask(self.kind, self.old) if self.kind else self.old

    @property
    def new_shown(self) -> str:
        """The new value as everybody may see it."""
        return mask(self.kind, self.new) if self.kind else self.new
