"""Figures of advances: what left ahead of the money and was paid, and how many promises were broken."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from crm.reports.charts import BARS, TREND, Figure, Row, Value, report
from crm.words import money
from orders.advances.models import Advance, AdvanceUse

S = Advance.Status
RIGHT = "advances.view_advance"
MONTHS = 12
NOTHING = Decimal(0)


def _months() -> list[date]:
    """The first days of the last twelve months, this one included."""
    first = clock.today().replace(day=1)
    found = [first]
    for _each in range(MONTHS - 1):
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        first = date(year, month, 1)
        found.insert(0, first)
    return found


def _by_month(name: str) -> TruncMonth:
    return TruncMonth(name, tzinfo=timezone.get_default_timezone())


@report(
    "advances-by-month",
    gettext_lazy("Released and paid by month"),
    definition=gettext_lazy(
        "Advances by the month in which they were granted: what left under them beyond what was paid, and whether that"
        " is paid today. The ceilings that were granted stand beside it."
    ),
    kind=BARS,
    right=RIGHT,
    order=62,
)
def advances_by_month(user: User) -> Figure:
    """What left ahead of the money under the advances of each month; two queries."""
    months = _months()
    seen = Advance.objects.visible_to(user).filter(granted_at__gte=begin_of(months[0]))
    grants = seen.annotate(month=_by_month("granted_at")).values("month").order_by()
    ceilings = {row["month"].date(): row["whole"] for row in grants.annotate(whole=Sum("ceiling"))}
    uses = AdvanceUse.objects.filter(advance__in=seen.order_by().values("pk"))
    rows = uses.annotate(month=_by_month("advance__granted_at")).values("month", "advance__status").order_by()
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows.annotate(whole=Sum("amount")):
        status = row["advance__status"]
        sums[row["month"].date()][status if status in (S.SETTLED, S.BROKEN) else "open"] += row["whole"]
    found = []
    for month in reversed(months):
        if month not in ceilings:
            continue
        values = [
            _amount(sums[month][key], _granted_in(month, states), tone)
            for key, tone, states in (
                (S.SETTLED, "done", [S.SETTLED]),
                ("open", "soon", [S.GRANTED, S.EXPIRED, S.REVOKED]),
                (S.BROKEN, "late", [S.BROKEN]),
            )
        ]
        whole = sum((Decimal(each.number) for each in values), NOTHING)
        more = [Value(ceilings[month], money(ceilings[month]))]
        found.append(Row(f"{month:%Y-%m}", values, total=money(whole), more=more))
    series = [(_("Paid"), "done"), (_("To be paid"), "soon"), (_("Promise broken"), "late")]
    return Figure(_("Month"), series, found, more=[_("Ceilings granted")], empty=_("No advance was granted."))


def _amount(amount: Decimal, asked: dict[str, Any], tone: str) -> Value:
    return Value(amount, money(amount), f"{reverse('advances')}?{urlencode(asked, doseq=True)}" if amount else "", tone)


def _granted_in(month: date, states: Sequence[str]) -> dict[str, Any]:
    return {"granted_from": month.isoformat(), "granted_until": _last(month).isoformat(), "status": states}


def _last(month: date) -> date:
    """The last day of a month."""
    following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return date.fromordinal(following.toordinal() - 1)


@report(
    "promises-broken",
    gettext_lazy("Broken promises by month"),
    definition=gettext_lazy(
        "Advances whose promised payment date went by without the money, by the month in which it did; paid since, or"
        " still to be paid today."
    ),
    kind=TREND,
    right=RIGHT,
    order=63,
)
def promises_broken(user: User) -> Figure:
    """How many promises were broken in each of the last twelve months; one query."""
    months = _months()
    seen = Advance.objects.visible_to(user).filter(broken_at__gte=begin_of(months[0]))
    rows = seen.annotate(month=_by_month("broken_at")).values("month", "status").order_by()
    counts = {(row["month"].date(), row["status"]): row["number"] for row in rows.annotate(number=Count("pk"))}
    found = []
    for month in months:
        values = [_count(counts.get((month, state), 0), month, state, tone) for state, tone in SINCE]
        found.append(Row(f"{month:%Y-%m}", values, total=str(sum(each.number for each in values))))
    return Figure(_("Month"), [(_("Paid since"), "done"), (_("Still to be paid"), "late")], found)


SINCE = ((S.SETTLED, "done"), (S.BROKEN, "late"))


def _count(number: int, month: date, state: str, tone: str) -> Value:
    asked = {"broken_from": month.isoformat(), "broken_until": _last(month).isoformat(), "status": state}
    return Value(number, f"{number:,}", f"{reverse('advances')}?{urlencode(asked)}" if number else "", tone)
