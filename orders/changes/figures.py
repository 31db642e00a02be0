"""Figures of changes: how many orders are changed, month by month, and whose wish or which delay it was."""

from collections import Counter
from datetime import date
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
from orders.changes.models import Change, Extension

MONTHS = 12
WISHES = (
    (Change.Wish.CUSTOMER, gettext_lazy("Initiated by the customer"), "active"),
    (Change.Wish.OURS, gettext_lazy("Initiated by us"), "soon"),
    (Change.Wish.AUTHORITY, gettext_lazy("Required by an authority"), "neutral"),
)


def _months() -> list[date]:
    """The first days of the last twelve months, the present one included."""
    first = clock.today().replace(day=1)
    year, month = first.year, first.month
    numbers = [year * 12 + month - 1 - back for back in reversed(range(MONTHS))]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _last_day(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _counted(rows: Any, moment: str, by: str) -> Counter[tuple[date, str]]:
    """How many there are by month and by what tells them apart; one query."""
    zone = timezone.get_default_timezone()
    found = rows.annotate(month=TruncMonth(moment, tzinfo=zone)).values("month", by).annotate(number=Count("pk"))
    return Counter({(row["month"].date(), row[by]): row["number"] for row in found.order_by()})


@report(
    "changes-by-month",
    gettext_lazy("Order changes by month and cause"),
    definition=gettext_lazy(
        "Changes of orders by the month in which they were drafted and by whose wish they were, withdrawn ones left"
        " out; and extension requests by the month in which the delay was reported."
    ),
    kind=TREND,
    right="changes.view_change",
    order=46,
)
def changes_by_month(user: User) -> Figure:
    """What was changed in the last twelve months, and why; two queries."""
    months = _months()
    begins = begin_of(months[0])
    changes = Change.objects.visible_to(user).filter(drafted_at__gte=begins).exclude(status=Change.Status.WITHDRAWN)
    delays = Extension.objects.visible_to(user).filter(reported_at__gte=begins)
    delays = delays.exclude(status=Extension.Status.WITHDRAWN)
    wishes = _counted(changes, "drafted_at", "wish")
    causes = _counted(delays, "reported_at", "cause")
    rows = []
    for month in months:
        day = {"from": month.isoformat(), "until": _last_day(month).isoformat()}
        values = [_change_value(wishes[month, wish], wish, tone, day) for wish, _label, tone in WISHES]
        late = sum(causes[month, cause] for cause in Extension.Cause.values)
        values.append(_delay_value(late, day))
        more = [_delay_value(causes[month, cause], day, cause) for cause in Extension.Cause.values]
        rows.append(Row(f"{month:%y-%m}", values, total=str(sum(each.number for each in values)), more=more))
    series = [(str(label), tone) for _wish, label, tone in WISHES] + [(_("Delays on our side"), "late")]
    return Figure(
        _("Month"),
        series,
        rows,
        more=[_("Delay: %(cause)s") % {"cause": cause.label} for cause in Extension.Cause],
        empty=_("No order was changed."),
    )


def _change_value(number: int, wish: str, tone: str, day: dict[str, str]) -> Value:
    states = [each for each in Change.Status.values if each != Change.Status.WITHDRAWN]
    asked = {"wish": wish, "drafted_from": day["from"], "drafted_until": day["until"], "status": states}
    url = f"{reverse('changes')}?{urlencode(asked, doseq=True)}" if number else ""
    return Value(number, f"{number:,}", url, tone)


def _delay_value(number: int, day: dict[str, str], cause: str = "") -> Value:
    states = [each for each in Extension.Status.values if each != Extension.Status.WITHDRAWN]
    asked: dict[str, Any] = {"reported_from": day["from"], "reported_until": day["until"], "status": states}
    asked |= {"cause": cause} if cause else {}
    url = f"{reverse('extensions')}?{urlencode(asked, doseq=True)}" if number else ""
    return Value(number, f"{number:,}", url, "late")
