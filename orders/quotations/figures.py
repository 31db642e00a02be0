"""The figure of quotations: what became of those that were sent, month by month."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from crm.reports.charts import TREND, Figure, Row, Value, report
from orders.quotations.models import Quotation

S = Quotation.Status
MONTHS = 12
STANDS = [  # what became of the quotations of a month, in four words rather than seven states
    (gettext_lazy("Open"), "active", (S.DRAFT, S.SENT, S.WISHES)),
    (gettext_lazy("Accepted"), "done", (S.ACCEPTED,)),
    (gettext_lazy("Declined"), "late", (S.DECLINED,)),
    (gettext_lazy("Expired or withdrawn"), "neutral", (S.EXPIRED, S.WITHDRAWN)),
]
OPEN, ACCEPTED = 0, 1  # their places among STANDS


def _months(today: date) -> list[date]:
    """The first days of the last months, the oldest first."""
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


@report(
    "quotations-by-month",
    gettext_lazy("Quotations by month"),
    definition=gettext_lazy(
        "Quotations by the month in which they were first sent, and where they stand today, each counted once whatever"
        " its versions. Hit rate: accepted ones among those that are not open any more."
    ),
    kind=TREND,
    right="quotations.view_quotation",
    order=28,
)
def quotations_by_month(user: User) -> Figure:
    """The quotations of the last twelve months and how many hit; one query."""
    months = _months(clock.today())
    rows = (
        Quotation.objects.visible_to(user)
        .filter(offered_at__gte=begin_of(months[0]))
        .annotate(month=TruncMonth("offered_at", tzinfo=timezone.get_default_timezone()))
        .values("month", "status")
        .annotate(number=Count("pk"))
        .order_by()
    )
    counts = {(row["month"].date(), row["status"]): row["number"] for row in rows}
    found = []
    for month in months:
        numbers = [sum(counts.get((month, state), 0) for state in states) for _label, _tone, states in STANDS]
        values = [
            _number(number, month, states, tone) for number, (_label, tone, states) in zip(numbers, STANDS, strict=True)
        ]
        ended = sum(numbers) - numbers[OPEN]
        hits = 100 * numbers[ACCEPTED] / ended if ended else None
        more = [None if hits is None else Value(hits, f"{hits:.0f}%")]
        found.append(Row(f"{month:%Y-%m}", values, total=str(sum(numbers)), more=more))
    series = [(str(label), tone) for label, tone, _states in STANDS]
    return Figure(_("Month"), series, found, more=[_("Hit rate in percent")])


def _number(number: int, month: date, states: Any, tone: str) -> Value:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    asked = {"sent_from": month.isoformat(), "sent_until": last.isoformat(), "status": [str(each) for each in states]}
    url = f"{reverse('quotations')}?{urlencode(asked, doseq=True)}" if number else ""
    return Value(number, f"{number:,}", url, tone)
