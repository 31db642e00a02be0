"""The kinds of orders, and the stages that their follow-up plans begin with."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class OrderType(models.Model):
    """A kind of order; its template of stages is what a follow-up plan begins with (JD 2.4)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    active = models.BooleanField(_("offered"), default=True)
    needs_contract = models.BooleanField(
        _("needs a contract"),
        default=False,
        help_text=_("Its goods may leave only once the signed contract is back."),
    )

    class Meta:
        verbose_name = _("type of order")
        verbose_name_plural = _("types of orders")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Stage(models.Model):
    """One stage of the template: so many working days after the confirmation it should be done."""

    type = models.ForeignKey(
        OrderType, models.CASCADE, related_name="stages", db_index=False, verbose_name=_("type of order")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("stage"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    share = models.PositiveSmallIntegerField(
        _("percent of the time until the date"), help_text=_("100 is the day on which the customer wants the goods.")
    )

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["type", "position"]
        constraints = [
            models.UniqueConstraint(fields=["type", "position"], name="stage_position_once"),
            models.CheckConstraint(condition=Q(share__lte=100), name="stage_share_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
