"""The demonstration's return visits of three quarters, and calls after deliveries: made, not reached, still to come."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from complaints.models import Category
from crm import clock
from crm.accounts.models import User
from crm.reports.demo import Demo, Story, chapter
from crm.via import Door, Via, through
from customers.models import Channel, Customer
from satisfaction.choosing import collected_since
from satisfaction.scoring import Level
from satisfaction.visits import actions as verbs
from satisfaction.visits.calls import plan_calls
from satisfaction.visits.models import quarter_of
from satisfaction.visits.planning import A_YEAR, spread, working_days

QUARTERS = 3
VISITED, FEWEST = 45, 8  # customers in each quarter, and in a small demonstration
PLANNED_AT, FIRST_CALL = time(4, 40), time(9, 20)
NOT_REACHED, GIVEN_UP, LOST = 3, 5, 7  # of each 16: reached the second time, not visited, never reached
OF_EACH = 16
CALLED_SINCE, CALLS_PLANNED_AT = 20, time(4, 50)  # working days ago; calls after a delivery
SPOKEN_WITH = 15  # of each 16 calls whose day has come: made on it
NEWS = ("介绍了新款智能配电箱", "告知母线槽新规格到货", "")
QUESTIONS = ("问二次接线图，当天发邮件", "问质保期，答十二个月", "")
USES = ("用于二期厂房配电，运行正常", "现场安装顺利", "备件在库，尚未启用", "配电箱已全部上墙", "")
NEEDS = ("下季度需电缆约三千米", "计划增补动力柜四台", "近期无新需求", "询问应急灯新款", "")
WISHES = ("希望提前一天通知提货时间", "建议增加小包装", "对账单请发电子版", "", "", "")
COMPLAINS = "反映配电箱门板有磕碰，上次提货时没有当场发现"


class Planned(NamedTuple):
    """One visit: of which customer, by whom, on which day."""

    customer: int
    owner: int
    day: date


@chapter(95, "return visits", apart=True)
def visits(demo: Demo) -> Iterator[Story]:
    """Each customer's visit of a quarter, from the day on which the quarter was planned."""
    for back in reversed(range(QUARTERS)):
        planned = demo.once(f"visits-{back}", partial(_quarter, back=back))
        complains = _last_made(demo, planned) if back == 0 else None
        for number, each in enumerate(planned):
            first = _first_day(demo, back)
            begins = demo.calendar.moment(first, PLANNED_AT) + timedelta(seconds=number)
            chance = demo.random(f"visit-{back}-{number}")
            tell = partial(_visit, demo, number, each, chance, complains=number == complains)
            yield Story(f"visit-{back}-{number}", begins, tell)


@chapter(94, "calls after deliveries")
def calls_after_deliveries(demo: Demo) -> Iterator[Story]:
    """Of each working day of the last weeks the calls that were planned that night, and what came of them."""
    for back in range(CALLED_SINCE, -1, -1):
        day = demo.day(-back)
        begins = demo.calendar.moment(day, CALLS_PLANNED_AT)
        if begins < demo.now:
            yield Story(f"calls-{back}", begins, partial(_calls, demo, day))


def _calls(demo: Demo, day: date) -> None:
    with demo.at(demo.calendar.moment(day, CALLS_PLANNED_AT)):
        planned = plan_calls(day)
    for customer, owner, planned_on, delivered_at in planned:
        chance = demo.random(f"call-{customer.pk}-{day}")
        with demo.at(demo.calendar.moment(day, CALLS_PLANNED_AT)), through(Via(door=Door.TASK)):
            by = User.objects.system("clock")
            call = verbs.plan_visit(customer, by=by, owner=owner, planned_on=planned_on, delivered_at=delivered_at)
        moment = _moment(demo, planned_on, chance)
        if moment < demo.now and chance.randrange(OF_EACH) < SPOKEN_WITH:
            with demo.at(moment):
                said = _heard(customer, chance, complains=False)
                said |= {"news": chance.choice(NEWS), "questions": chance.choice(QUESTIONS)}
                verbs.record_visit(call, by=demo.user(owner.pk), **said)


def _first_day(demo: Demo, back: int) -> date:
    """The first day of the quarter, so many quarters ago."""
    quarter = quarter_of(demo.today)
    for _each in range(back):
        quarter = quarter_of(quarter - timedelta(days=1))
    return quarter


def _quarter(demo: Demo, back: int) -> list[Planned]:
    """Some pickup customers who were there by then, spread over the days of their owners."""
    first = _first_day(demo, back)
    with clock.at(demo.calendar.moment(first, PLANNED_AT)):
        there = Customer.objects.filter(created_at__lt=clock.now(), owner__is_active=True)
        rows = list(there.filter(collected_since(first - A_YEAR)).order_by("pk").values_list("pk", "owner"))
    number = max(demo.some(VISITED), FEWEST)
    chosen = rows[back % 2 :: max(1, len(rows) // number)][:number]
    owners: dict[int, list[int]] = defaultdict(list)
    for customer, owner in chosen:
        owners[owner].append(customer)
    days, found = working_days(first), []
    for owner, customers in owners.items():
        spread_out = spread(len(customers), days, Counter())
        found += [Planned(customer, owner, day) for customer, day in zip(customers, spread_out, strict=True)]
    return sorted(found, key=lambda each: each.customer)


def _last_made(demo: Demo, planned: list[Planned]) -> int | None:
    """The latest visit at which the customer was reached at once, before today."""
    unlike = (NOT_REACHED, GIVEN_UP, LOST)
    past = [number for number, each in enumerate(planned) if each.day < demo.today and number % OF_EACH not in unlike]
    return max(past, key=lambda number: planned[number].day, default=None)


def _visit(demo: Demo, number: int, planned: Planned, chance: Random, *, complains: bool) -> None:
    customer, owner = Customer.objects.get(pk=planned.customer), demo.user(planned.owner)
    with through(Via(door=Door.TASK)):
        visit = verbs.plan_visit(customer, by=User.objects.system("clock"), owner=owner, planned_on=planned.day)
    moment, what = _moment(demo, planned.day, chance), number % OF_EACH
    if moment >= demo.now:
        return
    if what == GIVEN_UP:
        with demo.at(moment):
            verbs.drop_visit(visit, by=owner, reason="客户停产，本季不回访")
        return
    for again in range(2 if what == LOST else 1 if what == NOT_REACHED else 0):
        later = min(planned.day + timedelta(days=2 * (again + 1)), visit.due_on)
        with demo.at(moment):
            verbs.note_not_reached(visit, by=owner, planned_on=later)
        moment = _moment(demo, later, chance)
    if what == LOST or moment >= demo.now:
        return
    with demo.at(moment):
        verbs.record_visit(visit, by=owner, **_heard(customer, chance, complains=complains))
    if complains:
        with demo.at(demo.ago(1)):
            verbs.complain_from_visit(visit, by=owner, category=Category.APPEARANCE)


def _moment(demo: Demo, day: date, chance: Random) -> datetime:
    return demo.calendar.moment(day, FIRST_CALL) + timedelta(minutes=chance.randrange(420))


def _heard(customer: Customer, chance: Random, *, complains: bool) -> dict[str, Any]:
    """What the customer says, and by which way."""
    levels = (Level.VERY_SATISFIED, Level.SATISFIED, Level.FAIR, Level.NOT_SATISFIED)
    return {
        "channel": chance.choice([Channel.PHONE, Channel.PHONE, Channel.VISIT]),
        "contact": customer.contacts.order_by("pk").first(),
        "level": Level.NOT_SATISFIED if complains else chance.choices(levels, (45, 40, 12, 3))[0],
        "use": chance.choice(USES),
        "needs": chance.choice(NEEDS),
        "suggestions": COMPLAINS if complains else chance.choice(WISHES),
    }
