"""Figures of feedback: how much of it is adopted, and how long departments take to answer."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.feedback.models import Feedback
from crm import clock
from crm.accounts.models import Department, User
from crm.days import begin_of
from crm.deadlines.models import Deadline
from crm.deadlines.taken import days, days_bar, taken_by
from crm.reports.charts import BARS, Figure, Row, Value, report

DAYS = 365
ANSWER = "feedback.answer"
V = Feedback.Verdict
JUDGED = ((V.ADOPTED, "done"), (V.PARTLY, "soon"), (V.DECLINED, "neutral"))


@report(
    "feedback-adopted",
    gettext_lazy("Suggestions adopted, by department"),
    definition=gettext_lazy(
        "Feedback received in the last 365 days on which a department gave a verdict: adopted, adopted in part, or not"
        " adopted. The share counts what was adopted, also in part; answers to praise, questions and grumbles are left"
        " out."
    ),
    kind=BARS,
    right="feedback.view_feedback",
    order=64,
)
def feedback_adopted(user: User) -> Figure:
    """Each department's verdicts of a year; two queries."""
    since = clock.today() - timedelta(days=DAYS)
    rows = Feedback.objects.visible_to(user).filter(received_at__gte=begin_of(since), concerned__isnull=False)
    rows = rows.filter(verdict__in=[verdict for verdict, _tone in JUDGED])
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    grouped = rows.values_list("concerned", "verdict").annotate(number=Count("pk")).order_by()
    for department, verdict, number in grouped:
        counts[department][verdict] = number
    names = _names(counts)
    found = []
    for department in sorted(counts, key=lambda pk: (-counts[pk].total(), names[pk])):
        asked = {"concerned": department, "received_from": since.isoformat()}
        numbers = counts[department]
        values = [_number(numbers[verdict], {**asked, "verdict": verdict}, tone) for verdict, tone in JUDGED]
        share = round(100 * (numbers.total() - numbers[V.DECLINED]) / numbers.total())
        total = _("%(share)s %% of %(number)s") % {"share": share, "number": numbers.total()}
        found.append(Row(names[department], values, total=total, more=[Value(share, f"{share} %")]))
    series = [(str(verdict.label), tone) for verdict, tone in JUDGED]
    return Figure(
        _("Department"), series, found, more=[_("Share adopted, %")], empty=_("No department gave a verdict yet.")
    )


@report(
    "feedback-answered",
    gettext_lazy("Time to answer feedback, by department"),
    definition=gettext_lazy(
        "How long departments took to answer feedback that they received in the last 365 days, and how long they were"
        " allowed: the median, in days by the clock with nights and holidays in both. What was sent back is left out,"
        " for the time begins anew with the next department."
    ),
    kind=BARS,
    right="deadlines.view_deadline",
    order=65,
)
def feedback_answered(user: User) -> Figure:
    """The median of each department beside that of its limit; two queries."""
    since = clock.today() - timedelta(days=DAYS)
    rows = Deadline.objects.visible_to(user).filter(rule=ANSWER, started_at__gte=begin_of(since))
    found = taken_by(rows.filter(department__isnull=False), "department")
    names = _names(found)
    bars = []
    for department in sorted(found, key=lambda pk: (-days(found[pk]["took"]), names[pk])):
        url = f"{reverse('deadlines')}?{urlencode({'rule': ANSWER, 'department': department})}"
        bars.append(days_bar(names[department], found[department], url))
    return Figure(
        _("Department"),
        [(_("Days taken"), "active")],
        bars,
        more=[_("Cases"), _("Late")],
        mark=_("Days allowed"),
        empty=_("No department has answered yet."),
    )


def _names(found: Any) -> dict[int, str]:
    return {each.pk: str(each) for each in Department.objects.filter(pk__in=list(found))}


def _number(number: int, asked: dict[str, Any], tone: str) -> Value:
    return Value(number, f"{number:,}", f"{reverse('feedbacks')}?{urlencode(asked)}" if number else "", tone)
