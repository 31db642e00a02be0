"""Imports with the fate of each row, the mapping that is remembered, and exports."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from crm.exchange.progress import noted
from crm.records.fields import EncryptedField

USER = settings.AUTH_USER_MODEL


def importer_choices() -> list[tuple[str, Any]]:
    """What can be imported, by key."""
    from crm.exchange.importers import IMPORTERS

    return [(each.key, each.label) for each in IMPORTERS.values()]


def listing_choices() -> list[tuple[str, Any]]:
    """The lists, by key, and the tables that are computed."""
    from crm.exchange.tables import TABLES
    from crm.listing import LISTINGS

    lists = [(each.key, each.title) for each in LISTINGS.values()]
    return lists + [(key, table.title) for key, table in TABLES.items()]


class Progress(models.Model):
    """Work in the background: how much there is, how much is done, and how often it was begun in vain.

    What is done since the last commit stands in the cache, so that one long transaction shows its progress too.
    """

    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def progress_key(self) -> str:
        """Under which name the cache keeps the progress."""
        return f"{self._meta.label_lower}-progress-{self.pk}"

    @property
    def reached(self) -> int:
        """How many rows are done by now."""
        return max(self.done, noted(self))

    @property
    def percent(self) -> int:
        """How far it is, from 0 to 100."""
        return min(100, self.reached * 100 // self.total) if self.total else 0


class Import(Progress):
    """One upload on its way into the system: read, mapped, checked, run, and where wanted undone."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Being read")
        UNUSABLE = "unusable", _("Cannot be used")
        READ = "read", _("To be mapped")
        MAPPED = "mapped", _("To be checked")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    STATUS_COLOURS = {
        Status.UPLOADED: "active",
        Status.UNUSABLE: "late",
        Status.READ: "soon",
        Status.MAPPED: "soon",
        Status.CHECKING: "active",
        Status.CHECKED: "soon",
        Status.RUNNING: "active",
        Status.DONE: "done",
        Status.UNDOING: "active",
        Status.UNDONE: "neutral",
    }
    WORKING = frozenset({Status.UPLOADED, Status.CHECKING, Status.RUNNING, Status.UNDOING})

    class Mode(models.TextChoices):
        GOOD = "good", _("The good rows; the others are reported")
        ALL = "all", _("All rows or none")

    kind = models.CharField(_("list"), max_length=60, choices=importer_choices)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.UPLOADED)
    file_name = models.CharField(_("file"), max_length=200)
    lines_name = models.CharField(_("file of the lines"), max_length=200, blank=True)
    # {"head"|"lines": {"name": sealed file, "kind": "xlsx"|"csv"}}; the keys stand apart, encrypted.
    files = models.JSONField(default=dict)
    file_keys = EncryptedField(kind="text", blank=True)
    tables = models.JSONField(default=dict)  # what was found in the files: sheets, headers, number of rows
    samples = EncryptedField(kind="text", blank=True)  # JSON: the first rows of each sheet
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    mode = models.CharField(_("what is imported"), max_length=4, choices=Mode.choices, default=Mode.GOOD)
    counts = models.JSONField(default=dict)  # rows by state
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    language = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"), default=clock.now)
    finished_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    owned_by = ("by",)
    owned_by_department = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="imports_of_user"),
            models.Index(
                fields=["status", "id"],
                name="imports_at_work",
                condition=models.Q(status__in=["uploaded", "checking", "running", "undoing"]),
            ),
            models.Index(fields=["at"], name="imports_by_age"),
        ]

    def __str__(self) -> str:
        return _now("%(list)s from %(file)s") % {"list": self.label, "file": self.file_name}

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def label(self) -> str:
        """What is imported, as its importer calls it."""
        return str(self.get_kind_display())

    @property
    def is_working(self) -> bool:
        """Whether the background has something to do for it."""
        return self.status in self.WORKING

    @property
    def owner(self) -> Any:
        """Whose it is."""
        return self.by


class ImportRow(models.Model):
    """What became of one row, or of one header with its lines."""

    class State(models.TextChoices):
        GOOD = "good", _("correct")
        BAD = "bad", _("with errors")
        SAME = "same", _("nothing new")
        SKIPPED = "skipped", _("exists already")
        LEFT_OUT = "left", _("left out")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused at the import")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("could not be undone")

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()  # counted from 1 through the records of the file
    place = models.CharField(max_length=60)  # where its first row stands: "7", or "lines!7" where there are two tables
    state = models.CharField(max_length=8, choices=State.choices)
    creates = models.BooleanField(default=True)
    # [{"table", "row", "column", "cell", "label", "code", "message"}], never with the value of an identifier
    errors = models.JSONField(default=list)
    changed_pk = models.BigIntegerField(null=True)  # the record that it changes
    seen_version = models.PositiveIntegerField(null=True)  # the version that the check saw
    result_pk = models.BigIntegerField(null=True)
    before = EncryptedField(kind="text", blank=True)  # JSON: {field: [before, after]} of a change

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["source", "state", "number"], name="import_rows_by_state")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.place}"


class RememberedMapping(models.Model):
    """How a file of this shape was mapped last, so that nobody has to say it twice."""

    kind = models.CharField(_("list"), max_length=60)
    shape = models.CharField(max_length=64)  # a hash of the headers
    user = models.ForeignKey(USER, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("user"))
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField(_("last used"), default=clock.now)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "shape", "user"], name="one_mapping_per_shape", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.shape[:8]}"


class Export(Progress):
    """A list written to a file for one user, who said what for and for whom."""

    class Status(models.TextChoices):
        WRITING = "writing", _("Being written")
        DONE = "done", _("Ready to download")
        FAILED = "failed", _("Failed")

    STATUS_COLOURS = {Status.WRITING: "active", Status.DONE: "done", Status.FAILED: "late"}

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel workbook")
        CSV = "csv", _("CSV")

    listing = models.CharField(_("list"), max_length=60, choices=listing_choices)
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.WRITING)
    query = EncryptedField(kind="text", blank=True)  # the filter as a query string; it may hold a phone number
    columns = models.JSONField(default=list)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices, default=Format.XLSX)
    purpose = models.CharField(_("purpose"), max_length=200)
    recipient = models.CharField(_("recipient"), max_length=200)
    revealed = models.BooleanField(_("identifiers in clear"), default=False)
    language = models.CharField(max_length=10, blank=True)
    file = models.CharField(max_length=32, blank=True)
    file_key = EncryptedField(kind="text", blank=True)
    size = models.PositiveBigIntegerField(_("file size"), default=0)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("ordered"), default=clock.now)
    finished_at = models.DateTimeField(_("written"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    owned_by = ("by",)
    owned_by_department = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="exports_of_user"),
            models.Index(fields=["id"], name="exports_at_work", condition=models.Q(status="writing")),
            models.Index(fields=["at", "id"], name="exports_by_age"),
            models.Index(fields=["expires_at"], name="exports_by_expiry", condition=~models.Q(file="")),
        ]

    def __str__(self) -> str:
        return _now("%(list)s to %(format)s") % {"list": self.label, "format": self.get_format_display()}

    def get_absolute_url(self) -> str:
        return reverse("export", args=[self.pk])

    @property
    def label(self) -> str:
        """The title of the list."""
        return str(self.get_listing_display())

    @property
    def is_working(self) -> bool:
        """Whether it is still being written."""
        return self.status == self.Status.WRITING

    @property
    def is_removed(self) -> bool:
        """Whether the file was removed after its time."""
        return self.status == self.Status.DONE and not self.file

    @property
    def file_name(self) -> str:
        """What the file is called when it is downloaded."""
        return f"{self.label} {timezone.localtime(self.at):%Y-%m-%d %H%M}.{self.format}"

    @property
    def owner(self) -> Any:
        """Whose it is."""
        return self.by
