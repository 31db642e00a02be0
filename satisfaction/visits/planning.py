"""Which customers are visited this quarter, by whom and when: fairly over the days on which their owners work."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints.parties import SALES
from crm.accounts.models import Absence, Department, User
from crm.deadlines import basis
from customers.models import Customer
from satisfaction.choosing import collected_since
from satisfaction.visits.models import Visit, last_day, quarter_of

A_YEAR = timedelta(days=365)
QUARTER = Visit.Occasion.QUARTER

Move = tuple[Visit, User, date]  # what is moved, who makes it, on which day


def to_visit(today: date) -> list[tuple[Customer, User]]:
    """The customers who collected goods within a year and have no visit in this quarter, with who visits them."""
    planned = Visit.objects.filter(customer=OuterRef("pk"), occasion=QUARTER, quarter=quarter_of(today))
    rows = Customer.objects.filter(collected_since(today - A_YEAR), ~Exists(planned))
    head = head_of_sales()
    found = [(each, first_there(each.owner, head)) for each in rows.select_related("owner__department").order_by("pk")]
    return [(customer, visitor) for customer, visitor in found if visitor is not None]


def first_there(*people: User | None) -> User | None:
    """The first of them who is still with the company."""
    return next((each for each in people if each is not None and each.is_active), None)


def head_of_sales() -> User | None:
    """Who visits the customers that nobody looks after, or nobody who is still there."""
    heads = Department.objects.filter(code=SALES).values("head")
    return User.objects.working().filter(pk__in=heads).select_related("department").first()


def working_days(today: date, end: date | None = None) -> list[date]:
    """The days from today until `end`, or the end of this quarter, on which the company works."""
    calendar, end = basis.current().company, end or last_day(quarter_of(today))
    days = (today + timedelta(days=number) for number in range((end - today).days + 1))
    return [day for day in days if calendar.intervals(day)]


def away(owners: Iterable[User], since: date) -> dict[int, list[tuple[date, date]]]:
    """When each of them is, or was, absent from a day on; one query."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Absence.objects.filter(user__in=list(owners), ended_at=None, last_day__gte=since)
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


def diaries(
    owners: Collection[User], today: date, end: date | None = None
) -> dict[int, tuple[list[date], Counter[date]]]:
    """Of each of them the days until `end`, or of this quarter, on which he works, and his visits on each."""
    days, absent = working_days(today, end), away(owners, today)
    rows = Visit.objects.filter(owner__in=owners, status=Visit.Status.PLANNED, planned_on__gte=today)
    busy: dict[int, Counter[date]] = defaultdict(Counter)
    for owner_id, day in rows.values_list("owner", "planned_on"):
        busy[owner_id][day] += 1
    return {owner.pk: ([day for day in days if not within(day, absent[owner.pk])], busy[owner.pk]) for owner in owners}


def within(day: date, absences: Iterable[tuple[date, date]]) -> bool:
    """Whether a day lies in one of these absences."""
    return any(first <= day <= last for first, last in absences)


def plan(today: date) -> list[tuple[Customer, User, date]]:
    """Each customer who is to be visited, with who visits him and the day.

    Whoever is away for all that is left of the quarter has them spread over it nevertheless: his deputy sees them.
    """
    found: dict[User, list[Customer]] = defaultdict(list)
    for customer, visitor in to_visit(today):
        found[visitor].append(customer)
    diary, left, result = diaries(found.keys(), today), working_days(today), []
    for owner, customers in found.items():
        days, busy = diary[owner.pk]
        if chosen := days or left:
            planned = spread(len(customers), chosen, busy)
            result += [(customer, owner, day) for customer, day in zip(customers, planned, strict=True)]
    return result


def displaced() -> QuerySet[Visit]:
    """What cannot be as it is planned: its owner is away on the day, or has left, or the customer is another's."""
    absent = Absence.objects.filter(
        user=OuterRef("owner"),
        ended_at=None,
        first_day__lte=OuterRef("planned_on"),
        last_day__gte=OuterRef("planned_on"),
    )
    anothers = Q(customer__owner__is_active=True) & ~Q(customer__owner=F("owner"))
    rows = Visit.objects.filter(Exists(absent) | anothers | Q(owner__is_active=False), status=Visit.Status.PLANNED)
    return rows.select_related("customer__owner__department", "owner__department").order_by("planned_on", "pk")


def by_visitor(rows: Iterable[Visit]) -> dict[User, list[Visit]]:
    """Who makes which of these instead: the customer's owner, who made it until now, or the head of sales."""
    found: dict[User, list[Visit]] = defaultdict(list)
    head = head_of_sales()
    for visit in rows:
        if visitor := first_there(visit.customer.owner, visit.owner, head):
            found[visitor].append(visit)
    return found


def moves(today: date) -> list[Move]:
    """The visits of this quarter that cannot be as they are planned, each with who makes it instead, and when.

    A visit whose owner has no day left in the quarter stays where it is.
    """
    found = by_visitor(displaced().filter(occasion=QUARTER, quarter=quarter_of(today)))
    diary, absences, result = diaries(found.keys(), today), away(found.keys(), quarter_of(today)), []
    for owner, visits in found.items():
        stay = [each for each in visits if not within(each.planned_on, absences[owner.pk])]
        result += [(each, owner, each.planned_on) for each in stay]
        days, busy = diary[owner.pk]
        if days:
            moved = [each for each in visits if each not in stay]
            result += [(each, owner, day) for each, day in zip(moved, spread(len(moved), days, busy), strict=True)]
    return result
