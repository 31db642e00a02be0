"""How long each step of a complaint takes, against its rule (K8, ZT 4.1 and 5)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from crm.accounts.models import User
from crm.deadlines.filters import IN_TIME, LATE, kept_in_time, kept_late
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.deadlines.taken import hours, time_until
from crm.reports.charts import BARS, Figure, Row, Value

OURS = "complaint."


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
            took=time_until("closed_at", met=met),
            most=time_until("closed_at", share=0.9, met=met),
            allowed=time_until("due_at", met=met),
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
    took, most, allowed = hours(row["took"]), hours(row["most"]), hours(row["allowed"])
    asked = {"rule": key, "due_from": span.first.isoformat(), "due_until": span.last.isoformat()}
    url = f"{reverse('deadlines')}?{urlencode(asked)}"
    share = row["in_time"] * 100 / (row["in_time"] + row["late"])
    return Row(
        str(RULES[key].label),
        [Value(took, str(took), url) if row["took"] is not None else None],
        total=_("%(took)s of %(allowed)s h, %(share)s%% in time")
        % {"took": took, "allowed": allowed, "share": f"{share:.0f}"},
        mark=allowed,
        more=[
            Value(most, str(most), url),
            Value(row["in_time"], str(row["in_time"]), f"{url}&kept={IN_TIME}" if row["in_time"] else ""),
            Value(row["late"], str(row["late"]), f"{url}&kept={LATE}" if row["late"] else "", "late"),
            Value(share, f"{share:.1f}%"),
        ],
    )
