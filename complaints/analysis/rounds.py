"""How often a customer was not satisfied and a complaint went round again (ZT 5.4, K8)."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from crm.accounts.models import User
from crm.reports.charts import TREND, Figure, Row, Value


@analysis(
    "complaints-reopened",
    gettext_lazy("Complaints that were reopened, by month"),
    definition=gettext_lazy(
        "Complaints by the month in which they came in: those settled or still handled in their first round, and those"
        " that went round again because the customer was not satisfied, with their share and the mean number of rounds."
    ),
    kind=TREND,
)
def reopened(user: User, span: Span) -> Figure:
    """Complaints of each month in their first round and reopened; one query."""
    zone = timezone.get_default_timezone()
    rows = (
        span.complaints(user)
        .annotate(month=TruncMonth("received_at", tzinfo=zone))
        .values("month")
        .annotate(number=Count("pk"), again=Count("pk", filter=Q(round__gt=1)), rounds=Sum("round"))
    )
    found = {row["month"].date(): row for row in rows}
    columns = []
    for month in span.months:
        row = found.get(month)
        if row is None:
            columns.append(Row(date_format(month, "y-m"), [None, None], more=[None, None]))
            continue
        first, last = span.days_of(month)
        of_month = Span(first, last)
        once, again = row["number"] - row["again"], row["again"]
        share, mean = again * 100 / row["number"], row["rounds"] / row["number"]
        columns.append(
            Row(
                date_format(month, "y-m"),
                [
                    Value(once, str(once), of_month.cases(reopened="false")) if once else None,
                    Value(again, str(again), of_month.cases(reopened="true"), "late") if again else None,
                ],
                total=f"{share:.0f}%" if again else "",
                more=[Value(share, f"{share:.1f}%"), Value(mean, f"{mean:.2f}")],
            )
        )
    return Figure(
        _("Month"),
        [(_("First round"), "active"), (_("Reopened"), "late")],
        columns if found else [],
        more=[_("Share reopened"), _("Mean rounds")],
        empty=_("Nobody complained in these days."),
    )
