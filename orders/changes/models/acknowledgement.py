"""That a department knows of what has changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from orders.changes.models.change import Change
from orders.changes.models.extension import Extension
from orders.models import OfOrder

USER = settings.AUTH_USER_MODEL


class Acknowledgement(OfOrder):
    """A department is told of an applied change or extension, and somebody there acknowledges it (KF 3.2.4)."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("To be acknowledged")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    STATUS_COLOURS = {Status.WAITING: "soon", Status.ACKNOWLEDGED: "done"}

    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.WAITING)
    change = models.ForeignKey(
        Change,
        models.PROTECT,
        null=True,
        related_name="acknowledgements",
        db_index=False,
        verbose_name=_("order change"),
    )
    extension = models.ForeignKey(
        Extension,
        models.PROTECT,
        null=True,
        related_name="acknowledgements",
        db_index=False,
        verbose_name=_("extension request"),
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    told_at = models.DateTimeField(_("told"), default=clock.now)
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )
    at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)

    class Meta(OfOrder.Meta):
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "department"], name="change_acknowledged_once"),
            models.UniqueConstraint(fields=["extension", "department"], name="extension_acknowledged_once"),
            models.CheckConstraint(
                condition=Q(change__isnull=False, extension__isnull=True)
                | Q(change__isnull=True, extension__isnull=False),
                name="acknowledgement_of_one_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.department}"

    def get_absolute_url(self) -> str:
        return self.paper.get_absolute_url()

    @property
    def paper(self) -> Change | Extension:
        """What the department is told of."""
        return self.change or self.extension  # type: ignore[return-value]
