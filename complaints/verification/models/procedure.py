"""The procedure that verifies what a customer complains of, one at a time for each complaint (KC 5.2.1.3-5.2.1.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Evidence
from complaints.models.complaint import OfComplaint
from complaints.verification.models.scale import Scale
from crm import clock
from customers.models import Channel

USER = settings.AUTH_USER_MODEL


class Verification(OfComplaint):
    """A verification (核查): by tests for goods, by the scale's certificate or by every weighing for a shortage."""

    class Status(models.TextChoices):
        OPENED = "opened", _("Being verified")
        SAMPLED = "sampled", _("Sample taken")
        TESTED = "tested", _("Customer's word due")
        DISPUTED = "disputed", _("Result disputed")
        AT_LABORATORY = "laboratory", _("At the laboratory")
        READY = "ready", _("To be signed and sealed")
        SIGNED = "signed", _("Signed and sealed")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {
        Status.OPENED: "active",
        Status.SAMPLED: "active",
        Status.TESTED: "soon",
        Status.DISPUTED: "late",
        Status.AT_LABORATORY: "active",
        Status.READY: "soon",
        Status.SIGNED: "done",
        Status.DROPPED: "neutral",
    }

    class Kind(models.TextChoices):
        QUALITY = "quality", _("Quality of the goods")
        PICKUP = "pickup", _("Shortage on pickup")
        DELIVERY = "delivery", _("Shortage on delivery")

    UNDER_WAY = (
        Status.OPENED,
        Status.SAMPLED,
        Status.TESTED,
        Status.DISPUTED,
        Status.AT_LABORATORY,
        Status.READY,
    )

    number = models.CharField(_("verification number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPENED)
    kind = models.CharField(_("procedure"), max_length=10, choices=Kind.choices)
    round = models.PositiveSmallIntegerField(_("round"))
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened"), default=clock.now)

    laboratory = models.CharField(_("laboratory"), max_length=120, blank=True)
    laboratory_how = models.CharField(
        _("how the customer accepted it"), max_length=10, choices=Channel.choices, blank=True
    )
    laboratory_words = models.CharField(_("what the customer said"), max_length=500, blank=True)
    laboratory_at = models.DateTimeField(_("laboratory accepted"), null=True, blank=True)

    scale = models.ForeignKey(
        Scale, models.PROTECT, null=True, blank=True, related_name="verifications", verbose_name=_("scale")
    )
    meets_standard = models.BooleanField(_("the scale meets the national standard"), null=True, blank=True)
    statement = models.TextField(_("what was stated"), max_length=2000, blank=True)
    stated_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stated by")
    )
    stated_at = models.DateTimeField(_("stated"), null=True, blank=True)
    explanation = models.TextField(_("production's explanation"), max_length=2000, blank=True)
    explained_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("explained by")
    )
    explained_at = models.DateTimeField(_("explained"), null=True, blank=True)

    opinion = models.CharField(_("remark of the signer"), max_length=500, blank=True)
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("time of signing"), null=True, blank=True)
    sealed = models.BooleanField(_("sealed"), default=False)
    signed_paper = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed paper")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(OfComplaint.Meta):
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["complaint", "-id"], name="verifications_of_complaint"),
            models.Index(fields=["status", "-id"], name="verifications_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=~Q(status__in=["signed", "dropped"]),
                name="one_verification_under_way",
                violation_error_message=_("This complaint is being verified already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signed_by__isnull=False, sealed=True),
                name="signed_verifications_are_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("verification", args=[self.pk])

    @property
    def detail(self) -> str:
        """Which procedure, for which complaint."""
        return f"{self.get_kind_display()} · {self.complaint.number} · {self.complaint.customer.name}"
