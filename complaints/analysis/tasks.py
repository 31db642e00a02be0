"""Recurring causes are pointed out to the departments, and the month's analysis to those who lead sales and company."""

from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.functional import lazy

from complaints import telling
from complaints.analysis.recurring import Pattern, patterns
from complaints.analysis.span import Span, month_before
from complaints.models import Cause, Complaint
from crm import clock
from crm.accounts.models import User
from crm.deadlines import basis
from crm.deadlines.one_by_one import one_by_one
from crm.deadlines.periodic import periodic
from crm.outbox import queue
from crm.outbox.models import Message

TOLD_OF_MONTHS = ("sales_manager", "executive")
EARLY, AFTER_THAT = time(7, 40), time(8, 5)


def point_out() -> int:
    """Tell the responsible heads of what came again; answers how many they were of. Harmless when it runs twice.

    Of each pattern once: as long as a complaint of which they were told is one of it, they are not told again.
    """
    found = patterns()
    keys = {pk for each in found for pk in each.complaints}
    told = set(
        Message.objects.filter(
            template="analysis.recurring",
            subject_type=ContentType.objects.get_for_model(Complaint),
            subject_pk__in=keys,
        ).values_list("subject_pk", flat=True)
    )
    return one_by_one([each for each in found if told.isdisjoint(each.complaints)], _tell_head)


@transaction.atomic
def _tell_head(pattern: Pattern) -> None:
    rows = Complaint.objects.select_related("responsible__head", "department__head", "customer")
    latest = rows.get(pk=pattern.complaints[0])
    heads = [each.head for each in (latest.responsible, latest.department) if each is not None and each.head]
    people = {each.pk: each for each in heads if each.is_active}
    telling.let_see(latest, users=people.values())
    for user in people.values():
        queue.notify(
            user,
            "analysis.recurring",
            about=latest,
            context={
                "cause": _in_each_language(lambda: pattern.cause.path),
                "goods": _in_each_language(lambda: pattern.goods),
                "number": pattern.number,
                "page": f"{settings.CRM_URL}{pattern.url}",
            },
            key=f"recurring-{pattern.cause.pk}-{latest.pk}",
        )


# A name that the message says in the language of each of its texts.
_in_each_language = lazy(lambda said: said(), str)


def first_working_day_is_there(today: date) -> bool:
    """Whether somebody works today, or has since the month began."""
    calendar = basis.current().company
    days = (today.replace(day=1) + timedelta(days=each) for each in range(today.day))
    return any(calendar.intervals(day) for day in days)


def tell_of_month() -> int:
    """Tell of the last month's analysis from the first working day on; answers how many were told.

    Harmless when it runs twice: each is told of a month once.
    """
    today = clock.today()
    if not first_working_day_is_there(today):
        return 0
    month = month_before(today)
    people = User.objects.working().filter(groups__name__in=TOLD_OF_MONTHS).distinct().order_by("pk")
    key = f"complaints-{month.first:%Y-%m}"
    told = queue.notified((user.pk, key) for user in people)
    return one_by_one([user for user in people if (user.pk, key) not in told], lambda user: _tell(user, month, key))


@transaction.atomic
def _tell(user: User, month: Span, key: str) -> None:
    rows = month.complaints(user)
    causes = rows.exclude(cause=None).values_list("cause").annotate(number=Count("pk")).order_by("-number", "cause")
    most: Any = causes.first()
    cause = Cause.objects.select_related("parent").get(pk=most[0]) if most else None
    page = f"{reverse('complaints-analysis')}?{urlencode(month.query)}"
    queue.notify(
        user,
        "analysis.monthly",
        about=None,
        context={
            "month": f"{month.first:%Y-%m}",
            "number": rows.count(),
            "before": month_before(month.first).complaints(user).count(),
            "cause": _in_each_language(lambda: cause.path) if cause else "",
            "recurring": len(patterns(Complaint.objects.visible_to(user))),
            "page": f"{settings.CRM_URL}{page}",
        },
        key=key,
    )


periodic("analysis.recurring", at=EARLY)(point_out)
periodic("analysis.monthly", at=AFTER_THAT)(tell_of_month)
