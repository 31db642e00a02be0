"""What is kept about records: who did what (the action log), requests already answered, field history, attachments."""

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.records.fields import EncryptedField
from crm.via import Door


class ExactJSON(json.JSONDecoder):
    """Reads numbers as Decimal, as the database wrote them: an amount of history is no float."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"parse_float": Decimal}))


def record_of(kind: ContentType | None, pk: int | None) -> Any:
    """The record that a row is about, whoever may see it, or None where it is gone or there was none."""
    model: Any = kind.model_class() if kind else None
    return model._base_manager.filter(pk=pk).first() if model else None


class SubjectQuerySet(models.QuerySet):
    def about(self, subject: models.Model) -> "SubjectQuerySet":
        """The rows whose subject is `subject`."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)


class ActionLog(models.Model):
    """One verb that was done: who, when, by which door, to what, with what, and what came of it.

    Rows are written once by the gate. The role that web and worker use may neither change nor delete them.
    """

    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=80)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    inputs = models.JSONField(default=dict)
    result_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", db_index=False)
    result_pk = models.BigIntegerField(null=True)
    cause = models.ForeignKey("self", models.PROTECT, null=True, related_name="consequences", db_index=False)
    door = models.CharField(max_length=10, choices=Door.choices)
    token = models.BigIntegerField(null=True)
    link = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("action log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_pk", "-id"], name="log_of_subject"),
            models.Index(
                fields=["result_type", "result_pk"], name="log_of_result", condition=models.Q(result_pk__isnull=False)
            ),
            models.Index(
                fields=["customer_id", "-id"], name="log_of_customer", condition=models.Q(customer_id__isnull=False)
            ),
            models.Index(fields=["actor", "-id"], name="log_of_actor"),
            BrinIndex(fields=["at"], name="log_by_time"),
        ]
        permissions = [("reveal", _("See phones, mail addresses and numbers in clear"))]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_pk or ''}"


class RequestKey(models.Model):
    """An idempotency key that was used: the same request again gets the same answer, never a second effect."""

    scope = models.CharField(max_length=120)  # "user:7", or for a counter device "pickup.hand_over:31"
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)  # of verb, object and inputs
    log_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now, db_index=True)  # rows older than the retention are removed

    class Meta:
        verbose_name = _("request key")
        verbose_name_plural = _("request keys")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="request_key_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class FieldHistory(models.Model):
    """One row of one table that was changed, as differences, written by a trigger of the database.

    `before` and `after` hold the columns that differ; of an encrypted one its masked tails. A row that was added has
    neither (its values are those that its later changes began with), one that was removed has all in `before`. `by`
    and `log` are the actor and the log row of the gate; where nobody acted through it, `db_user` names the account.
    """

    class Op(models.TextChoices):
        INSERT = "I", _("Added")
        UPDATE = "U", _("Changed")
        DELETE = "D", _("Removed")
        TRUNCATE = "T", _("Emptied")

    at = models.DateTimeField(_("when"))
    table_name = models.CharField(_("table"), max_length=63)
    pk_value = models.BigIntegerField(_("record"), null=True)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    op = models.CharField(_("operation"), max_length=1, choices=Op.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("by"),
    )
    log = models.ForeignKey(
        ActionLog, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("action")
    )
    db_user = models.CharField(_("database account"), max_length=63, blank=True)
    version = models.IntegerField(_("version"), null=True)
    before = models.JSONField(_("before"), null=True, decoder=ExactJSON)
    after = models.JSONField(_("after"), null=True, decoder=ExactJSON)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("field history")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["table_name", "pk_value", "-id"], name="history_of_row"),
            models.Index(
                fields=["customer_id", "-id"], name="history_of_customer", condition=models.Q(customer_id__isnull=False)
            ),
            BrinIndex(fields=["at"], name="history_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.pk_value or ''} {self.op}"


class Attachment(models.Model):
    """A file that belongs to a record, stored encrypted under a key of its own: a small one in the database."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("content"), max_length=100)
    size = models.PositiveIntegerField(_("file size"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=60, unique=True, null=True, blank=True)  # none for what lies in the database
    key = EncryptedField(kind="text")  # of this file only; rotating CRM_FIELD_KEYS need not touch the file
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added"), default=clock.now)

    objects = SubjectQuerySet.as_manager()

    tracked = True

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_pk", "-id"], name="files_of_subject"),
            models.Index(
                fields=["customer_id", "-id"], name="files_of_customer", condition=models.Q(customer_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.pk])

    @property
    def subject(self) -> models.Model | None:
        """The record that the file belongs to, or None where it is gone."""
        return record_of(self.subject_type, self.subject_pk)


class NoteQuerySet(SubjectQuerySet):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        """One's own: what others wrote stands in the timeline of the record, for whoever may see the record."""
        return self.filter(by=user)


class TimelineNote(models.Model):
    """What somebody wrote into the timeline of a record; it stays in the house unless it is `for_customer`.

    One that was taken back has no text any more; what stood in it is in its field history.
    """

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    text = models.TextField(_("note"), max_length=2000, blank=True)
    for_customer = models.BooleanField(_("the customer may read it"), default=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    tracked = True

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_pk", "-at"], name="notes_of_subject"),
            models.Index(
                fields=["customer_id", "-at"], name="notes_of_customer", condition=models.Q(customer_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        """The page of the record whose timeline it stands in."""
        subject = self.subject
        return subject.get_absolute_url() if subject is not None else reverse("today")

    @property
    def subject(self) -> Any:
        """The record in whose timeline it stands, or None where it is gone."""
        return record_of(self.subject_type, self.subject_pk)


class SealedContent(models.Model):
    """The encrypted content of a small file: written, rolled back and saved together with everything around it."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="sealed")
    data = models.BinaryField()

    class Meta:
        verbose_name = _("content of a file")
        verbose_name_plural = _("contents of files")

    def __str__(self) -> str:
        return f"{self.attachment_id}"
