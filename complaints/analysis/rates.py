"""How many complaints there are for each thousand pickups, by month and by product (K8)."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.analysis.charts import analysis
from complaints.analysis.span import Span
from crm.accounts.models import User
from crm.reports.charts import BARS, TREND, Figure, Row, Value
from orders.catalog.models import Product
from pickup.models import Record, RecordLine

THOUSAND = 1000


def _rate(complaints: int, pickups: int) -> float | None:
    """Complaints for each thousand pickups, None where nothing was picked up."""
    return complaints * THOUSAND / pickups if pickups else None


def _shown(rate: float | None, url: str) -> Value | None:
    return None if rate is None else Value(rate, f"{rate:.1f}", url)


def by_month_of(rows: Any, path: str) -> dict[date, int]:
    """How many rows in each month, by the moment at the end of the lookup path; one query."""
    zone = timezone.get_default_timezone()
    found = rows.annotate(month=TruncMonth(path, tzinfo=zone)).order_by().values_list("month")
    return {month.date(): number for month, number in found.annotate(number=Count("pk"))}


def _handovers(user: User, span: Span) -> Any:
    rows: Any = Record.objects.visible_to(user)
    return rows.filter(span.within("at"), kind=Record.Kind.HANDOVER)


def _records(first: date, last: date) -> str:
    asked = {"kind": "handover", "since": first.isoformat(), "until": last.isoformat()}
    return f"{reverse('pickup-records')}?{urlencode(asked)}"


@analysis(
    "complaints-per-thousand",
    gettext_lazy("Complaints for each 1,000 pickups, by month"),
    definition=gettext_lazy(
        "Complaints that came in in a month, for each thousand handovers of that month; handovers that were taken back"
        " later count as well. Months in which nothing was handed over have no rate."
    ),
    kind=TREND,
    listed=True,
    order=61,
)
def per_thousand(user: User, span: Span) -> Figure:
    """The rate of each month; two queries."""
    complaints = by_month_of(span.complaints(user), "received_at")
    pickups = by_month_of(_handovers(user, span), "at")
    rows = []
    for month in span.months:
        first, last = span.days_of(month)
        number, handed = complaints.get(month, 0), pickups.get(month, 0)
        url, rate = Span(first, last).cases(), _rate(number, handed)
        more = [Value(number, str(number), url if number else ""), Value(handed, f"{handed:,}", _records(first, last))]
        total = "" if rate is None else f"{rate:.1f}"
        rows.append(Row(date_format(month, "y-m"), [_shown(rate, url)], total=total, more=more))
    return Figure(
        _("Month"),
        [(_("For each 1,000 pickups"), "active")],
        rows if complaints or pickups else [],
        more=[_("Complaints"), _("Pickups")],
        empty=_("Nobody complained in these days."),
    )


@analysis(
    "complaints-per-thousand-by-product",
    gettext_lazy("Complaints for each 1,000 pickups, by product"),
    definition=gettext_lazy(
        "Complaints about a product that came in in these days, for each thousand handovers in the same days in which"
        " it was; products of which nobody complained are left out."
    ),
    kind=BARS,
)
def per_thousand_by_product(user: User, span: Span) -> Figure:
    """The rate of each product, the highest first; three queries."""
    about = span.complaints(user).exclude(product=None)
    complaints = dict(about.values_list("product").annotate(number=Count("pk")))
    lines = RecordLine.objects.filter(record__in=_handovers(user, span).order_by(), line__product__in=complaints)
    pickups = dict(lines.order_by().values_list("line__product").annotate(number=Count("record", distinct=True)))
    products = Product.objects.filter(pk__in=complaints).only("name", "name_en", "code")
    rows = []
    for each in products:
        number, handed = complaints[each.pk], pickups.get(each.pk, 0)
        rate, url = _rate(number, handed), span.cases(product=each.pk)
        more = [Value(number, str(number), url), Value(handed, f"{handed:,}")]
        total = "–" if rate is None else f"{rate:.1f}"
        rows.append(Row(f"{each} ({each.code})", [_shown(rate, url)], total=total, url=url, more=more))
    rows.sort(key=lambda row: (-(row.values[0].number if row.values[0] else -1), row.label))
    return Figure(
        _("Product"),
        [(_("For each 1,000 pickups"), "active")],
        rows,
        more=[_("Complaints"), _("Pickups")],
        empty=_("Nobody complained of a product in these days."),
    )
