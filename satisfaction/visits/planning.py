"""Which customers are visited this quarter, and on which days: fairly over the days that their owners work."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from crm import clock
from crm.accounts.models import Absence, User
from crm.deadlines import basis
from customers.models import Customer
from satisfaction.choosing import collected_since
from satisfaction.visits.models import Visit, last_day, quarter_of

A_YEAR = timedelta(days=365)


def to_visit(today: date) -> list[Customer]:
    """The customers with an owner who collected goods within a year, and have no visit in this quarter."""
    planned = Visit.objects.filter(customer=OuterRef("pk"), quarter=quarter_of(today))
    rows = Customer.objects.filter(collected_since(today - A_YEAR), ~Exists(planned), owner__is_active=True)
    return list(rows.select_related("owner__department").order_by("pk"))


def working_days(today: date) -> list[date]:
    """The days of this quarter from today on, on which the company works."""
    calendar, end = basis.current().company, last_day(quarter_of(today))
    days = (today + timedelta(days=number) for number in range((end - today).days + 1))
    return [day for day in days if calendar.intervals(day)]


def away(owners: Iterable[User]) -> dict[int, list[tuple[date, date]]]:
    """When each of them is absent; one query."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Absence.objects.filter(user__in=list(owners), ended_at=None, last_day__gte=clock.today())
    for user, first, last in rows.values_list("user", "first_day", "last_day"):
        found[user].append((first, last))
    return found


def spread(number: int, days: Sequence[date], busy: Counter[date]) -> list[date]:
    """A day for each of so many visits: the emptiest first, the earliest among equals, and then in their order."""
    load, chosen = Counter({day: busy[day] for day in days}), []
    for place in range(number):
        least = min(load.values())
        free = [day for day in days if load[day] == least]
        # Among equals evenly over what is left of the quarter, instead of all in its first weeks.
        day = free[place * len(free) // number]
        load[day] += 1
        chosen.append(day)
    return sorted(chosen)


def plan(today: date) -> list[tuple[Customer, User, date]]:
    """Each customer who is to be visited, with his owner and the day."""
    found: dict[User, list[Customer]] = defaultdict(list)
    for customer in to_visit(today):
        if customer.owner is not None:
            found[customer.owner].append(customer)
    days, absent, result = working_days(today), away(found), []
    rows = Visit.objects.filter(owner__in=list(found), status=Visit.Status.PLANNED, planned_on__gte=today)
    busy: dict[int, Counter[date]] = defaultdict(Counter)
    for owner_id, day in rows.values_list("owner", "planned_on"):
        busy[owner_id][day] += 1
    for owner, customers in found.items():
        there = [day for day in days if not any(first <= day <= last for first, last in absent[owner.pk])]
        if chosen := there or days:
            planned = spread(len(customers), chosen, busy[owner.pk])
            result += [(customer, owner, day) for customer, day in zip(customers, planned, strict=True)]
    return result
