"""The history of every rule's values, the deadlines themselves, and the periodic jobs; calendars stand beside."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import covered_by, reach
from crm.deadlines import worktime
from crm.deadlines.calendars import BasisStamp, CalendarDay, CalendarYear, WorkCalendar, WorkInterval
from crm.deadlines.people import led_departments, people_of
from crm.postgresql import kept
from crm.records.brief import made

__all__ = [
    "BasisStamp",
    "CalendarDay",
    "CalendarYear",
    "Deadline",
    "DeadlineQuerySet",
    "PeriodicRun",
    "RuleVersion",
    "Unit",
    "WorkCalendar",
    "WorkInterval",
]


class Unit(models.TextChoices):
    """The four units of time limits."""

    WORKING_HOURS = "wh", _("working hours")
    WORKING_DAYS = "wd", _("working days")
    HOURS = "h", _("hours")
    DAYS = "d", _("days")


class RuleVersion(models.Model):
    """What a rule's values are from a date on, for every customer or for those of a tier.

    It counts for deadlines that start on or after the date; running ones keep what they started with. Without a row
    the default in the code holds.
    """

    rule = models.CharField(_("rule"), max_length=60)
    tier = models.CharField(_("tier"), max_length=20, blank=True, help_text=_("Empty: every customer."))
    valid_from = models.DateField(_("valid from"), default=clock.today)
    enabled = models.BooleanField(_("in force"), default=True)
    amount = models.DecimalField(
        _("time limit"), max_digits=7, decimal_places=2, null=True, blank=True, help_text=_("Empty: as in the code.")
    )
    unit = models.CharField(_("unit"), max_length=2, choices=Unit.choices, blank=True)
    warn_amount = models.DecimalField(
        _("warn before"), max_digits=7, decimal_places=2, null=True, blank=True, help_text=_("Empty: as in the code.")
    )
    warn_unit = models.CharField(_("unit of the warning"), max_length=2, choices=Unit.choices, blank=True)
    remind_roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("also reminded"),
        help_text=_("Roles that are told before the deadline, beside the responsible person."),
    )
    breach_roles = models.ManyToManyField(
        Group,
        blank=True,
        related_name="+",
        verbose_name=_("also told of a breach"),
        help_text=_("Roles that hear of a breach, beside the responsible person and his manager."),
    )
    escalate = models.BooleanField(
        _("escalate"), default=True, help_text=_("A breach goes up the line of managers, a step each working day.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    at = models.DateTimeField(_("changed at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("value of a rule")
        verbose_name_plural = _("values of rules")
        ordering = ["rule", "tier", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "tier", "valid_from"],
                name="rule_version_once_a_day",
                violation_error_message=_("This rule already has a value from that date on."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | (Q(amount__gt=0) & ~Q(unit="")),
                name="rule_amount_is_positive_with_a_unit",
                violation_error_message=_("A time limit is a positive number with a unit."),
            ),
            models.CheckConstraint(
                condition=Q(warn_amount__isnull=True) | (Q(warn_amount__gt=0) & ~Q(warn_unit="")),
                name="rule_warning_is_positive_with_a_unit",
                violation_error_message=_("A warning is a positive number with a unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.valid_from}"

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        BasisStamp.renew()

    def delete(self, *args: Any, **options: Any) -> Any:
        outcome = super().delete(*args, **options)
        BasisStamp.renew()
        return outcome

    def clean(self) -> None:
        for number, unit, name in (
            (self.amount, self.unit, "amount"),
            (self.warn_amount, self.warn_unit, "warn_amount"),
        ):
            if number is not None and unit == Unit.WORKING_DAYS and number != number.to_integral_value():
                raise ValidationError({name: _("Working days are whole; use working hours for less.")})

    @property
    def amount_text(self) -> str:
        """The time limit in words, empty where the one in the code holds."""
        from crm.deadlines.texts import amount_text

        return amount_text(worktime.Amount(self.amount, self.unit)) if self.amount is not None else ""


def rule_choices() -> list[tuple[str, Any]]:
    """The rules by key, each with what must be done."""
    from crm.deadlines.rules import RULES

    return [(rule.key, rule.label) for rule in RULES.values()]


A_WEEK = timedelta(days=7)
SHOWN = ("subject_pk", "rule", "due_at", "warn_at", "paused_at", "unit", "calendar_id", "responsible_id")  # by a pill


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        """Those neither met nor cancelled."""
        return self.filter(closed_at=None)

    def waiting_for(self, user: User) -> "DeadlineQuerySet":
        """What `user` must do now or within the week; what is due in half a year does not wait yet.

        What nobody in his department has taken on waits for him, too.
        """
        mine = Q(responsible=user)
        if user.department_id:
            mine |= Q(responsible=None, department=user.department_id)
        return self.filter(mine, closed_at=None, due_at__lt=clock.now() + A_WEEK)

    def about(self, subject: models.Model) -> "DeadlineQuerySet":
        """Those of one record."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)

    def late_at(self, moment: datetime) -> "DeadlineQuerySet":
        """Those open at `moment` beyond their due time; paused ones do not run."""
        return self.filter(closed_at=None, paused_at=None, due_at__lt=moment)

    def visible_to(self, user: User) -> "DeadlineQuerySet":
        """What `user` answers for: his own, those he stands in for, his people's, and those of departments he leads.

        Whoever sees a record sees its deadlines there, too (`Deadline.seen_by`); this is the scope of lists. Whom he
        leads is asked beforehand, so that only WHERE is added.
        """
        if reach(user, Deadline) == "all":
            return self
        mine = Q(responsible__in={user.pk, *people_of(user)}) | Q(responsible__in=covered_by(user))
        return self.filter(mine | Q(department__in=led_departments(user)))

    def most_urgent(self, model: type[models.Model], pks: Iterable[int]) -> dict[int, "Deadline"]:
        """For each of the records its open deadline that is due first, in one query; only what shows it is read.

        It is asked for with every page of a list, so its SQL is written here: making it took longer than answering it.
        It looks at all deadlines; raises TypeError where only some of them were asked.
        """
        if self.query.where:
            raise TypeError("the most urgent is found among all deadlines")
        rows = kept(
            f"SELECT DISTINCT ON (subject_pk) id, {', '.join(SHOWN)} FROM {Deadline._meta.db_table}"  # noqa: S608
            " WHERE closed_at IS NULL AND subject_type_id = %s AND subject_pk = ANY(%s) ORDER BY subject_pk, due_at",
            ["integer", "bigint[]"],
            [ContentType.objects.get_for_model(model).pk, list(pks)],
        )
        paths = (*SHOWN, "closed_at", "outcome")
        return {values[0]: made(Deadline, pk, paths, (*values, None, "")) for pk, *values in rows}


class Deadline(models.Model):
    """One thing that must be done in time: what starts it, when it is due and why then, who must act, how it ended."""

    class Outcome(models.TextChoices):
        MET = "met", _("met")
        CANCELLED = "cancelled", _("no longer needed")

    NOTHING_TOLD, WARNED, DUE_TOLD = 0, 1, 2  # steps; each further one is a manager higher up

    rule = models.CharField(_("rule"), max_length=60, choices=rule_choices)
    subject_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+", db_index=False)
    subject_pk = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_pk")
    customer_id = models.BigIntegerField(null=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("responsible"),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("department")
    )
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"))
    warn_at = models.DateTimeField(_("warns at"))
    next_at = models.DateTimeField(null=True)  # when the sweep must look again; null: there is nothing more to tell
    step = models.PositiveSmallIntegerField(default=NOTHING_TOLD)
    breached_at = models.DateTimeField(null=True)  # when the sweep did what a breach asks for
    closed_at = models.DateTimeField(_("closed at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    met_by = models.BigIntegerField(null=True)  # the log row of the verb that met it
    anchor = models.DateTimeField(null=True)  # the date that the record gave, where the rule follows one
    calendar = models.ForeignKey(WorkCalendar, models.SET_NULL, null=True, related_name="+", db_index=False)
    calendar_version = models.PositiveIntegerField(default=0)
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    unit = models.CharField(max_length=2, choices=Unit.choices, blank=True)
    spans = models.JSONField(default=list)  # worktime.Span rows: the way from start to due
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)  # [{"from", "to", "minutes"}], the working time that was added

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_pk"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="one_open_deadline_per_rule_and_record",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(closed_at__isnull=True, next_at__isnull=False),
                name="deadlines_to_look_at",
            ),
            models.Index(
                fields=["responsible", "due_at"], condition=Q(closed_at__isnull=True), name="deadlines_of_person"
            ),
            models.Index(
                fields=["department", "due_at"], condition=Q(closed_at__isnull=True), name="deadlines_of_department"
            ),
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="deadlines_open"),
            models.Index(
                fields=["due_at"],
                condition=Q(closed_at__isnull=True, breached_at__isnull=True),
                name="deadlines_to_breach",
            ),
            models.Index(fields=["subject_type", "subject_pk", "due_at"], name="deadlines_of_subject"),
            models.Index(fields=["rule", "due_at"], name="deadlines_of_rule"),
            models.Index(
                fields=["responsible", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="deadlines_done_by_person",
            ),
            models.Index(
                fields=["customer_id", "due_at"],
                condition=Q(customer_id__isnull=False),
                name="deadlines_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject_pk or ''}".strip()

    def get_absolute_url(self) -> str:
        return reverse("deadline", args=[self.pk])

    @property
    def url(self) -> str:
        """The address of "why then?"."""
        return self.get_absolute_url()

    @property
    def state(self) -> str:
        """running, soon (within the time of the warning), late, met, met_late, cancelled or paused."""
        if self.closed_at is not None:
            if self.outcome == self.Outcome.CANCELLED:
                return "cancelled"
            return "met_late" if self.closed_at > self.due_at else "met"
        if self.paused_at is not None:
            return "paused"
        now = clock.now()
        if now > self.due_at:
            return "late"
        return "soon" if now >= self.warn_at else "running"

    @property
    def remaining_text(self) -> str:
        """How much time is left or overdue, in the reader's language; empty once it is closed."""
        from crm.deadlines.texts import remaining

        return remaining(self)

    @property
    def label(self) -> str:
        """What must be done, in the reader's language."""
        from crm.deadlines.rules import RULES

        return str(RULES[self.rule].label) if self.rule in RULES else self.rule

    @property
    def clause(self) -> str:
        """The clause that it comes from."""
        from crm.deadlines.rules import RULES

        return RULES[self.rule].clause if self.rule in RULES else ""

    def seen_by(self, user: User) -> bool:
        """Whether `user` may see it: it is within his scope, or he sees the record that it is about."""
        if Deadline.objects.visible_to(user).filter(pk=self.pk).exists():
            return True
        model = self.subject_type.model_class() if self.subject_type else None
        rows = getattr(model and model._default_manager, "visible_to", None)
        return rows is not None and rows(user).filter(pk=self.subject_pk).exists()


class PeriodicRun(models.Model):
    """When a periodic job runs next, and how it went last: a run that was missed is made up."""

    name = models.CharField(_("job"), max_length=60, primary_key=True)
    next_at = models.DateTimeField(_("runs next"), null=True)
    last_at = models.DateTimeField(_("last done"), null=True)
    failed_at = models.DateTimeField(_("last failed"), null=True)
    failures = models.PositiveSmallIntegerField(_("failures since"), default=0)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
