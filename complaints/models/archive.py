"""The file of a closed complaint: the manager's review, what was completed, and the archive with its hashes."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import OfComplaint
from crm import clock
from crm.records.models import Attachment

USER = settings.AUTH_USER_MODEL


class FileStep(OfComplaint):
    """What was said of the file of a closed complaint: reviewed, sent back, completed; rows are never changed (K1)."""

    class Kind(models.TextChoices):
        REVIEWED = "reviewed", _("Reviewed")
        SENT_BACK = "sent_back", _("Sent back to be completed")
        COMPLETED = "completed", _("Completed")

    kind = models.CharField(_("step"), max_length=10, choices=Kind.choices)
    words = models.TextField(_("opinion"), max_length=2000)
    paper = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    written_once = True

    class Meta(OfComplaint.Meta):
        verbose_name = _("step of a complaint's file")
        verbose_name_plural = _("steps of complaints' files")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="file_steps_of_complaint")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Archive(OfComplaint):
    """The whole file as it was laid down with sales support; never changed (KC 5.2.3).

    `files` names each file: `attachment` (its key), `name`, `sha256`, `size`, `kind`, and of a paper that was printed
    then `paper` with its language. `digest` is the SHA-256 of that list. More may come into a file after its archiving
    (an improvement that did not work): it is archived anew then, as its next edition, and the former ones stay.
    """

    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    files = models.JSONField(_("files"), encoder=DjangoJSONEncoder)
    digest = models.CharField(_("hash"), max_length=64)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("archived by"))
    at = models.DateTimeField(_("when"), default=clock.now)

    written_once = True

    class Meta(OfComplaint.Meta):
        verbose_name = _("archive of a complaint")
        verbose_name_plural = _("archives of complaints")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "edition"],
                name="archived_once_an_edition",
                violation_error_message=_("This complaint is archived already."),
            )
        ]

    def __str__(self) -> str:
        return self.digest[:16]
