"""How long each step of a complaint takes, against its rule (K8, ZT 4.1 and 5)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from crm.accounts.models import User
from crm.deadlines.filters import IN_TIME, LATE, kept_in_time, kept_late
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.reports.charts import BARS, Figure, Row, Value
from pickup.figures import Median

OURS = "complaint."


class Ninetieth(Aggregate):
    """What nine of ten values do not exceed."""

    function = "percentile_cont"
    template = "%(function)s(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _span_until(end: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(end) - F("started_at"), output_field=DurationField())


def _hours(span: timedelta | None) -> float:
    return round(span.total_seconds() / 3600, 1) if span is not None else 0.0


@analysis(
    "complaints-step-times",
    gettext_lazy("Complaints: time of each step against its rule"),
    definition=gettext_lazy(
        "How long each step took, in hours by the clock with nights and holidays: the median, and what nine of ten did"
        " not exceed, of those that were due in these days and were met, beside the median of what its rule allowed."
        " What still waits beyond its time counts as late."
    ),
    kind=BARS,
    right="deadlines.view_deadline",
)
def step_times(user: User, span: Span) -> Figure:
    """Median, ninetieth percentile and share in time of each rule of complaints; one query."""
    keys = [key for key in RULES if key.startswith(OURS)]
    met = Q(outcome=Deadline.Outcome.MET)
    rows = (
        Deadline.objects.visible_to(user)
        .filter(span.within("due_at"), rule__in=keys)
        .order_by()
        .values("rule")
        .annotate(
            took=Median(_span_until("closed_at"), filter=met),
            most=Ninetieth(_span_until("closed_at"), filter=met),
            allowed=Median(_span_until("due_at"), filter=met),
            in_time=Count("pk", filter=kept_in_time()),
            late=Count("pk", filter=kept_late()),
        )
    )
    found = {row["rule"]: row for row in rows if row["in_time"] or row["late"]}
    bars = [_bar(key, found[key], span) for key in keys if key in found]
    return Figure(
        _("Step"),
        [(_("Hours taken"), "active")],
        bars,
        more=[_("Nine of ten within hours"), _("In time"), _("Late"), _("Share in time")],
        mark=_("Hours allowed"),
        empty=_("Nothing was due in these days."),
    )


def _bar(key: str, row: Mapping[str, Any], span: Span) -> Row:
    took, most, allowed = _hours(row["took"]), _hours(row["most"]), _hours(row["allowed"])
    asked = {"rule": key, "due_from": span.first.isoformat(), "due_until": span.last.isoformat()}
    url = f"{reverse('deadlines')}?{urlencode(asked)}"
    share = row["in_time"] * 100 / (row["in_time"] + row["late"])
    said = _("%(hours)s h") % {"hours": took}
    return Row(
        str(RULES[key].label),
        [Value(took, said, url) if row["took"] is not None else None],
        total=_("%(took)s of %(allowed)s h, %(share)s%% in time")
        % {"took": took, "allowed": allowed, "share": f"{share:.0f}"},
        mark=allowed,
        more=[
            Value(most, _("%(hours)s h") % {"hours": most}, url),
            Value(row["in_time"], str(row["in_time"]), f"{url}&kept={IN_TIME}" if row["in_time"] else ""),
            Value(row["late"], str(row["late"]), f"{url}&kept={LATE}" if row["late"] else "", "late"),
            Value(share, f"{share:.1f}%"),
        ],
    )
