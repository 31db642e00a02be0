"""How departments help each other: requests answered in time."""

from collections import Counter, defaultdict
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.days import begin_of
from crm.deadlines.filters import IN_TIME, LATE, kept_in_time, kept_late
from crm.deadlines.models import Deadline
from crm.reports.charts import BARS, Figure, Row, Value, report

DAYS = 90
RULE = "assist.answer"


@report(
    "help-answered",
    gettext_lazy("Requests for help answered, by department"),
    definition=gettext_lazy(
        "Requests for help with orders that were to be answered in the last ninety days, by the department that was"
        " asked: answered in time, or later or still open beyond their time."
    ),
    kind=BARS,
    right="deadlines.view_deadline",
    order=55,
)
def help_answered(user: User) -> Figure:
    """Each department's answers, in time and late; two queries."""
    first = clock.today() - timedelta(days=DAYS)
    rows = Deadline.objects.visible_to(user).filter(
        rule=RULE, due_at__gte=begin_of(first), due_at__lt=clock.now(), department__isnull=False
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for name, kept in ((IN_TIME, kept_in_time()), (LATE, kept_late())):
        for department, number in rows.filter(kept).values_list("department").annotate(number=Count("pk")).order_by():
            counts[department][name] = number
    names = {each.pk: str(each) for each in Department.objects.filter(pk__in=counts)}
    found = []
    for department in sorted(counts, key=lambda pk: (-counts[pk][LATE], -counts[pk].total(), names[pk])):
        asked = {"rule": RULE, "department": department, "due_from": first.isoformat()}
        values = [
            _number(counts[department][kept], {**asked, "kept": kept}, tone)
            for kept, tone in ((IN_TIME, "done"), (LATE, "late"))
        ]
        late, number = counts[department][LATE], counts[department].total()
        total = _("%(late)s of %(number)s late") % {"late": late, "number": number} if late else str(number)
        found.append(Row(names[department], values, total=total))
    series = [(_("In time"), "done"), (_("Late"), "late")]
    return Figure(_("Department"), series, found, empty=_("No department was asked for help in these days."))


def _number(number: int, asked: dict[str, object], tone: str) -> Value:
    return Value(number, f"{number:,}", f"{reverse('deadlines')}?{urlencode(asked)}" if number else "", tone)
