"""Messages on their way out: mails, notices to users, and calls that somebody is asked to make."""

import json
from typing import Any

from django.conf import settings
from django.contrib.admin import display
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import BrinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import RoleReach, User
from crm.accounts.scopes import ScopedQuerySet, covered_by, reach
from crm.links.redact import redact_path
from crm.outbox.failures import explain
from crm.outbox.scopes import of_seen_customers
from crm.outbox.templates import TEMPLATES, problems_of
from crm.records.fields import EncryptedField, EncryptedTextField


class MessageQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """The messages to `user`, those about customers whom he may see, and calls of those he stands in for."""
        if not user.is_active:
            return self.none()
        if reach(user, Message) == RoleReach.Reach.ALL:
            return self
        covered = Q(channel=Message.Channel.CALL, recipient__in=covered_by(user))
        return self.filter(Q(recipient=user.pk) | covered | of_seen_customers(user))

    def about(self, subject: models.Model) -> "MessageQuerySet":
        """The messages whose subject is `subject`."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)

    def notices_of(self, user: User) -> "MessageQuerySet":
        """What the bell of `user` rings for, read or not, newest first."""
        return self.filter(recipient=user, channel=Message.Channel.NOTICE).order_by("-pk")

    def unread_by(self, user: User) -> "MessageQuerySet":
        """The notices that `user` has not read."""
        return self.notices_of(user).filter(status=Message.Status.UNREAD)

    def calls_of(self, user: User) -> "MessageQuerySet":
        """The calls that `user`, or somebody he stands in for, is asked to make, the most urgent first."""
        asked = Q(recipient=user) | Q(recipient__in=covered_by(user))
        return self.filter(asked, status=Message.Status.OPEN).order_by("next_at", "pk")


class Message(models.Model):
    """One message to one person by one channel, with its text as it was sent, its state and its proof.

    A mail goes to an address outside, a notice to a user's bell, a call to a user who is asked to phone somebody.
    Which message exists is exactly once: `key` is unique, and the row is written in the transaction of its cause.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        NOTICE = "notice", _("Notice")
        CALL = "call", _("Call")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        SUPPRESSED = "suppressed", _("Kept, test mode")
        CANCELLED = "cancelled", _("Withdrawn")
        OPEN = "open", _("To be called")
        DONE = "done", _("Called")
        UNREAD = "unread", _("Not read yet")
        READ = "read", _("Read")

    STATUS_COLOURS = {
        Status.QUEUED: "neutral",
        Status.SENDING: "neutral",
        Status.SENT: "done",
        Status.FAILED: "late",
        Status.UNCERTAIN: "soon",
        Status.SUPPRESSED: "neutral",
        Status.CANCELLED: "neutral",
        Status.OPEN: "soon",
        Status.DONE: "done",
        Status.UNREAD: "neutral",
        Status.READ: "done",
    }

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")
        REFUSED = "refused", _("Refused to talk")
        CALL_BACK = "call_back", _("Wants to be called again")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    status = models.CharField(_("state"), max_length=12, choices=Status.choices)
    template = models.CharField(_("template"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # the partial indexes below serve every question that is asked
        verbose_name=_("user"),
    )
    contact_name = models.CharField(_("name"), max_length=120, blank=True)
    email = EncryptedField(_("mail address"), kind="email", blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    texts = EncryptedTextField(_("text"), blank=True)  # JSON: {language: {"subject", "body", "html"}}
    path = models.CharField(max_length=200, blank=True)  # of the page that the message is about
    key = models.CharField(max_length=200, unique=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField(null=True)
    about_object = GenericForeignKey("subject_type", "subject_pk")
    customer_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)  # the row of the action log that made it
    message_id = models.CharField(_("Message-ID"), max_length=120, blank=True)  # the same at every attempt
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("due at"), null=True)  # when it is sent, or called
    last_error = models.CharField(max_length=60, blank=True)  # a code, see crm.outbox.failures
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("called by"),
    )
    queued_at = models.DateTimeField(_("created at"), default=clock.now)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read or called at"), null=True)
    version = models.PositiveIntegerField(default=0)

    owned_by = ("recipient",)
    owned_by_department = ()

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], name="outbox_due", condition=Q(status="queued")),
            models.Index(fields=["claimed_at"], name="outbox_claimed", condition=Q(status="sending")),
            models.Index(fields=["-id"], name="outbox_failed", condition=Q(status__in=["failed", "uncertain"])),
            models.Index(fields=["recipient"], name="outbox_unread", condition=Q(status="unread")),
            models.Index(fields=["recipient", "-id"], name="outbox_notices", condition=Q(channel="notice")),
            models.Index(fields=["recipient", "next_at", "id"], name="outbox_calls", condition=Q(status="open")),
            models.Index(fields=["recipient", "-id"], name="outbox_of_user", condition=Q(recipient__isnull=False)),
            models.Index(fields=["subject_type", "subject_pk", "-id"], name="outbox_of_subject"),
            models.Index(
                fields=["customer_id", "-id"], name="outbox_of_customer", condition=Q(customer_id__isnull=False)
            ),
            BrinIndex(fields=["queued_at"], name="outbox_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    channel="mail", status__in=["queued", "sending", "sent", "failed", "uncertain", "suppressed"]
                )
                | Q(channel="notice", status__in=["unread", "read"])
                | Q(channel="call", status__in=["open", "done"])
                | Q(status="cancelled"),
                name="message_state_of_its_channel",
            ),
            models.CheckConstraint(
                condition=Q(channel="mail") | Q(recipient__isnull=False), name="message_has_its_user"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])

    def text(self, language: str = "") -> dict[str, str]:
        """Subject, body and html in `language` (the reader's by default) where it is kept in it, else in its own."""
        kept = json.loads(self.texts) if self.texts else {}
        return kept.get(language or get_language() or "") or kept.get(self.language) or EMPTY

    @property
    def subject(self) -> str:
        """The first line, in the reader's language where the message is kept in it."""
        return self.text()["subject"]

    @property
    def body(self) -> str:
        """The text, in the reader's language where the message is kept in it."""
        return self.text()["body"]

    @property
    def script(self) -> str:
        """What to say in a call, in the language of who is called."""
        return self.text(self.language)["body"]

    @property
    def words(self) -> dict[str, str]:
        """What the message says, as staff may read it: of what left the house without the links that open its doors."""
        text = self.text(self.language if self.channel == self.Channel.MAIL else "")
        if self.channel != self.Channel.MAIL or self.status == self.Status.SUPPRESSED:
            return text
        return {name: redact_path(each) for name, each in text.items()}

    @property
    @display(description=_("about"))
    def about(self) -> Any:
        """The record that it is about."""
        return self.about_object

    @property
    @display(description=_("what went wrong"))
    def trouble(self) -> str:
        """Why it was not delivered, as a sentence."""
        return explain(self.last_error)

    @property
    @display(description=_("addressee"))
    def addressee(self) -> str:
        """Whom it goes to, by name; the address is masked elsewhere."""
        return self.contact_name or (self.recipient.display_name if self.recipient else "")

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return self.STATUS_COLOURS[self.Status(self.status)]

    @property
    def is_late(self) -> bool:
        """Whether a call should have been made by now."""
        return self.status == self.Status.OPEN and self.next_at is not None and self.next_at < clock.now()


EMPTY = {"subject": "", "body": "", "html": ""}


class MessageTemplate(models.Model):
    """An administrator's own wording of one template, for one channel and language; it wins over the built-in text."""

    key = models.CharField(_("message"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=Message.Channel.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["key", "channel", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "language"],
                name="one_wording_per_message",
                violation_error_message=_("There is already a wording of this message for this channel and language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.channel} {self.language}"

    def clean(self) -> None:
        """Refuse variables that the message does not have, and anything that is more than a variable."""
        found = {name: problems_of(self.key, getattr(self, name)) for name in ("subject", "body")}
        if self.key in TEMPLATES and self.channel not in TEMPLATES[self.key].channels:
            found["channel"] = [gettext("This message does not go by this channel.")]
        if problems := {name: each for name, each in found.items() if each}:
            raise ValidationError(problems)
