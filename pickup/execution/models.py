"""Reports of how contracts are carried out, their figures as they were issued, corrections, and who is mailed them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import ScopedQuerySet, reach
from crm.days import begin_of
from orders.contracts.models import Contract

USER = settings.AUTH_USER_MODEL


class ReportQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """Whoever sees contracts at all sees the reports; which of their rows is a question of the contracts."""
        return self if user.is_active and reach(user, Contract) is not None else self.none()


class Report(models.Model):
    """The daily contract execution report (合同执行日报表), or a month's statistics; drafted, looked at, issued."""

    class Kind(models.TextChoices):
        DAILY = "daily", _("Daily contract execution report")
        MONTHLY = "monthly", _("Monthly statistics of execution")

    class Status(models.TextChoices):
        DRAFT = "draft", _("To be issued")
        ISSUED = "issued", _("Issued")

    STATUS_COLOURS = {Status.DRAFT: "active", Status.ISSUED: "done"}

    number = models.CharField(_("number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    drafted_at = models.DateTimeField(_("drafted at"), default=clock.now)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("report issued by"),
    )
    remarks = models.CharField(_("remarks"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("execution report")
        verbose_name_plural = _("execution reports")
        ordering = ["-last", "-pk"]
        indexes = [
            models.Index(fields=["last", "id"], name="execution_by_day"),
            models.Index(fields=["kind", "status", "-last"], name="execution_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first"],
                name="execution_report_once",
                violation_error_message=_("This report is there already."),
            ),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="execution_report_has_days"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    @property
    def detail(self) -> str:
        """Which kind of report it is."""
        return str(self.get_kind_display())

    @property
    def daily(self) -> bool:
        """Whether it is about one day."""
        return self.kind == self.Kind.DAILY

    @property
    def over_at(self) -> datetime:
        """The moment at which its last day is over, where the company is."""
        return begin_of(self.last + timedelta(days=1))


class OfReport(models.Model):
    """What belongs to a report and is never changed."""

    written_once = True
    seen_through = "report"
    lock_through = "report"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Figures(OfReport):
    """The rows of a report as they were when it was issued, word for word; `digest` is the SHA-256 of them."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="figures", verbose_name=_("execution report"))
    rows = models.JSONField(_("rows"), encoder=DjangoJSONEncoder)
    digest = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("figures of a report")
        verbose_name_plural = _("figures of reports")

    def __str__(self) -> str:
        return self.digest


class Correction(OfReport):
    """What of an issued report is otherwise by what was entered later: each figure before and after."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="corrections", verbose_name=_("execution report"))
    reason = models.CharField(_("reason"), max_length=500)
    rows = models.JSONField(_("rows"), encoder=DjangoJSONEncoder)
    digest = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("corrected by"))

    class Meta:
        verbose_name = _("correction of a report")
        verbose_name_plural = _("corrections of reports")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()


class Subscription(models.Model):
    """That somebody is mailed each report of a kind when it is issued, as far as he sees its contracts."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Subscribed")
        ENDED = "ended", _("Ended")

    STATUS_COLOURS = {Status.ACTIVE: "done", Status.ENDED: "neutral"}

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    user = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who"))
    kind = models.CharField(_("kind of report"), max_length=10, choices=Report.Kind.choices)
    since = models.DateTimeField(_("since"), default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    tracked = True
    owned_by = ("user",)
    owned_by_department = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="subscriptions_of_user"),
            models.Index(fields=["kind", "status"], name="subscriptions_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(status="active"),
                name="subscribed_once",
                violation_error_message=_("This report is subscribed to already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("execution-subscriptions")
