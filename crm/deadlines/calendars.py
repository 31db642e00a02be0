"""Working calendars as they are kept: hours of the week, days that differ, years that are announced."""

import uuid
from datetime import time
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Extract, Greatest
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.deadlines import worktime


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
    start = models.TimeField(_("begins at"))
    end = models.TimeField(_("ends at"), help_text=_("00:00 is the midnight at which the day ends."))

    class Meta:
        verbose_name = _("working interval")
        verbose_name_plural = _("working intervals")
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

    calendar = models.ForeignKey(
        WorkCalendar, models.CASCADE, related_name="days", db_index=False, verbose_name=_("calendar")
    )
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

    calendar = models.ForeignKey(
        WorkCalendar, models.CASCADE, related_name="years", db_index=False, verbose_name=_("calendar")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    announced = models.BooleanField(_("announced"), default=False)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["calendar", "year"]
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return str(self.year)
