"""What users arrange for themselves on pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """One's own views; what colleagues share is shown as a tab, but not theirs to change."""
        return self.filter(user=user)

    def for_list(self, user: User, listing: str) -> "SavedViewQuerySet":
        """The tabs of a list: the user's own views, and those that colleagues share."""
        return self.filter(Q(user=user) | Q(shared=True), listing=listing, dropped=False).order_by("name")


class SavedView(models.Model):
    """A filter, sorting and choice of columns over one list, kept under a name as a tab."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    listing = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    shared = models.BooleanField(_("for everyone"), default=False)
    dropped = models.BooleanField(_("removed"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "name"],
                name="saved_view_once",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse(self.listing)}?{self.query}"
