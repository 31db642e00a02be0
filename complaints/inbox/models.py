"""What came in by mail, through the public form or in a talk, and whether the public form is open."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Complaint
from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.records.fields import EncryptedField, EncryptedTextField
from crm.records.search import Searchable
from customers.models import Contact, ContactEntry, Customer

USER = settings.AUTH_USER_MODEL
FOLLOW_PURPOSE = "inbox.follow"  # of the link by which a sender sees what became of his message


class Incoming(Searchable, models.Model):
    """A message (来件) of which somebody has to say what it is: a complaint, feedback, or nothing (ZT 5.1, ZT 4.1).

    Whoever sent it only claims to be who he says: `contact` and `named` are what his address and his subject suggest.
    """

    class Status(models.TextChoices):
        NEW = "new", _("To be looked at")
        COMPLAINT = "complaint", _("Made into a complaint")
        FEEDBACK = "feedback", _("Made into feedback")
        ADDED = "added", _("Added to a complaint")
        ASIDE = "aside", _("Set aside")
        AUTOMATIC = "automatic", _("Automatic message")

    STATUS_COLOURS = {
        Status.NEW: "soon",
        Status.COMPLAINT: "done",
        Status.FEEDBACK: "done",
        Status.ADDED: "done",
        Status.ASIDE: "neutral",
        Status.AUTOMATIC: "neutral",
    }

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        WEB = "web", _("Web form")
        TALK = "talk", _("Contact log")

    class Automatic(models.TextChoices):
        LOOP = "loop", _("a mail of our own that came back")
        BOUNCE = "bounce", _("a report that a mail was not delivered")
        AUTO_REPLY = "auto_reply", _("an automatic answer")
        BULK = "bulk", _("a circular")
        SUBJECT = "subject", _("an automatic answer, by its subject")
        NO_SENDER = "no_sender", _("no sender is named")

    WHY_LEFT_OUT = {
        "too_big": _("too large"),
        "too_many": _("too many files"),
        "tnef": _("a winmail.dat, which only Outlook reads"),
        "kind": _("a kind of file that is not taken"),
        "name_lies": _("a kind of file that is not taken"),
        "macros": _("a document with macros"),
        "empty": _("an empty file"),
        "cut": _("the rest of a very long text"),
    }

    number = models.CharField(_("reference number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.NEW)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    name = models.CharField(_("sender"), max_length=120, blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    phone = EncryptedField(_("phone"), kind="phone", blank=True)
    email = EncryptedField(_("mail address"), kind="email", blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = EncryptedTextField(_("text"), blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, blank=True)
    said_number = models.CharField(_("order or pickup as he says"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    automatic = models.CharField(_("automatic"), max_length=10, choices=Automatic.choices, blank=True)
    damaged = models.BooleanField(_("partly unreadable"), default=False)
    left_out = models.JSONField(_("left out"), default=list, blank=True)  # [name, size in bytes, code] of each
    message_id = models.CharField(_("Message-ID"), max_length=250, blank=True)
    message_key = models.CharField(max_length=64, unique=True, null=True, blank=True)  # the same mail twice is one
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact by his address")
    )
    named = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("complaint that he names")
    )
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="incoming", verbose_name=_("complaint")
    )
    entry = models.OneToOneField(
        ContactEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact entry")
    )
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("owner")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    reason = models.CharField(_("why it was set aside"), max_length=300, blank=True)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("looked at by")
    )
    done_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    untracked = ("name", "company", "subject", "said_number", "message_id", "left_out")  # they go when the row goes
    owned_by = ("owner",)
    owned_by_department = ("department",)
    called_by = ("number", "name", "subject")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="incoming_by_status"),
            models.Index(fields=["owner", "-id"], name="incoming_of_owner"),
            models.Index(fields=["department", "-id"], name="incoming_of_department"),
            models.Index(fields=["received_at", "id"], name="incoming_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="aside") | ~Q(reason=""),
                name="set_aside_with_reason",
                violation_error_message=_("A message is set aside only with a reason."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("incoming", args=[self.pk])

    @property
    def detail(self) -> str:
        """Who sent it and what it is about, for hits and pickers."""
        return " · ".join(filter(None, [self.sender, self.subject[:60]]))

    @property
    def sender(self) -> str:
        """Who he says he is."""
        return self.name or self.company or str(_("unknown sender"))

    @property
    def words(self) -> str:
        """Subject and text together, as a complaint's content begins with; the form's subject is but its category."""
        if self.channel == self.Channel.WEB:
            return str(self.text).strip()
        return f"{self.subject}\n\n{self.text}".strip()

    @property
    def missing(self) -> list[dict[str, Any]]:
        """What came with it and was not kept: name, size, and why in the reader's language."""
        return [{"name": name, "size": size, "why": self.WHY_LEFT_OUT[code]} for name, size, code in self.left_out]

    def search_sources(self) -> dict[str, Any]:
        """What it is found by."""
        return {"codes": [self.number], "persons": [self.name], "names": [self.company]}


class PublicForm(models.Model):
    """Whether strangers may complain on the website; one row, which administrators edit."""

    open = models.BooleanField(
        _("open"), default=True, help_text=_("Closed, its address says whom to call instead; nothing is taken.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("public complaint form")
        verbose_name_plural = _("public complaint form")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1), name="one_public_form", violation_error_message=_("There is one public form.")
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def is_open(cls) -> bool:
        """Whether it takes complaints now; until somebody closes it, it does."""
        return not cls.objects.filter(pk=1, open=False).exists()
