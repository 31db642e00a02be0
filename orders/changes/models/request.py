"""What a customer asks for while his order is made."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from customers.models import Channel, Contact
from orders.changes.models.base import AboutOrder

USER = settings.AUTH_USER_MODEL


class CustomerRequest(AboutOrder):
    """A customer's request during production: noted, passed to somebody, answered with its reason (KF 3.2.9)."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be answered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended with its order")

    STATUS_COLOURS = {Status.OPEN: "soon", Status.ACCEPTED: "done", Status.DECLINED: "neutral", Status.ENDED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    text = models.TextField(_("what he asks for"), max_length=2000)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who asked")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    noted_at = models.DateTimeField(_("noted"), default=clock.now)
    noted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who answers"))
    answer = models.TextField(_("answer and reason"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    told_how = models.CharField(_("how he was told"), max_length=10, choices=Channel.choices, blank=True)

    class Meta:
        verbose_name = _("customer's request")
        verbose_name_plural = _("customers' requests")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="customer_requests_by_status"),
            models.Index(fields=["order", "-id"], name="customer_requests_of_order"),
            models.Index(fields=["owner", "-id"], name="customer_requests_of_owner"),
            models.Index(fields=["noted_at", "id"], name="customer_requests_by_time"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("customerrequest", args=[self.pk])
