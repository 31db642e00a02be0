"""A weighing that a shortage is traced by: where, on whose scale, how much, who was there (KC 5.2.1.5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.verification.models.quality import OfVerification
from complaints.verification.models.scale import Scale, ScaleCertificate

USER = settings.AUTH_USER_MODEL


class Weighing(OfVerification):
    """Gross, tare and net in kilograms; what was written down wrongly is struck out and stays to be read."""

    class Stage(models.TextChoices):
        LOADED = "loaded", _("Loaded")
        ON_THE_WAY = "on_the_way", _("On the way")
        ARRIVED = "arrived", _("Arrived")

    stage = models.CharField(_("when on the way"), max_length=10, choices=Stage.choices)
    place = models.CharField(_("where"), max_length=200)
    scale = models.ForeignKey(
        Scale, models.PROTECT, null=True, blank=True, related_name="weighings", verbose_name=_("our scale")
    )
    certificate = models.ForeignKey(
        ScaleCertificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("certificate that held then"),
    )
    whose = models.CharField(_("whose scale"), max_length=120, blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    gross = models.DecimalField(_("gross in kg"), max_digits=12, decimal_places=3)
    tare = models.DecimalField(_("tare in kg"), max_digits=12, decimal_places=3)
    net = models.DecimalField(_("net in kg"), max_digits=12, decimal_places=3)
    at = models.DateTimeField(_("weighed at"))
    weigher = models.CharField(_("weighed by"), max_length=60)
    logistics = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("of logistics")
    )
    sales = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("of sales"))
    struck_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("struck out by")
    )
    struck_because = models.CharField(_("struck out because"), max_length=300, blank=True)

    class Meta(OfVerification.Meta):
        verbose_name = _("weighing")
        verbose_name_plural = _("weighings")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gross__gt=F("tare")) & Q(tare__gte=0) & Q(net=F("gross") - F("tare")),
                name="weighing_adds_up",
                violation_error_message=_("The gross weight must be greater than the tare."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.net.normalize():f} kg"

    @property
    def uncertified(self) -> bool:
        """Whether our own scale had no certificate that held when this was weighed."""
        return self.scale_id is not None and self.certificate_id is None
