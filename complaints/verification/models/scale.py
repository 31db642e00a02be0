"""The register of scales (地磅台账), and the certificates that say how long each may be trusted (KC 5.2.1.5)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from crm.records.models import Attachment
from pickup.stock.models import Warehouse

USER = settings.AUTH_USER_MODEL


class Scale(models.Model):
    """A scale of ours: where it stands, what it can weigh, and until when its certificate holds."""

    class Status(models.TextChoices):
        IN_USE = "in_use", _("In use")
        RETIRED = "retired", _("Out of use")

    STATUS_COLOURS = {Status.IN_USE: "done", Status.RETIRED: "neutral"}

    class Kind(models.TextChoices):
        TRUCK = "truck", _("Weighbridge for trucks")
        RAIL = "rail", _("Weighbridge for wagons")
        PLATFORM = "platform", _("Platform scale")
        HOPPER = "hopper", _("Hopper scale")

    class Accuracy(models.TextChoices):
        SPECIAL = "I", _("Class I")
        HIGH = "II", _("Class II")
        MEDIUM = "III", _("Class III")
        ORDINARY = "IIII", _("Class IIII")

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.IN_USE)
    number = models.CharField(_("number of the scale"), max_length=30, unique=True)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="scales", verbose_name=_("warehouse")
    )
    place = models.CharField(_("place of the scale"), max_length=120)
    kind = models.CharField(_("kind of scale"), max_length=10, choices=Kind.choices, default=Kind.TRUCK)
    capacity = models.DecimalField(_("capacity in kg"), max_digits=12, decimal_places=3)
    division = models.DecimalField(_("division in kg"), max_digits=10, decimal_places=3)
    accuracy = models.CharField(_("accuracy class"), max_length=4, choices=Accuracy.choices, default=Accuracy.MEDIUM)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("weighbridge head"))
    registered_on = models.DateField(_("in the register since"), default=clock.today)
    certificate_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("owner",)
    owned_by_department: tuple[str, ...] = ()
    called_by = ("number", "place")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ["number"]
        indexes = [models.Index(fields=["status", "-id"], name="scales_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=Q(division__gt=0) & Q(capacity__gt=F("division")),
                name="scale_weighs_more_than_a_division",
                violation_error_message=_("The capacity must be greater than the division, and this greater than 0."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("scale", args=[self.pk])

    @property
    def detail(self) -> str:
        """Where it stands, for hits and pickers."""
        return self.place

    def certificate_on(self, day: date) -> "ScaleCertificate | None":
        """The certificate that held on a day, the latest one where there are several, or None."""
        return self.certificates.filter(issued_on__lte=day, valid_until__gte=day).order_by("-valid_until").first()


class ScaleCertificate(models.Model):
    """A certificate of a scale (检定证书): by whom it was calibrated, when, until when it holds. Never changed."""

    scale = models.ForeignKey(
        Scale, models.PROTECT, related_name="certificates", db_index=False, verbose_name=_("scale")
    )
    number = models.CharField(_("certificate number"), max_length=60)
    issued_by = models.CharField(_("calibrated by"), max_length=120)
    issued_on = models.DateField(_("calibrated on"))
    valid_until = models.DateField(_("valid until"))
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), default=clock.now)

    seen_through = "scale"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of a scale")
        verbose_name_plural = _("certificates of scales")
        ordering = ["-valid_until", "-pk"]
        indexes = [models.Index(fields=["scale", "-valid_until"], name="certificates_of_scale")]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "number"],
                name="certificate_of_a_scale_once",
                violation_error_message=_("This certificate of the scale is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_on")),
                name="certificate_ends_after_it_begins",
                violation_error_message=_("The certificate ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
