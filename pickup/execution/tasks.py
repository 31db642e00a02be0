"""Reports are drafted by themselves: a working day's in its evening, what else moved and the month's after midnight."""

from datetime import date, time, timedelta

from django.db.models import Q
from django.utils import timezone

from crm import clock
from crm.accounts.system import system_user
from crm.days import begin_of
from crm.deadlines import basis
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from crm.deadlines.periods import period
from orders.models import Payment
from pickup.execution.actions import draft_report
from pickup.execution.models import Report
from pickup.execution.reckoning import GOODS
from pickup.stock.models import Movement

EVENING, AFTER_MIDNIGHT = time(18, 30), time(0, 20)
MADE_UP = 31  # days that are looked back at, where the clock stood still
K = Report.Kind


def draft_reports() -> int:
    """Draft what is missing since the last report; answers how many. Harmless when it runs twice.

    Each day's report says what came after the one before it, so a day that fails stops the later ones, and the job is
    tried again soon; the month's does not wait for it.
    """
    by, drafted = system_user("execution"), 0
    month = period("month", clock.today())[0] - timedelta(days=1)
    if not Report.objects.filter(kind=K.MONTHLY, first=month.replace(day=1)).exists():
        drafted += one_by_one([month], lambda day: draft_report(by=by, kind=K.MONTHLY, day=day))
    for day in _days_without():
        draft_report(by=by, kind=K.DAILY, day=day)
        drafted += 1
    return drafted


def _days_without() -> list[date]:
    """The days that are to have a report and have none: those on which somebody worked or something moved."""
    today, calendar = clock.today(), basis.current().company
    last = Report.objects.filter(kind=K.DAILY).order_by("-last").values_list("last", flat=True).first()
    day = max(last + timedelta(days=1), today - timedelta(days=MADE_UP)) if last else today - timedelta(days=1)
    found = []
    while day <= today:
        evening = day < today or timezone.localtime(clock.now()).time() >= EVENING
        if evening and (calendar.intervals(day) or (day < today and something_moved(day))):
            found.append(day)
        day += timedelta(days=1)
    return found


def something_moved(day: date) -> bool:
    """Whether goods left or came back, or money was entered, on a day."""
    begin, end = begin_of(day), begin_of(day + timedelta(days=1))
    within = Q(at__gte=begin, at__lt=end)
    if Movement.objects.filter(within, kind__in=GOODS, line__isnull=False).exists():
        return True
    return Payment.objects.filter(entered_at__gte=begin, entered_at__lt=end).exists()


periodic("execution.evening", at=EVENING)(draft_reports)
periodic("execution.midnight", at=AFTER_MIDNIGHT)(draft_reports)
