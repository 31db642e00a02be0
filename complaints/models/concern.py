"""Whom a complaint concerns by its category; administrators keep it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Category


class Concern(models.Model):
    """Which departments a category concerns: who verifies, who else is in the team, whether production has its say.

    Departments are named by their codes, since a new company has none yet. Sales, warehouse and logistics are in every
    team (ZT 5.2) and stand in no row.
    """

    category = models.CharField(_("category"), max_length=12, choices=Category.choices, unique=True)
    verifying = models.SlugField(_("verifying department"), max_length=30)
    also = ArrayField(
        models.SlugField(max_length=30), blank=True, default=list, verbose_name=_("other departments in the team")
    )
    production = models.BooleanField(_("production has its say"), default=False)

    class Meta:
        verbose_name = _("whom complaints concern")
        verbose_name_plural = _("whom complaints concern")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_category_display())
