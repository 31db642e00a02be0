"""What users arrange for themselves on pages, and what they do to many records at once."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import ScopedQuerySet
from crm.exchange.models import Progress
from crm.records.fields import EncryptedField


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """One's own views; what colleagues share is shown as a tab, but not theirs to change."""
        return self.filter(user=user)


class SavedView(models.Model):
    """A filter, sorting and choice of columns over one list, kept under a name as a tab."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("user")
    )
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


class BulkRun(Progress):
    """One verb done to many records, one by one: what was asked for, how far it is, and what it takes back if it does.

    `log` is the entry of the action log that every record's own entry names as its cause.
    """

    verb = models.CharField(_("action"), max_length=80)
    inputs = EncryptedField(kind="text", blank=True)  # the verb's form as a browser sends it; it may hold anything
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("begun"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    takes_back = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name=_("bulk action that it takes back"),
    )
    log = models.BigIntegerField()
    language = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=0)

    owned_by = ("by",)
    owned_by_department = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="bulk_runs_of_user"),
            models.Index(fields=["id"], name="bulk_runs_at_work", condition=Q(finished_at__isnull=True)),
            models.Index(fields=["at"], name="bulk_runs_by_age"),
        ]

    def __str__(self) -> str:
        if self.takes_back_id:
            return _now("Taken back: %(what)s") % {"what": self.takes_back.label}  # type: ignore[union-attr]
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("bulk-run", args=[self.pk])

    @property
    def label(self) -> str:
        """What is done, as the verb's button says it."""
        from crm.actions import ACTIONS

        return str(ACTIONS[self.verb].label) if self.verb in ACTIONS else self.verb

    @property
    def is_working(self) -> bool:
        """Whether some records are still to be done."""
        return self.finished_at is None

    @property
    def owner(self) -> Any:
        """Whose it is."""
        return self.by

    def get_status_display(self) -> str:
        """How it stands, in words."""
        return _now("Being done") if self.is_working else _now("Done")


class BulkRow(models.Model):
    """What became of one record of a bulk action."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", db_index=False)
    subject_pk = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=60, blank=True)  # why it was refused, and the sentence for people
    sentence = models.CharField(max_length=600, blank=True)
    log = models.BigIntegerField(null=True)  # the entry of the action log, where it was done

    class Meta:
        verbose_name = _("record of a bulk action")
        verbose_name_plural = _("records of bulk actions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "subject_pk"], name="bulk_row_once")]
        indexes = [models.Index(fields=["run", "state", "id"], name="bulk_rows_by_state")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.subject_pk}"
