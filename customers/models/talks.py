"""What was said with customers, and what is to be done next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from customers.models.channels import Channel
from customers.models.customer import Customer, OfCustomer
from customers.models.people import Contact

USER = settings.AUTH_USER_MODEL


class ContactEntry(OfCustomer):
    """One call, visit, mail or meeting: who, when, what, and the next step (C7)."""

    class Direction(models.TextChoices):
        OUT = "out", _("We contacted him")
        IN = "in", _("He contacted us")

    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, verbose_name=_("customer"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    at = models.DateTimeField(_("when"), default=clock.now)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    what = models.TextField(_("what was said"), max_length=5000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(OfCustomer.Meta):
        verbose_name = _("contact entry")
        verbose_name_plural = _("contact log")
        default_related_name = "contact_entries"
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="contact_log_of_customer"),
            models.Index(fields=["at", "id"], name="contact_log_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d}"

    @property
    def icon(self) -> str:
        """The icon of its channel."""
        return {"phone": "phone", "mail": "mail", "visit": "building", "meeting": "users"}.get(self.channel, "message")


class Task(OfCustomer):
    """A next step with a date."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DONE: "done", Status.DROPPED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    what = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("due on"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    entry = models.ForeignKey(
        ContactEntry, models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("contact entry")
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta(OfCustomer.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="open_tasks", condition=Q(status="open")),
            models.Index(fields=["due_on", "id"], name="tasks_by_day"),
        ]

    def __str__(self) -> str:
        return self.what
