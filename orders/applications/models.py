"""Application forms that were sent to customers, who fill them in themselves by a link."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from customers.models import Contact, Customer
from orders.inquiries.models import Inquiry
from orders.models import Order


class SentForm(models.Model):
    """An order application form that a customer's contact was asked to fill in, and what came of it (JD 2.2).

    `content` is what he sent, as he saw it (`as_sent` in forms.py), however staff completes the order later.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("Sent")
        FILLED = "filled", _("Filled in")

    STATUS_COLOURS = {Status.SENT: "active", Status.FILLED: "done"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.SENT)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="sent_forms", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))
    inquiry = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="sent_forms", verbose_name=_("inquiry")
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("applied by"),
        help_text=_("Who looks after the application once it is filled in."),
    )
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent"), default=clock.now)
    filled_at = models.DateTimeField(_("filled in"), null=True, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="sent_form", verbose_name=_("order")
    )
    content = models.JSONField(_("as it was sent"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    untracked = ("content",)  # written once, and never changed
    seen_through = "customer"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("application form sent")
        verbose_name_plural = _("application forms sent")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["customer", "-id"], name="sent_forms_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer} {self.sent_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return (self.order or self.inquiry or self.customer).get_absolute_url()

    @property
    def wishes(self) -> list[dict[str, Any]]:
        """The lines that the customer described in his own words, because they are on no list."""
        return [line for line in self.content.get("lines", ()) if "amount" not in line]
