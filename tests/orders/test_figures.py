"""Figures of orders: exact numbers, the records behind each, within what one may see, in few queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline
from orders.figures import orders_by_owner, orders_by_state, orders_by_week
from orders.lists import ORDERS
from orders.models import Order, Territory
from tests.world import MORNING, World


def behind(url: str, user: User) -> int:
    path, _question, query = url.partition("?")
    assert path == "/orders/"
    return ORDERS.filtered(user, QueryDict(query)).count()


def made(world: World, **facts: object) -> Order:
    order = world.new_order()
    Order.objects.filter(pk=order.pk).update(**facts)
    return order


def test_orders_stand_in_the_week_in_which_they_were_received(world: World) -> None:
    made(world)
    made(world, received_at=MORNING.replace(hour=0, minute=0))  # Monday, the first moment of the week
    made(world, received_at=MORNING.replace(hour=0, minute=0) - timedelta(seconds=1), status="ready")
    made(world, received_at=MORNING - timedelta(weeks=11), status="closed")
    made(world, received_at=MORNING - timedelta(weeks=12), status="closed")
    made(world, received_at=MORNING - timedelta(weeks=1), status="cancelled")
    found = orders_by_week(world.root)
    assert (len(found.rows), found.rows[-1].label, found.rows[0].label) == (12, "11-23", "09-07")
    numbers = [[value.number for value in row.values] for row in found.rows]
    assert numbers[-1] == [2, 0, 0, 0]
    assert numbers[-2] == [0, 1, 0, 1]
    assert numbers[0] == [0, 0, 1, 0]
    assert sum(map(sum, numbers)) == 5
    for row in found.rows:
        for value in row.values:
            assert not value.number or behind(value.url, world.root) == value.number


def test_open_orders_stand_in_their_state_with_their_worth(world: World) -> None:
    first, second = made(world), made(world)
    made(world, status="ready", total=Decimal("10.50"))
    made(world, status="closed")
    found = orders_by_state(world.root)
    assert [(row.label, row.values[0].number) for row in found.rows] == [("In review", 2), ("Goods ready", 1)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert found.rows[0].more[0].number == first.total + second.total
    assert found.rows[1].total == "1 · ¥10.50"
    assert [behind(row.values[0].url, world.root) for row in found.rows] == [2, 1]


def test_each_owner_stands_with_his_orders_his_room_and_what_is_late(world: World) -> None:
    order = world.allocated()
    Order.objects.filter(pk=order.pk).update(owner=world.alice)
    made(world, status="confirmed", owner=world.alice)
    made(world, status="ready", owner=world.bob)
    made(world, status="signed_off", owner=world.bob)
    Territory.objects.create(user=world.alice, capacity=7)
    Deadline.objects.all().delete()
    facts = {"rule": "order.accept", "started_at": clock.now(), "warn_at": clock.now(), "responsible": world.alice}
    Deadline.objects.create(due_at=clock.now() - timedelta(minutes=1), subject_pk=1, **facts)
    Deadline.objects.create(due_at=clock.now() + timedelta(minutes=1), subject_pk=2, **facts)
    found = orders_by_owner(world.root)
    told = [(row.label, [value.number for value in row.values], row.mark, row.total) for row in found.rows]
    assert told == [("Alice", [1, 1, 0, 0], 7, "2, late: 1"), ("Bob", [0, 0, 1, 0], None, "1")]
    assert [behind(value.url, world.root) for value in found.rows[0].values if value.number] == [1, 1]
    assert found.rows[0].more[0].url == f"/deadlines/?responsible={world.alice.pk}&kept=late&tab=late"


@pytest.mark.parametrize("figure", [orders_by_week, orders_by_state, orders_by_owner])
def test_one_sees_figures_of_what_one_may_see(world: World, figure: object) -> None:
    made(world, status="confirmed", owner=world.alice, department=world.sales)
    found = {user.username: figure(user) for user in (world.alice, world.bob, world.charlie, world.boss)}
    sums = {
        name: sum(value.number for row in each.rows for value in row.values if value) for name, each in found.items()
    }
    assert sums == {"alice": 1, "bob": 0, "charlie": 0, "boss": 1}


@pytest.mark.parametrize(("figure", "number"), [(orders_by_week, 1), (orders_by_state, 1), (orders_by_owner, 3)])
def test_the_number_of_queries_is_fixed(world: World, figure: object, number: int) -> None:
    for each in range(6):
        made(world, status="confirmed", owner=world.root, received_at=MORNING - timedelta(weeks=each))
    with CaptureQueriesContext(connection) as queries:
        figure(world.root)
    assert len(queries) == number
