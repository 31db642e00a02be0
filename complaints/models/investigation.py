"""What the investigation is made of: each department's task, the evidence, and the opinions of the report."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import OfComplaint
from crm import clock
from crm.accounts.models import Department
from crm.records.models import Attachment

USER = settings.AUTH_USER_MODEL


class TeamTask(OfComplaint):
    """One department's part in the team: who does what until when (ZT 5.2)."""

    never_removed = True

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        ENDED = "ended", _("Ended without being done")

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        INTERVIEW = "interview", _("Interview")
        SITE_VISIT = "site_visit", _("Site visit")
        PAPERS = "papers", _("Check of papers")
        TEST = "test", _("Test of the goods")
        COUNT = "count", _("Count of the goods")

    STATUS_COLOURS = {Status.OPEN: "soon", Status.DONE: "done", Status.ENDED: "neutral"}
    ELSEWHERE = (Kind.INTERVIEW, Kind.SITE_VISIT)  # of these it is written down with whom, or where

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    kind = models.CharField(_("kind of task"), max_length=10, choices=Kind.choices, default=Kind.TASK)
    where = models.CharField(_("with whom, or where"), max_length=200, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who"))
    what = models.CharField(_("task"), max_length=500)
    due_on = models.DateField(_("due on"))
    given_at = models.DateTimeField(_("task given"), default=clock.now)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta(OfComplaint.Meta):
        verbose_name = _("task of a team")
        verbose_name_plural = _("tasks of teams")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="tasks_of_complaint")]

    def __str__(self) -> str:
        return self.what


class Evidence(OfComplaint):
    """A piece of evidence: what it shows, where it came from, its file with the hash, and the verdict (ZT 5.2)."""

    never_removed = True

    class Status(models.TextChoices):
        UNJUDGED = "unjudged", _("Not judged yet")
        ACCEPTED = "accepted", _("Accepted as evidence")
        DOUBTFUL = "doubtful", _("Doubtful")
        REJECTED = "rejected", _("Rejected as evidence")

    STATUS_COLOURS = {
        Status.UNJUDGED: "soon",
        Status.ACCEPTED: "done",
        Status.DOUBTFUL: "late",
        Status.REJECTED: "neutral",
    }

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("The customer")
        SITE = "site", _("Seen on site")
        TEST = "test", _("Test report")
        SCALE = "scale", _("Weighing")
        PAPERS = "papers", _("Papers of the order")
        INTERVIEW = "interview", _("Interview")

    status = models.CharField(
        _("verdict on the evidence"), max_length=10, choices=Status.choices, default=Status.UNJUDGED
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    what = models.TextField(_("what it shows"), max_length=2000, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    taken_by = models.CharField(_("taken by"), max_length=60)
    taken_at = models.DateTimeField(_("taken at"), default=clock.now)
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), default=clock.now)
    reason = models.CharField(_("reason of the verdict"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)

    class Meta(OfComplaint.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        indexes = [models.Index(fields=["complaint", "id"], name="evidence_of_complaint")]

    def __str__(self) -> str:
        return self.shows.splitlines()[0][:60]

    @property
    def shows(self) -> str:
        """What it shows, in the reader's language where nobody has said it in his own words."""
        return self.what or str(_("Photo handed in with the complaint"))


class Opinion(OfComplaint):
    """An opinion column of the handling report, signed by a head in its turn; rows are never changed (KC 5.2.1.2)."""

    written_once = True

    class Column(models.TextChoices):
        VERIFYING = "verifying", _("Verifying department")
        PRODUCTION = "production", _("Production department")
        SALES = "sales", _("Sales department")

    round = models.PositiveSmallIntegerField(_("round"))
    column = models.CharField(_("column"), max_length=10, choices=Column.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    text = models.TextField(_("opinion"), max_length=2000)
    of_plan = models.PositiveIntegerField(_("version of the plan"), default=0)  # sales signs on the agreed plan
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    on_behalf_of = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("on behalf of")
    )
    at = models.DateTimeField(_("time of signing"), default=clock.now)

    class Meta(OfComplaint.Meta):
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "round", "column", "of_plan"],
                name="opinion_once_a_round",
                violation_error_message=_("This opinion is signed already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_column_display()
