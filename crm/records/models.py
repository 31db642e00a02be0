"""What is kept about records: who did what (the action log), requests already answered, field history, attachments."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.via import Door


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
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_pk = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    inputs = models.JSONField(default=dict)
    result_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
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
        ]

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


class Series(models.Model):
    """The last number given out of one series of documents. Gaps are allowed, doubles are not."""

    key = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
