"""The order meeting: who was called when and where, what is on its agenda, what was settled, and who does what."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from orders.models import Order

USER = settings.AUTH_USER_MODEL


class OrderMeeting(Searchable, models.Model):
    """One order meeting (接单沟通会议), called by the order desk; its minutes are filed (JD 5.1)."""

    class Status(models.TextChoices):
        CALLED = "called", _("Convened")
        FILED = "filed", _("Minutes filed")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {Status.CALLED: "active", Status.FILED: "done", Status.CANCELLED: "neutral"}

    number = models.CharField(_("number"), max_length=30, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.CALLED)
    meets_at = models.DateTimeField(_("meets at"))
    place = models.CharField(_("place"), max_length=120)
    departments = models.ManyToManyField(Department, related_name="+", verbose_name=_("departments"))
    invited = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("invited"))
    present = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("present"))
    convener = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("convened by"))
    called_at = models.DateTimeField(_("convened at"), default=clock.now)
    minutes = models.TextField(_("other matters"), max_length=5000, blank=True)
    filed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("minutes by")
    )
    filed_at = models.DateTimeField(_("minutes filed at"), null=True, blank=True)
    reason = models.CharField(_("why it was moved or cancelled"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("number", "place")
    owned_by = ("convener",)
    owned_by_department = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("order meeting")
        verbose_name_plural = _("order meetings")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="order_meetings_by_status"),
            models.Index(fields=["meets_at", "id"], name="order_meetings_by_time"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("ordermeeting", args=[self.pk])

    @property
    def detail(self) -> str:
        """Where it is."""
        return self.place

    def search_sources(self) -> dict[str, Any]:
        """What it is found by."""
        return {"codes": [self.number]}


class OfMeeting(models.Model):
    """What belongs to a meeting, and is seen by whoever sees it."""

    version = models.PositiveIntegerField(default=0)

    tracked = True
    seen_through = "meeting"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        meeting: Any = self.meeting  # type: ignore[attr-defined]
        return str(meeting.get_absolute_url())


class AgendaItem(OfMeeting):
    """One item of an agenda: an order and why it is on it, or a topic that somebody added; and what was settled."""

    class Reason(models.TextChoices):
        BREACHED = "breached", _("a time limit is over")
        LATE = "late", _("wanted before today")
        SHORT = "short", _("short of stock")
        ALLOCATE = "allocate", _("to be allocated")
        ACCEPT = "accept", _("to be accepted")
        PROBLEM = "problem", _("a problem was reported")
        HELP = "help", _("help was asked for")
        JOINT = "joint", _("handled jointly")
        ADDED = "added", _("added by hand")
        POSTPONED = "postponed", _("left over from the last meeting")

    meeting = models.ForeignKey(
        OrderMeeting, models.CASCADE, related_name="items", db_index=False, verbose_name=_("order meeting")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("order")
    )
    reasons = ArrayField(models.CharField(max_length=10, choices=Reason.choices), verbose_name=_("why"), default=list)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    struck = models.BooleanField(_("struck off"), default=False)
    reason = models.CharField(_("why it was struck off"), max_length=300, blank=True)
    settled = models.TextField(_("what was settled"), max_length=2000, blank=True)
    carried = models.BooleanField(_("on a later agenda"), default=False, editable=False)  # it was left open

    lock_through = "meeting"

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["meeting", "position"]
        indexes = [
            models.Index(
                fields=["meeting", "position"],
                condition=Q(carried=False, struck=False, settled=""),
                name="agenda_left_open",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.order or self.topic}"

    @property
    def why(self) -> str:
        """Its reasons in words."""
        return " · ".join(str(self.Reason(each).label) for each in self.reasons)


class MeetingTask(OfMeeting):
    """Who does what until when, as a meeting settled it."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    STATUS_COLOURS = {Status.OPEN: "active", Status.DONE: "done", Status.DROPPED: "neutral"}

    meeting = models.ForeignKey(OrderMeeting, models.CASCADE, related_name="tasks", verbose_name=_("order meeting"))
    item = models.ForeignKey(
        AgendaItem, models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("item of the agenda")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    what = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task of a meeting")
        verbose_name_plural = _("tasks of meetings")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="meeting_tasks_of_owner"),
            models.Index(fields=["due_on", "id"], name="meeting_tasks_by_day"),
        ]

    def __str__(self) -> str:
        return self.what
