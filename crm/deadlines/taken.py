"""How long things took beside how long their rules allowed: medians of deadlines, and the bars that draw them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext as _

from crm.deadlines.filters import LATE
from crm.deadlines.models import Deadline
from crm.reports.charts import Row, Value

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


class _Quantile(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def time_until(end: str, *, share: float = 0.5, met: Q | None = None) -> Aggregate:
    """The time from the start of deadlines to `end`, a moment of theirs, which this share of them does not exceed.

    The median where nobody says otherwise; `met` says of which deadlines.
    """
    taken = ExpressionWrapper(F(end) - F("started_at"), output_field=DurationField())
    return _Quantile(taken, share=share, filter=met)


def taken_by(rows: QuerySet[Deadline], group: str) -> dict[Any, Mapping[str, Any]]:
    """Of each group of those that were met `took` and `allowed` (medians), `number`, and how many were `late`."""
    grouped = rows.filter(outcome=Deadline.Outcome.MET).order_by().values(group)
    late = Count("pk", filter=Q(closed_at__gt=F("due_at")))
    found = grouped.annotate(took=time_until("closed_at"), allowed=time_until("due_at"), number=Count("pk"), late=late)
    return {row[group]: row for row in found}


def hours(span: timedelta | None) -> float:
    """A span in hours by the clock, to a tenth; none is 0."""
    return round(span / AN_HOUR, 1) if span is not None else 0.0


def days(span: timedelta) -> float:
    """A span in days by the clock, to a tenth."""
    return round(span / A_DAY, 1)


def hours_bar(label: str, row: Mapping[str, Any], url: str) -> Row:
    """The bar of a group of `taken_by` in hours, with its mark; number and late ones lead to the deadlines."""
    took, allowed = hours(row["took"]), hours(row["allowed"])
    total = _("%(took)s of %(allowed)s h") % {"took": took, "allowed": allowed}
    return _bar(label, Value(took, _("%(hours)s h") % {"hours": took}, url), total, allowed, row)


def days_bar(label: str, row: Mapping[str, Any], url: str) -> Row:
    """The same in days."""
    took, allowed = days(row["took"]), days(row["allowed"])
    total = _("%(took)s of %(allowed)s d") % {"took": took, "allowed": allowed}
    return _bar(label, Value(took, _("%(days)s d") % {"days": took}, url), total, allowed, row)


def _bar(label: str, taken: Value, total: str, allowed: float, row: Mapping[str, Any]) -> Row:
    late = Value(row["late"], str(row["late"]), f"{taken.url}&kept={LATE}" if row["late"] else "", "late")
    return Row(
        label, [taken], total=total, mark=allowed, more=[Value(row["number"], str(row["number"]), taken.url), late]
    )
