"""Working calendars, the history of every rule's values, and the deadlines themselves."""

import uuid
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Extract, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import covered_by, reach
from crm.deadlines import worktime
from crm.deadlines.people import led_departments, people_of


class Unit(models.TextChoices):
    """The four units of time limits."""

    WORKING_HOURS = "wh", _("working hours")
    WORKING_DAYS = "wd", _("working days")
    HOURS = "h", _("hours")
    DAYS = "d", _("days")


class BasisStamp(models.Model):
    """One row that is renewed with every change of a calendar or a rule, so that what was read once can be kept."""

    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("stamp of calendars and rules")
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return str(self.stamp)

    @classmethod
    def renew(cls) -> None:
        """Make every process read calendars and rules again. A stamp that is rolled back never comes again."""
        cls.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4()})


class WorkCalendar(models.Model):
    """When people work: the company's calendar, and those of departments that differ.

    A department's calendar has its own hours; the company's dates hold in it too, where it has none of its own. Without
    intervals of its own it keeps the company's hours.
    """

    name = models.CharField(_("name"), max_length=80)
    department = models.OneToOneField(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work_calendar",
        verbose_name=_("department"),
        help_text=_("Empty: the calendar of the whole company. It holds for the departments below, too."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ["department", "pk"]
        constraints = [
            models.UniqueConstraint(
                Value(1),
                condition=Q(department__isnull=True),
                name="one_company_calendar",
                violation_error_message=_("The company already has its calendar."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        self.changed()

    def delete(self, *args: Any, **options: Any) -> Any:
        outcome = super().delete(*args, **options)
        BasisStamp.renew()
        return outcome

    def changed(self) -> None:
        """Say that something in this calendar is different now; the company's is part of every other one."""
        rows = WorkCalendar.objects.filter(pk=self.pk) if self.department_id else WorkCalendar.objects.all()
        rows.update(version=F("version") + 1)
        self.refresh_from_db(fields=["version"])
        BasisStamp.renew()


class CalendarPart(models.Model):
    """A row of a calendar: saving or deleting it makes a new version of the calendar."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        self.calendar.changed()  # type: ignore[attr-defined]

    def delete(self, *args: Any, **options: Any) -> Any:
        outcome = super().delete(*args, **options)
        self.calendar.changed()  # type: ignore[attr-defined]
        return outcome


class WeekStretch(Func):
    """A working interval as seconds within the weeks of all calendars, so that one index forbids overlaps."""

    function = "int8range"

    def __init__(self, *ignored: Any, **options: Any) -> None:
        if ignored:  # copies made by Django come with their expressions
            super().__init__(*ignored, **options)
            return
        begins = F("calendar_id") * Value(604800) + F("weekday") * Value(86400)
        seconds = [Cast(Extract(F(name), "epoch"), BigIntegerField()) for name in ("start", "end")]
        end = Case(When(end=time(0), then=Value(86400)), default=seconds[1], output_field=BigIntegerField())
        # What ends before it begins is refused by a constraint of its own, with its own sentence.
        super().__init__(begins + seconds[0], begins + Greatest(seconds[0], end), **options)


class WorkInterval(CalendarPart):
    """Working hours on a weekday without a break; a lunch break lies between two intervals."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="intervals", verbose_name=_("calendar"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("to"), help_text=_("00:00 is the midnight at which the day ends."))

    class Meta:
        verbose_name = _("working interval")
        verbose_name_plural = _("working hours")
        ordering = ["calendar", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) | Q(end=time(0)),
                name="work_interval_ends_after_it_begins",
                violation_error_message=_("The end is before the beginning."),
            ),
            ExclusionConstraint(
                name="work_intervals_do_not_overlap",
                expressions=[(WeekStretch(), RangeOperators.OVERLAPS)],
                deferrable=models.Deferrable.DEFERRED,  # a week is edited as a whole
                violation_error_message=_("This overlaps another interval of the same weekday."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}-{self.end:%H:%M}"


class CalendarDay(CalendarPart):
    """A date that differs from its weekday: a holiday, a make-up working day (调休), a day of the company."""

    class Source(models.TextChoices):
        OFFICIAL = "official", _("official")
        COMPANY = "company", _("company's own")

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days", verbose_name=_("calendar"))
    date = models.DateField(_("date"))
    working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    hours = models.CharField(
        _("hours of this day"),
        max_length=60,
        blank=True,
        help_text=_("For example 08:30-12:00, 13:30-15:00. Empty: those of an ordinary working day."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.COMPANY)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["calendar", "date"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="calendar_day_once",
                violation_error_message=_("This date is already in the calendar."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"

    def clean(self) -> None:
        if self.hours and not self.working:
            raise ValidationError({"hours": _("A day off has no hours.")})
        try:
            self.intervals()
        except ValueError as error:
            raise ValidationError(
                {"hours": _("Write it as 08:30-12:00, 13:30-15:00, in order and without overlap.")}
            ) from error

    def intervals(self) -> tuple[worktime.Interval, ...]:
        """The day's own hours, or none. Raises ValueError where they cannot be read."""
        return worktime.read_hours(self.hours)


class CalendarYear(CalendarPart):
    """Whether a year's holidays and make-up days have been announced; until then its dates are a guess."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="years", verbose_name=_("calendar"))
    year = models.PositiveSmallIntegerField(_("year"))
    announced = models.BooleanField(_("announced"), default=False)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["calendar", "year"]
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return str(self.year)


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


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        """Those neither met nor cancelled."""
        return self.filter(closed_at=None)

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
        """For each of the records its open deadline that is due first, in one query."""
        kind = ContentType.objects.get_for_model(model)
        rows = self.filter(closed_at=None, subject_type=kind, subject_pk__in=list(pks))
        found = rows.order_by("subject_pk", "due_at").distinct("subject_pk")
        return {row.subject_pk: row for row in found if row.subject_pk is not None}


class Deadline(models.Model):
    """One thing that must be done in time: what starts it, when it is due and why then, who must act, how it ended."""

    class Outcome(models.TextChoices):
        MET = "met", _("done")
        CANCELLED = "cancelled", _("no longer needed")

    NOTHING_TOLD, WARNED, DUE_TOLD = 0, 1, 2  # steps; each further one is a manager higher up

    rule = models.CharField(_("rule"), max_length=60)
    subject_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    subject_pk = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_pk")
    customer_id = models.BigIntegerField(null=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("responsible")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    warn_at = models.DateTimeField(_("warns"))
    next_at = models.DateTimeField(null=True)  # when the sweep must look again; null: there is nothing more to tell
    step = models.PositiveSmallIntegerField(default=NOTHING_TOLD)
    breached_at = models.DateTimeField(null=True)  # when the sweep did what a breach asks for
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    met_by = models.BigIntegerField(null=True)  # the log row of the verb that met it
    anchor = models.DateTimeField(null=True)  # the date that the record gave, where the rule follows one
    calendar = models.ForeignKey(WorkCalendar, models.SET_NULL, null=True, related_name="+")
    calendar_version = models.PositiveIntegerField(default=0)
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, null=True, related_name="+")
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
