"""The demonstration's customers of a branch: taken over from its own system, with the orders that they collected."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from crm.reports.demo import Demo, Story, chapter
from crm.reports.invented import mail, mobile, person
from customers import actions as customer_verbs
from customers.demo import AREAS, TRADES, name_of
from customers.models import Customer
from orders import actions as order_verbs
from orders import demo as tale
from orders.models import OrderType

TAKEN_OVER = 200
FEWEST = 24  # in a small demonstration, so that each way of answering occurs
NUMBERED_FROM = 300  # which no other company of the demonstration has
JULY = 7
VERIFIED = (15, 165)  # days ago
LATELY, OF_EACH = (20, 290), 3  # days ago, when one of each three customers collected once more


def julys(demo: Demo) -> tuple[date, date]:
    """The first working days of the last two Julys that are over, the earlier one first."""
    year = demo.today.year - (demo.today.month <= JULY)
    return _first_working_day(demo, year - 1), _first_working_day(demo, year)


def _first_working_day(demo: Demo, year: int) -> date:
    days = (date(year, JULY, number) for number in range(1, 32))
    return next(day for day in days if demo.calendar.intervals(day))


@chapter(91, "customers of the branch", apart=True)
def customers(demo: Demo) -> Iterator[Story]:
    """They were taken over some days before the first survey, and each has collected before it and after it."""
    first, _second = julys(demo)
    for number in range(max(demo.some(TAKEN_OVER), FEWEST)):
        chance = demo.random(f"branch-{number}")
        begins = demo.calendar.moment(first - timedelta(days=4 + number % 4), time(9, number % 60))
        yield Story(f"branch-{number}", begins, partial(_customer, demo, number, begins, chance))


def _customer(demo: Demo, number: int, begins: datetime, chance: Random) -> None:
    sellers = list(AREAS)
    owner = demo.user(sellers[number % len(sellers)])
    city = chance.choice(AREAS[owner.username])
    trade, industry, goods = chance.choice(TRADES)
    buyer = person(chance)
    contact = {"name": buyer, "title": "采购经理", "mobile": mobile(chance), "email": mail(buyer, chance)}
    customer = customer_verbs.create_customer(
        by=demo.people("sales_support")[number % 2],
        code="",
        name=name_of(NUMBERED_FROM + number, city, trade, chance),
        tier=chance.choices(["vip", "key", "regular"], [4, 14, 82])[0],
        owner=owner,
        region=city,
        industry=industry,
        source="分公司移交",
        usual_goods=goods,
        address="",
        contacts=[{**contact, "roles": ["buyer"]}],
    )
    customer_verbs.set_relation(customer, by=owner, relation=Customer.Status.ACTIVE)
    first, second = julys(demo)
    _take_over(demo, customer, begins, first - timedelta(days=chance.randrange(15, 330)), chance)
    later = first + timedelta(days=chance.randrange(20, (second - first).days - 15))
    _take_over(demo, customer, demo.calendar.moment(later, time(17)), later, chance)
    if number % OF_EACH == 0:
        lately = demo.today - timedelta(days=chance.randint(*LATELY))
        _take_over(demo, customer, demo.calendar.moment(lately, time(17)), lately, chance)
    with demo.at(demo.now - timedelta(days=chance.uniform(*VERIFIED))):
        customer_verbs.verify_customer(customer, by=owner, remarks="半年例行核对")


def _take_over(demo: Demo, customer: Customer, moment: datetime, collected: date, chance: Random) -> None:
    """An order that the branch has carried out by itself."""
    with demo.at(moment):
        order_verbs.take_over_order(
            by=demo.people("sales_support")[0],
            history=True,
            customer=customer,
            type=OrderType.objects.order_by("-code").first(),
            contact=None,
            reference=f"FG-{collected:%y%m}-{customer.pk:04d}",
            ordered_on=collected - timedelta(days=chance.randrange(5, 15)),
            wanted_on=collected,
            lines=tale.some_lines(demo, chance, chance.choice([1, 1, 2])),
        )
