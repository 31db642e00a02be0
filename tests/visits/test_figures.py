"""How far each owner is with the return visits of the quarter, within what the reader may see."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from customers import actions as customers
from satisfaction.visits import actions
from satisfaction.visits.figures import visits_by_owner
from satisfaction.visits.models import Visit
from tests.visits.test_visits import FACTS
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small company on a Monday morning."""
    with clock.at(MORNING):
        yield World()


def planned(world: World, owner: User, number: int) -> list[Visit]:
    by, found = User.objects.system("clock"), []
    for each in range(number):
        made = customers.create_customer(by=world.root, code="", name=f"{owner}的客户{each}", owner=owner, **FACTS)
        found.append(actions.plan_visit(made, by=by, owner=owner, planned_on=clock.today()))
    return found


def rows_of(user: User) -> dict[str, list[Any]]:
    return {
        row.label: [value.number for value in (*row.values, *row.more) if value is not None]
        for row in visits_by_owner(user).rows
    }


def test_each_owner_has_what_is_recorded_to_be_made_not_made_and_not_reached(
    world: World, django_assert_num_queries: Any
) -> None:
    one, other, third, fourth = planned(world, world.alice, 4)
    planned(world, world.bob, 1)
    actions.record_visit(one, by=world.root, channel="phone", level="satisfied")
    actions.note_not_reached(other, by=world.root, planned_on=date(2026, 12, 1))
    actions.drop_visit(third, by=world.root, reason="已停止合作")
    assert fourth.status == "planned"
    with django_assert_num_queries(2):
        found = rows_of(world.root)
    assert found == {
        world.alice.display_name: [1, 2, 1, 1, 25],
        world.bob.display_name: [0, 1, 0, 0, 0],
    }
    assert rows_of(world.alice) == {world.alice.display_name: [1, 2, 1, 1, 25]}
    [row] = visits_by_owner(world.alice).rows
    assert row.total == "25 % of 4 visits"
    client = Client()
    client.force_login(world.root)
    missed = row.more[0]
    assert missed is not None
    page = client.get(missed.url).content.decode()
    assert [each.number for each in (one, other, third, fourth) if each.number in page] == [other.number]


def test_the_visits_of_another_quarter_are_left_out(world: World) -> None:
    planned(world, world.alice, 1)
    with clock.at(MORNING.replace(year=2027, month=1, day=4)):
        assert rows_of(world.root) == {}
