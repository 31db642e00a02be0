"""How time limits were kept: by rule and month, and in the present month."""

from calendar import monthrange
from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of, until
from crm.deadlines.filters import IN_TIME, LATE, kept_in_time, kept_late
from crm.deadlines.models import Deadline
from crm.deadlines.rules import RULES
from crm.reports.charts import BARS, HEAT, Figure, Row, report
from crm.reports.charts import Value as Number

RIGHT = "deadlines.view_deadline"
MONTHS = 6
GOOD, FAIR = 95, 80  # percent kept in time; below the second it is late

MOMENTS = ArrayField(DateTimeField())


class WhichMonth(Func):
    """In which of some months a moment lies, counted from one, by where the company's months begin."""

    function = "width_bucket"
    output_field = IntegerField()


Counts = dict[tuple[str, date], tuple[int, int]]  # by rule and month: in time, late


@report(
    "deadlines-by-month",
    gettext_lazy("Time limits kept, by month"),
    definition=gettext_lazy(
        "The share of deadlines that were met by their due time, among those that were due in the month and were met or"
        " are overdue. What was no longer needed, and what is paused, does not count."
    ),
    kind=HEAT,
    right=RIGHT,
    order=60,
)
def deadlines_by_month(user: User) -> Figure:
    """Each rule's share in each of the last six months; one query."""
    months = months_until(clock.today(), MONTHS)
    counts = _counts(user, months)
    rows = []
    for key in _rules(counts):
        cells = [_share(key, month, counts.get((key, month))) for month in months]
        kept, late = (sum(counts.get((key, month), (0, 0))[which] for month in months) for which in (0, 1))
        whole = {"rule": key, "due_from": months[0].isoformat(), "due_until": clock.today().isoformat()}
        more = [_number(kept, {**whole, "kept": IN_TIME}), _number(late, {**whole, "kept": LATE})]
        rows.append(Row(str(RULES[key].label), cells, more=more))
    return Figure(
        _("Time limit"),
        [(date_format(month, "Y-m"), "neutral") for month in months],
        rows,
        more=[_("In time"), _("Late")],
        empty=_("Nothing was due in these months."),
    )


@report(
    "deadlines-this-month",
    gettext_lazy("Time limits kept, this month"),
    definition=gettext_lazy(
        "Deadlines that were due since the first of the month until today: met by their due time, or met later and"
        " still open beyond it. The rules with the most late ones come first."
    ),
    kind=BARS,
    right=RIGHT,
    order=50,
)
def deadlines_this_month(user: User) -> Figure:
    """Each rule's deadlines of this month, kept and not; one query."""
    month = clock.today().replace(day=1)
    counts = _counts(user, [month])
    span = {"due_from": month.isoformat(), "due_until": clock.today().isoformat()}
    rows = []
    for key in sorted(_rules(counts), key=lambda each: -counts[each, month][1]):
        kept, late = counts[key, month]
        values = [
            _number(kept, {"rule": key, **span, "kept": IN_TIME}, "done"),
            _number(late, {"rule": key, **span, "kept": LATE}, "late"),
        ]
        total = _("%(late)s of %(number)s late") % {"late": late, "number": kept + late} if late else str(kept)
        rows.append(Row(str(RULES[key].label), values, total=total))
    series = [(_("In time"), "done"), (_("Late"), "late")]
    return Figure(_("Time limit"), series, rows, empty=_("Nothing was due yet this month."))


def months_until(day: date, number: int) -> list[date]:
    """The first days of the last `number` months, that of `day` being the last."""
    first = day.year * 12 + day.month - number
    return [date((first + each) // 12, (first + each) % 12 + 1, 1) for each in range(number)]


def last_day_of(month: date) -> date:
    """The last day of the month that begins with this day."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _counts(user: User, months: list[date]) -> Counts:
    """How many deadlines that were due in these months until today were kept in time, and how many late.

    Those count that `user` answers for.
    """
    rows = (
        Deadline.objects.visible_to(user)
        .filter(rule__in=list(RULES), due_at__gte=begin_of(months[0]))
        .filter(until("due_at", clock.today()))
        .annotate(month=WhichMonth(F("due_at"), Value([begin_of(each) for each in months], output_field=MOMENTS)))
        .values("rule", "month")
        .annotate(kept=Count("pk", filter=kept_in_time()), late=Count("pk", filter=kept_late()))
        .order_by()
    )
    found: dict[tuple[str, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        if row["kept"] or row["late"]:
            found[row["rule"], months[row["month"] - 1]] = row["kept"], row["late"]
    return found


def _rules(counts: Counts) -> list[str]:
    """The rules of which there is anything, in the order in which the work goes."""
    known = {key for key, _month in counts}
    return [key for key in RULES if key in known]


def _share(key: str, month: date, counts: tuple[int, int] | None) -> Number | None:
    kept, late = counts or (0, 0)
    if not kept + late:
        return None
    percent = 100 * kept // (kept + late)
    tone = "done" if percent >= GOOD else "soon" if percent >= FAIR else "late"
    last = min(last_day_of(month), clock.today())
    asked = {"rule": key, "due_from": month.isoformat(), "due_until": last.isoformat()}
    return Number(percent, f"{percent} %", _address(asked), tone)


def _number(number: int, asked: dict[str, Any], tone: str = "active") -> Number:
    return Number(number, f"{number:,}", _address(asked) if number else "", tone)


def _address(asked: dict[str, Any]) -> str:
    return f"{reverse('deadlines')}?{urlencode(asked)}"
