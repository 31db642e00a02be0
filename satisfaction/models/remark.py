"""What remarks are about: the groups, which administrators keep, and which remark belongs to which (S4)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from satisfaction.models.questionnaire import in_language
from satisfaction.models.sheet import Sheet

USER = settings.AUTH_USER_MODEL
NONE, ALL = "none", "all"  # in the address of a page of remarks: those in no group yet, and all of them


class RemarkGroup(models.Model):
    """What remarks can be about, such as waiting time; one that is not in use any more is not offered."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("group of remarks")
        verbose_name_plural = _("groups of remarks")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def clean(self) -> None:
        """Raises ValidationError for a code by which the pages of remarks call something else."""
        if self.code in (NONE, ALL):
            raise ValidationError({"code": ValidationError(_("This code is taken by the product."), code="taken")})


class GroupedQuerySet(ScopedQuerySet):
    def standing(self) -> "GroupedQuerySet":
        """Those that still hold: the customer has not changed his sheet since."""
        return self.filter(Q(sheet__changed_at__isnull=True) | Q(at__gte=F("sheet__changed_at")))


class GroupedRemark(models.Model):
    """That somebody found the remark of a sheet to be about something; a remark may be about several things."""

    sheet = models.ForeignKey(
        Sheet, models.PROTECT, related_name="groupings", db_index=False, verbose_name=_("returned sheet")
    )
    group = models.ForeignKey(RemarkGroup, models.PROTECT, related_name="remarks", verbose_name=_("group of remarks"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)

    seen_through = "sheet"

    objects = GroupedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark in a group")
        verbose_name_plural = _("remarks in groups")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "group"], name="remark_once_in_a_group")]

    def __str__(self) -> str:
        return f"{self.group}"
