"""The copy of the report that the management review gets: dated, kept word for word, never changed (KC 5.3.4.1)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from satisfaction.models.campaign import Campaign

USER = settings.AUTH_USER_MODEL


class ReviewCopy(models.Model):
    """The report as it stood when it was handed to the management review; a later one is another copy.

    `files` names each file: `attachment` (its key), `name`, `sha256`, `size`, and the language that it is written in.
    `digest` is the SHA-256 of that list. `people` are those who got it, `user` (the key) and `name` as it was then.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="copies", db_index=False, verbose_name=_("survey campaign")
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    words = models.CharField(_("remarks to the management review"), max_length=1000, blank=True)
    people = models.JSONField(_("who got it"), encoder=DjangoJSONEncoder)
    files = models.JSONField(_("files"), encoder=DjangoJSONEncoder)
    digest = models.CharField(_("hash"), max_length=64)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("handed over by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    written_once = True
    seen_through = "campaign"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy for the management review")
        verbose_name_plural = _("copies for the management review")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "edition"], name="copy_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.edition}"

    def get_absolute_url(self) -> str:
        return self.campaign.get_absolute_url()
