"""Working days forth and back: how far a plan moves with its order."""

from datetime import date, timedelta

import pytest

from crm import clock
from crm.deadlines import basis
from orders import actions as orders
from orders.changes.plan import shifted, working_days
from orders.models import Order
from tests.changes.conftest import House
from tests.world import MORNING

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        (FRIDAY, MONDAY, 1),
        (MONDAY, FRIDAY, -1),
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2026, 11, 29), 0),
        (FRIDAY, date(2026, 12, 4), 5),
    ],
)
def test_working_days_between_two_days(house: House, first: date, last: date, number: int) -> None:
    assert working_days(basis.current().company, first, last) == number


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (FRIDAY, 1, MONDAY),
        (MONDAY, -1, FRIDAY),
        (date(2026, 11, 28), 1, MONDAY),
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 6, date(2026, 12, 7)),
    ],
)
def test_a_day_is_shifted_over_weekends(house: House, day: date, number: int, found: date) -> None:
    assert shifted(basis.current().company, day, number) == found


def test_nothing_is_shifted_into_the_past(house: House) -> None:
    order = house.order()
    steps = [{"name": "备料", "due_on": date(2026, 11, 24)}, {"name": "装配", "due_on": date(2026, 12, 2)}]
    orders.plan_order(order, by=house.seller, milestones=steps)
    house.applied(Order.objects.get(), lines=[], wanted_on=date(2026, 11, 26), shift_plan=True)  # five days earlier
    found = dict(order.milestones.values_list("name", "due_on"))
    assert found == {"备料": date(2026, 11, 23), "装配": date(2026, 11, 25)}


def test_a_step_that_is_late_already_stays_where_it_is(house: House) -> None:
    order = house.order()
    orders.plan_order(order, by=house.seller, milestones=[{"name": "备料", "due_on": date(2026, 11, 23)}])
    with clock.at(MORNING + timedelta(days=2)):
        house.applied(Order.objects.get(), lines=[], wanted_on=date(2026, 12, 1), shift_plan=True)
    assert order.milestones.get().due_on == date(2026, 11, 23)
