"""The stretch of days that an analysis is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from complaints.models import Complaint
from crm import clock
from crm.accounts.models import User
from crm.days import begin_of, begins, until
from crm.deadlines.figures import last_day_of, months_until

MONTHS = 12
MOST_MONTHS = 36  # that one looks at at once


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both included."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        number = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return months_until(self.last, number)

    def within(self, path: str) -> Q:
        """The moment at the end of the lookup path lies in these days."""
        return begins(path, self.first) & until(path, self.last)

    def days_of(self, month: date) -> tuple[date, date]:
        """The first and the last day of a month, as far as they lie in it."""
        return max(month, self.first), min(last_day_of(month), self.last)

    @property
    def query(self) -> dict[str, str]:
        """As an address says it."""
        return {"received_from": self.first.isoformat(), "received_until": self.last.isoformat()}

    def cases(self, **asked: Any) -> str:
        """The address of the complaints that came in in these days and are as asked."""
        return f"{reverse('complaints')}?{urlencode({**asked, **self.query})}"

    def complaints(self, user: User) -> QuerySet[Complaint]:
        """The complaints of these days that `user` sees, in no order."""
        rows: Any = Complaint.objects.visible_to(user)
        found: QuerySet[Complaint] = rows.filter(self.within("received_at")).order_by()
        return found


def usual() -> Span:
    """The last twelve months until today."""
    today = clock.today()
    return Span(months_until(today, MONTHS)[0], today)


def month_before(day: date) -> Span:
    """The whole month before the one that the day lies in."""
    last = day.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def asked(query: Mapping[str, Any]) -> Span:
    """The days that an address asks for; the usual ones where it says none or what makes no sense.

    They end today at the latest and are MOST_MONTHS at most.
    """
    found = usual()
    first, last = _day(query.get("received_from")) or found.first, _day(query.get("received_until")) or found.last
    last = min(last, found.last)
    if first > last:
        return found
    return Span(max(first, months_until(last, MOST_MONTHS)[0]), last)


def _day(text: Any) -> date | None:
    try:
        day = date.fromisoformat(str(text))
        begin_of(day)
    except (ValueError, OverflowError):
        return None
    return day if day.year > MOST_MONTHS else None
