"""Papers of an order that change hands."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from orders.models.order import OfOrder

USER = settings.AUTH_USER_MODEL


class Handover(OfOrder):
    """Papers that went from one to another (交接记录): what, from whom, to whom, when, received when (JD 2.2)."""

    class What(models.TextChoices):
        APPLICATION = "application", _("Application with its papers")
        SHEET = "sheet", _("Sign-off sheet")

    class Status(models.TextChoices):
        GIVEN = "given", _("Given")
        RECEIVED = "received", _("Taken over")

    STATUS_COLOURS = {Status.GIVEN: "active", Status.RECEIVED: "done"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.GIVEN)
    what = models.CharField(_("paper"), max_length=12, choices=What.choices)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)
    giver = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("handed over by"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed over to")
    )
    given_at = models.DateTimeField(_("handed over at"), default=clock.now)
    receiver = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("handover record")
        verbose_name_plural = _("handover records")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.get_what_display())
