"""What complaints cost, by month and by responsible department; what counts is in complaints/costs.py."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from complaints.costs import COSTS, Cost
from crm.accounts.models import Department, User
from crm.reports.charts import BARS, TREND, Figure, Row, Value
from crm.words import money

NONE = Decimal(0)
DEFINITION = gettext_lazy(
    "What was promised to customers in approved plans, or paid to them where that is known, of complaints that came in"
    " in these days."
)


def _sums(cost: Cost, user: User, span: Span, group: Any) -> Iterator[tuple[Any, Decimal]]:
    """What the complaints of these days cost, by `group`, an expression of the rows; one query."""
    rows = cost.rows().filter(**{f"{cost.complaint}__in": span.complaints(user)}).order_by()
    yield from rows.annotate(by_group=group).values_list("by_group").annotate(amount_of_group=Sum(cost.amount))


def _cells(sums: dict[str, Decimal], url: str) -> list[Value | None]:
    return [
        Value(sums[cost.key], money(sums[cost.key]), url, cost.tone) if sums.get(cost.key) else None for cost in COSTS
    ]


@analysis(
    "complaints-cost-by-month",
    gettext_lazy("Cost of complaints by month"),
    definition=DEFINITION,
    kind=TREND,
)
def by_month(user: User, span: Span) -> Figure:
    """The cost of each month's complaints, in ten thousands above the columns; a query for each kind of cost."""
    sums: dict[Any, dict[str, Decimal]] = defaultdict(dict)
    for cost in COSTS:
        month_of = TruncMonth(f"{cost.complaint}__received_at", tzinfo=timezone.get_default_timezone())
        for moment, amount in _sums(cost, user, span, month_of):
            sums[moment.date()][cost.key] = amount
    rows = []
    for month in span.months:
        url, whole = Span(*span.days_of(month)).cases(), sum(sums[month].values(), NONE)
        cells = _cells(sums[month], url)
        total = f"{whole / 10000:.1f}" if whole else ""
        rows.append(Row(date_format(month, "y-m"), cells, total=total, more=[Value(whole, money(whole))]))
    return _figure(_("Month"), rows if any(sums.values()) else [])


@analysis(
    "complaints-cost-by-department",
    gettext_lazy("Cost of complaints by responsible department"),
    definition=DEFINITION,
    kind=BARS,
)
def by_department(user: User, span: Span) -> Figure:
    """The cost by who is responsible, the dearest first; a query for each kind of cost, and one for the names."""
    sums: dict[Any, dict[str, Decimal]] = defaultdict(dict)
    for cost in COSTS:
        for key, amount in _sums(cost, user, span, F(f"{cost.complaint}__responsible")):
            sums[key][cost.key] = amount
    names = {each.pk: str(each) for each in Department.objects.filter(pk__in=[key for key in sums if key])}
    rows = []
    for key in sorted(sums, key=lambda key: (-sum(sums[key].values()), names.get(key, ""))):
        whole, url = sum(sums[key].values(), NONE), span.cases(responsible=key) if key else ""
        label = names[key] if key else _("No finding yet")
        total = Value(whole, money(whole), url)
        rows.append(Row(label, _cells(sums[key], url), total=money(whole), url=url, more=[total]))
    return _figure(_("Department"), rows)


def _figure(heading: str, rows: list[Row]) -> Figure:
    series = [(str(cost.label), cost.tone) for cost in COSTS]
    return Figure(heading, series, rows, more=[_("Total")], empty=_("Complaints of these days have cost nothing."))
