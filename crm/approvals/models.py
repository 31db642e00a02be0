"""Requests for approval: what is asked word for word, how far it is, who is asked, and who decided what."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department
from crm.accounts.scopes import ScopedQuerySet
from crm.approvals.chains import Chain, ChainStep, ChainVersion, verb_choices
from crm.approvals.facts import said
from crm.approvals.steps import Step
from crm.records.fields import EncryptedField
from crm.via import Door
from crm.words import money

__all__ = ["ApprovalRequest", "Chain", "ChainStep", "ChainVersion", "Condition", "Decision", "Question", "Task"]

USER = settings.AUTH_USER_MODEL


class Question(models.Model):
    """What is asked, written once: the facts with their hash, the words in which they are read, the chain's steps."""

    verb = models.CharField(max_length=80)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    wording = models.JSONField(default=list)  # of facts.wording_of()
    hash = models.CharField(max_length=64)  # SHA-256 of verb, subject and facts
    parts = models.JSONField(default=dict)  # part: SHA-256 of verb, subject and the facts that concern it
    chain = models.ForeignKey(ChainVersion, models.PROTECT, null=True, related_name="+")  # null: the verb's default
    steps = models.JSONField(default=list)  # of Step.kept(): running requests keep what they began with
    at = models.DateTimeField(default=clock.now)

    written_once = True

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return f"{self.verb} {self.hash[:12]}"


class RequestQuerySet(ScopedQuerySet):
    def about(self, subject: models.Model | None) -> "RequestQuerySet":
        """Those about `subject`; None: about nothing that is there yet."""
        if subject is None:
            return self.filter(subject_type=None)
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)

    def live(self) -> "RequestQuerySet":
        """Those that a change of their facts makes void."""
        return self.filter(status__in=ApprovalRequest.LIVE)


class ApprovalRequest(models.Model):
    """One verb that somebody wants to do and that others must agree to first."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        DONE = "done", _("Carried out")
        FAILED = "failed", _("Approved, not carried out")
        SENT_BACK = "sent_back", _("Sent back")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        VOID = "void", _("Voided")

    STATUS_COLOURS = {
        Status.WAITING: "active",
        Status.APPROVED: "done",
        Status.DONE: "done",
        Status.FAILED: "late",
        Status.SENT_BACK: "soon",
        Status.REJECTED: "late",
        Status.WITHDRAWN: "neutral",
        Status.VOID: "neutral",
    }
    LIVE = (Status.WAITING, Status.APPROVED, Status.FAILED)
    USABLE = (Status.APPROVED, Status.FAILED)

    number = models.CharField(_("number"), max_length=20, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.WAITING)
    verb = models.CharField(_("what is to be approved"), max_length=80, choices=verb_choices)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_pk")
    customer_id = models.BigIntegerField(null=True)
    title = models.CharField(_("about"), max_length=200)
    requester = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("department")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    question = models.OneToOneField(Question, models.PROTECT, related_name="request")
    inputs = EncryptedField(kind="text", blank=True)  # JSON: what the verb is called with after the last yes
    position = models.PositiveSmallIntegerField(_("step"), default=0)
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    used_log = models.BigIntegerField(null=True)  # the log row of the verb that used the approval
    reason = models.CharField(_("reason"), max_length=1000, blank=True)  # why it was sent back, rejected, withdrawn
    problem = models.CharField(_("why it was not carried out"), max_length=1000, blank=True)
    changes = models.JSONField(default=list)  # of facts.differences(): what made it void
    compared_at = models.DateTimeField(null=True)  # where so many wait that the clock compares them in turns
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("asked before"))
    version = models.PositiveIntegerField(default=0)

    owned_by = ("requester",)
    owned_by_department = ("department",)
    tracked = True
    untracked = ("changes", "position", "used_log", "ended_at", "compared_at")

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["verb", "subject_type", "subject_pk"],
                condition=Q(status="waiting", subject_pk__isnull=False),
                name="one_waiting_request_per_verb_and_record",
                violation_error_message=_("This has been asked already and waits to be decided."),
            )
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_pk", "-id"], name="requests_of_subject"),
            models.Index(
                fields=["subject_type", "subject_pk"],
                condition=Q(status__in=["waiting", "approved", "failed"]),
                name="requests_live_of_subject",
            ),
            models.Index(fields=["requester", "-id"], name="requests_of_user"),
            models.Index(fields=["department", "-id"], name="requests_of_department"),
            models.Index(fields=["status", "-id"], name="requests_by_state"),
            models.Index(
                models.F("compared_at").asc(nulls_first=True),
                "id",
                condition=Q(status="waiting"),
                name="requests_to_compare",
            ),
            models.Index(fields=["asked_at"], name="requests_by_time"),
        ]

    def __str__(self) -> str:
        named = {"number": self.number, "label": self.label, "title": self.title}
        return _now("%(number)s %(label)s: %(title)s") % named

    def get_absolute_url(self) -> str:
        return reverse("approvalrequest", args=[self.pk])

    @property
    def label(self) -> str:
        """The verb in words."""
        from crm.actions import ACTIONS

        return str(ACTIONS[self.verb].label) if self.verb in ACTIONS else self.verb

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return self.STATUS_COLOURS[self.Status(self.status)]

    @property
    def steps(self) -> list[Step]:
        """The steps that it goes through, as they were when it was asked."""
        return [Step.restored(kept) for kept in self.question.steps]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What is to be approved, in the reader's language."""
        return [
            {"key": row["key"], "label": said(row["label"]), "text": said(row["text"]), "parts": row.get("parts", [])}
            for row in self.question.wording
        ]


class Task(models.Model):
    """One person who is asked in one step of a request; what waits in his inbox."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Not yet in turn")
        WAITING = "waiting", _("Awaiting decision")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SENT_BACK = "sent_back", _("Sent back")
        DELEGATED = "delegated", _("Delegated")
        SKIPPED = "skipped", _("Left out")
        CLOSED = "closed", _("Not required")

    STATUS_COLOURS = {
        Status.PENDING: "neutral",
        Status.WAITING: "active",
        Status.APPROVED: "done",
        Status.REJECTED: "late",
        Status.SENT_BACK: "soon",
        Status.DELEGATED: "neutral",
        Status.SKIPPED: "neutral",
        Status.CLOSED: "neutral",
    }
    OPEN = (Status.PENDING, Status.WAITING)

    request = models.ForeignKey(ApprovalRequest, models.CASCADE, related_name="tasks", verbose_name=_("request"))
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.WAITING)
    position = models.PositiveSmallIntegerField(_("step"))
    part = models.CharField(_("part"), max_length=40, blank=True)  # of the facts, which alone he judges
    turn = models.PositiveIntegerField(default=0)  # within the step; equal turns are asked at once
    approver = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who is asked"))
    role = models.CharField(max_length=150, blank=True)  # the role for whose sake he is asked; he must still have it
    added_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("added by")
    )
    note = models.CharField(_("note"), max_length=30, blank=True)  # a key of NOTES: why he and not another
    carried = models.ForeignKey(
        "Decision", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("earlier opinion")
    )  # of an earlier request, on the same part with the same facts: it still counts
    superseded = models.BooleanField(default=False)  # the request was sent back to this step, which begins anew
    begun_at = models.DateTimeField(_("asked at"), default=clock.now)
    due_on = models.DateTimeField(null=True)  # where the step has a time limit of its own
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    version = models.PositiveIntegerField(default=0)

    seen_through = "request"
    lock_through = "request"
    done_as_one = "request"  # who is asked for himself and for a colleague sees one of them on his start page

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["position", "turn", "pk"]
        indexes = [
            models.Index(fields=["approver", "status", "-id"], name="tasks_of_approver"),
            models.Index(fields=["decided_by", "-id"], condition=Q(decided_by__isnull=False), name="tasks_decided_by"),
            models.Index(fields=["approver"], condition=Q(status__in=["pending", "waiting"]), name="tasks_open"),
            models.Index(fields=["begun_at", "id"], name="approval_tasks_by_time"),
        ]

    def __str__(self) -> str:
        amount = self.request.amount
        return f"{self.request} {money(amount)}" if amount is not None else str(self.request)

    def get_absolute_url(self) -> str:
        return self.request.get_absolute_url()

    @property
    def owner_id(self) -> int:
        """Whose task it is: the log names him where his deputy decides."""
        return self.approver_id

    @property
    def step(self) -> Step:
        """The step that it belongs to."""
        return self.request.steps[self.position]

    @property
    def customer_id(self) -> int | None:
        """The customer that the request belongs to."""
        return self.request.customer_id

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What he judges, in the reader's language: the facts of his part, or all of them."""
        return [row for row in self.request.facts if not (self.part and row["parts"]) or self.part in row["parts"]]

    @property
    def former(self) -> "Decision | None":
        """What was decided on his part when it was asked before, where he is asked anew."""
        if not self.part or self.request.previous_id is None or self.carried_id:
            return None
        rows = Decision.objects.filter(
            request__verb=self.request.verb,
            request__subject_type=self.request.subject_type_id,
            request__subject_pk=self.request.subject_pk,
            request__lt=self.request_id,
            task__part=self.part,
        )
        opinions = rows.exclude(what__in=[Decision.What.ADDED, Decision.What.DELEGATED])
        return opinions.select_related("by", "on_behalf_of").order_by("-pk").first()

    @property
    def note_text(self) -> str:
        """Why he and not another, in words."""
        from crm.approvals.people import NOTES

        return str(NOTES[self.note]) if self.note in NOTES else ""


class Decision(models.Model):
    """What somebody decided: who, on whose behalf, when, why, by which door, and on what exactly. Written once."""

    class What(models.TextChoices):
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("turned down")
        SENT_BACK = "sent_back", _("sent back")
        STEP_BACK = "step_back", _("sent back to an earlier step")
        DELEGATED = "delegated", _("delegated")
        ADDED = "added", _("added a signer")

    TONES = {What.APPROVED: "done", What.REJECTED: "late", What.SENT_BACK: "soon", What.STEP_BACK: "soon"}

    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="decisions")
    task = models.ForeignKey(Task, models.PROTECT, related_name="decisions", db_index=False)
    what = models.CharField(max_length=10, choices=What.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    whom = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False
    )  # who was added or named
    opinion = models.CharField(max_length=1000, blank=True)
    hash = models.CharField(max_length=64)  # of what he saw
    door = models.CharField(max_length=10, choices=Door.choices)
    log = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)

    written_once = True

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request.number} {self.get_what_display()}"

    @property
    def tone(self) -> str:
        """The colour of what was decided."""
        return self.TONES.get(self.What(self.what), "neutral")

    @property
    def signed(self) -> str:
        """Who decided, and for whom."""
        if self.on_behalf_of_id is None:
            return str(self.by)
        return _now("%(name)s on behalf of %(other)s") % {"name": self.by, "other": self.on_behalf_of}


class Condition(models.Model):
    """What somebody who is asked wants to be met first: the next step waits until it is, with the proof."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Met")
        WAIVED = "waived", _("Waived")

    STATUS_COLOURS = {Status.OPEN: "soon", Status.MET: "done", Status.WAIVED: "neutral"}

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="conditions", verbose_name=_("request")
    )  # that it holds up now; where it is asked again, the new one
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False, verbose_name=_("raised with"))
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    text = models.CharField(_("condition"), max_length=1000)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who meets it"))
    due_on = models.DateField(_("until"))
    raised_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("raised by"))
    raised_at = models.DateTimeField(_("raised"), default=clock.now)
    proof = models.CharField(_("proof"), max_length=1000, blank=True)
    closed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "request"
    lock_through = "request"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request.number}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return self.request.get_absolute_url()

    @property
    def customer_id(self) -> int | None:
        """The customer that the request belongs to."""
        return self.request.customer_id

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return self.STATUS_COLOURS[self.Status(self.status)]
