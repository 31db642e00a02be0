"""Whom his owner calls after a delivery, and on which day: within the time limit, fairly over his days (KF 3.3.3)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils.timezone import localdate

from crm import clock
from crm.accounts.models import User
from crm.days import begin_of
from crm.deadlines.explain import preview
from customers.models import Channel, ContactEntry, Customer
from pickup.models import Delivery, Record
from satisfaction.visits.models import CALLED, Visit
from satisfaction.visits.planning import (
    Move,
    away,
    by_visitor,
    diaries,
    displaced,
    first_there,
    head_of_sales,
    spread,
    within,
    working_days,
)

LOOKED_BACK = timedelta(days=30)  # whose delivery is longer ago is not called about it any more
SPOKEN = (Channel.PHONE, Channel.WECHAT, Channel.VISIT, Channel.MEETING)
PLANNED, DROPPED = Visit.Status.PLANNED, Visit.Status.DROPPED

Call = tuple[Customer, User, date, datetime]  # who is called by whom, when, and the delivery that it is about


def uncalled(today: date) -> dict[int, datetime]:
    """Of each customer the first delivery since somebody spoke with him, unless a call is planned or was given up.

    He collected the goods, or they were brought to him; two queries.
    """
    handed = Record.objects.handovers()
    brought = Delivery.objects.filter(returns=None)
    first: dict[int, datetime] = {}
    for customer, at in (*_first(handed, "pickup__customer", today), *_first(brought, "order__customer", today)):
        first[customer] = min(at, first.get(customer, at))
    return first


def _first(rows: QuerySet[Any], customer: str, today: date) -> QuerySet[Any, tuple[int, datetime]]:
    """The keys of the customers of these rows whom nobody called yet, each with the moment of the first row."""
    visits = Visit.objects.filter(customer=OuterRef(customer))
    calls = visits.filter(occasion=Visit.Occasion.DELIVERY)
    rows = rows.filter(
        ~Exists(talks_of(OuterRef(customer), OuterRef("at"))),
        ~Exists(visits.filter(done_at__gt=OuterRef("at"))),
        ~Exists(calls.filter(status=PLANNED)),
        ~Exists(calls.filter(status=DROPPED, dropped_at__gt=OuterRef("at"))),
        at__range=(begin_of(today - LOOKED_BACK), clock.now()),
    )
    return rows.order_by().values_list(customer).annotate(first=Min("at"))


def to_call(today: date) -> Iterator[tuple[Customer, User, datetime, date]]:
    """Each customer who is to be called, by whom, after which delivery, and the last day in time.

    Whom the visit of the quarter reaches in time is not called beside it, and nobody whose time is over already.
    """
    delivered = uncalled(today)
    visits = Visit.objects.filter(customer__in=list(delivered), status=PLANNED, planned_on__gte=today)
    visited = dict(visits.order_by().values_list("customer").annotate(first=Min("planned_on")))
    rows, head = Customer.objects.filter(pk__in=list(delivered)), head_of_sales()
    for customer in rows.select_related("owner__department").order_by("pk"):
        caller, at = first_there(customer.owner, head), delivered[customer.pk]
        due = preview(CALLED, caller.department_id, customer.tier, start=at) if caller else None
        if caller is None or due is None:
            continue
        last = localdate(due)
        if last >= today and not (customer.pk in visited and visited[customer.pk] <= last):
            yield customer, caller, at, last


def plan_calls(today: date) -> list[Call]:
    """A day for each of them: the emptiest of his caller's that is in time.

    Where his caller is away until then it is a day on which the company works, for his deputy sees it.
    """
    wanted = sorted(to_call(today), key=lambda each: (each[3], each[0].pk))
    if not wanted:
        return []
    last_of_all = wanted[-1][3]
    diary = diaries({caller for _customer, caller, _at, _last in wanted}, today, last_of_all)
    found, worked = [], working_days(today, last_of_all)
    for customer, caller, at, last in wanted:
        days, busy = diary[caller.pk]
        if day := emptiest(days, busy, last) or emptiest(worked, busy, last):
            found.append((customer, caller, day, at))
    return found


def emptiest(days: Iterable[date], busy: Counter[date], last: date) -> date | None:
    """The emptiest of these days until `last`, the earliest of equals, which is one visit fuller from then on."""
    in_time = [day for day in days if day <= last]
    if not in_time:
        return None
    day = spread(1, in_time, busy)[0]
    busy[day] += 1
    return day


def moves(today: date) -> list[Move]:
    """The calls that cannot be as they are planned, each with who makes it instead, and when: in time where he can.

    Whose caller is away until its last day stays where it is, for his deputy sees it. What was missed so is made on the
    first day on which he is there again.
    """
    found = by_visitor(displaced().filter(occasion=Visit.Occasion.DELIVERY))
    planned = [each for calls in found.values() for each in calls]
    if not planned:
        return []
    due = {each.pk: each.due_on for each in planned}
    diary = diaries(found.keys(), today, max(today, *due.values()) + LOOKED_BACK)
    absences, result = away(found.keys(), min(each.planned_on for each in planned)), []
    for owner, calls in found.items():
        days, busy = diary[owner.pk]
        for call in calls:
            day = call.planned_on
            if within(day, absences[owner.pk]):
                otherwise = days[0] if days and day < today else day
                day = emptiest(days, busy, due[call.pk]) or otherwise
            if (owner, day) != (call.owner, call.planned_on):
                result.append((call, owner, day))
    return result


def talks_of(customer: Any, since: Any) -> QuerySet[ContactEntry]:
    """What the contact log says was spoken with a customer since a moment, the first first."""
    return ContactEntry.objects.filter(customer=customer, channel__in=SPOKEN, at__gt=since).order_by("at", "pk")


def spoken() -> QuerySet[Visit]:
    """The calls that are still planned though somebody has spoken with the customer since."""
    talks = talks_of(OuterRef("customer"), OuterRef("delivered_at"))
    calls = Visit.objects.filter(Exists(talks), occasion=Visit.Occasion.DELIVERY, status=PLANNED)
    return calls.select_related("customer", "owner").order_by("pk")
