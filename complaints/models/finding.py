"""Causes as a tree, the finding of each round, what the customer said afterwards, and whether it came again."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import OfComplaint
from crm import clock
from crm.accounts.models import Department
from customers.models import Channel

USER = settings.AUTH_USER_MODEL


class Cause(models.Model):
    """A cause in the tree of causes, which administrators keep (K8)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of the cause")
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("cause of complaints")
        verbose_name_plural = _("causes of complaints")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def path(self) -> str:
        """The cause with the one that it is part of."""
        return f"{self.parent} › {self}" if self.parent else str(self)


class Finding(OfComplaint):
    """The written finding of a round: facts, cause, responsibility, signed by the lead; never changed (ZT 5.2)."""

    written_once = True

    class Fault(models.TextChoices):
        OURS = "ours", _("Ours")
        SHARED = "shared", _("Shared")
        CUSTOMER = "customer", _("The customer's")
        OTHERS = "others", _("Somebody else's")
        NOBODY = "nobody", _("Nobody's")

    round = models.PositiveSmallIntegerField(_("round"))
    facts = models.TextField(_("facts"), max_length=4000)
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="+", verbose_name=_("cause"))
    explanation = models.TextField(_("how it came about"), max_length=2000, blank=True)
    fault = models.CharField(_("responsibility"), max_length=10, choices=Fault.choices)
    responsible = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("responsible department")
    )
    signed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    on_behalf_of = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("on behalf of")
    )
    signed_at = models.DateTimeField(_("time of signing"), default=clock.now)

    class Meta(OfComplaint.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["complaint", "round"], name="finding_once_a_round")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.round}"


class FollowUp(OfComplaint):
    """What the customer said at the return visit; rows are never changed (ZT 5.4)."""

    written_once = True

    round = models.PositiveSmallIntegerField(_("round"))
    satisfied = models.BooleanField(_("satisfied"))
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices)
    words = models.TextField(_("what he said"), max_length=2000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta(OfComplaint.Meta):
        verbose_name = _("return visit about a complaint")
        verbose_name_plural = _("return visits about complaints")
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["complaint", "round"], name="return_visit_once_a_round")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.round}"


class EffectCheck(OfComplaint):
    """What was seen when somebody looked whether the improvements worked; rows are never changed (ZT 5.4)."""

    written_once = True

    round = models.PositiveSmallIntegerField(_("round"))
    effective = models.BooleanField(_("the measures were effective"))
    words = models.TextField(_("what was seen"), max_length=2000)
    check_on = models.DateField(_("effect checked on"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta(OfComplaint.Meta):
        verbose_name = _("check of the effect")
        verbose_name_plural = _("checks of the effect")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="effects_of_complaint")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.check_on}"
