"""To whom orders are given, and who can be given which."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from orders.models.order import OfOrder
from orders.models.types import OrderType

USER = settings.AUTH_USER_MODEL


class Allocation(OfOrder):
    """To whom an order was given, why him, and how all who came into question stood then (JD 2.3)."""

    class Ended(models.TextChoices):
        DECLINED = "declined", _("given back")
        NOT_ACCEPTED = "not_accepted", _("not accepted in time")
        REALLOCATED = "reallocated", _("given to somebody else")

    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("allocated by"))
    at = models.DateTimeField(_("allocated"), default=clock.now)
    chosen_by_hand = models.BooleanField(_("chosen by hand"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    candidates = models.JSONField(_("candidates"), default=list)  # as orders.allocation.Candidate.kept() writes them
    ended = models.CharField(_("how it ended"), max_length=12, choices=Ended.choices, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.owner}"


class Territory(models.Model):
    """Which orders somebody can be given: types, areas and regions (empty: any), and how many at a time."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="territory", verbose_name=_("user"))
    types = models.ManyToManyField(OrderType, blank=True, related_name="+", verbose_name=_("types of orders"))
    areas = models.CharField(_("business areas"), max_length=300, blank=True, help_text=_("Separated by commas."))
    regions = models.CharField(_("regions"), max_length=300, blank=True, help_text=_("Separated by commas."))
    capacity = models.PositiveSmallIntegerField(_("open orders at most"), default=20)
    available = models.BooleanField(_("takes orders"), default=True)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")

    def __str__(self) -> str:
        return str(self.user)
