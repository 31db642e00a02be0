"""Days where the company is, asked of columns that hold moments: half-open stretches of time, which an index finds."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone


def begin_of(day: date) -> datetime:
    """The moment at which the day begins where the company is (settings.TIME_ZONE)."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def within(path: str, day: date) -> Q:
    """The moment at the end of the lookup path lies in the day."""
    return begins(path, day) & until(path, day)


def begins(path: str, day: date) -> Q:
    """The moment at the end of the lookup path lies in the day or later."""
    return Q(**{f"{path}__gte": begin_of(day)})


def until(path: str, day: date) -> Q:
    """The moment at the end of the lookup path lies in the day or earlier."""
    return Q(**{f"{path}__lt": begin_of(day + timedelta(days=1))}) if day < date.max else Q()


def before(path: str, day: date) -> Q:
    """The moment at the end of the lookup path lies before the day."""
    return Q(**{f"{path}__lt": begin_of(day)})


class DayFilter(django_filters.DateFilter):
    """A day, of a column that holds moments. `which` is one of the functions above, by default `within`."""

    def __init__(self, *args: Any, which: Any = within, **options: Any) -> None:
        super().__init__(*args, **options)
        self.which = which

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        """The rows of the day."""
        return qs if value is None else qs.filter(self.which(self.field_name, value))
