"""The date of a contract that is carried out earlier or later than it says."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from orders.contracts.models.contract import Contract

USER = settings.AUTH_USER_MODEL


class DateMove(models.Model):
    """The contract is carried out earlier or later than dated, as a change of its order agreed (KC 5.1.11.1)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="moves", verbose_name=_("contract"))
    before = models.DateField(_("contract date before"), null=True)
    after = models.DateField(_("contract date"))
    reference = models.CharField(_("document"), max_length=40)
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))

    seen_through = "contract"
    lock_through = "contract"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract date that was moved")
        verbose_name_plural = _("contract dates that were moved")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.contract} {self.after}"

    @property
    def effective_on(self) -> date:
        """From when it counts: the day on which it was applied."""
        return timezone.localdate(self.at)

    @property
    def terms(self) -> dict[str, dict[str, Any]]:
        """What it changes, as a supplementary agreement says it."""
        before = self.before and self.before.isoformat()
        return {"delivery_on": {"before": before, "after": self.after.isoformat()}}
