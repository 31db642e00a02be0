"""How often the database is asked: as often for ten lines as for three, at every step of a pickup."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.postgresql.base import name_of
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.stock import actions as stock
from pickup.stock import statements
from tests.api.conftest import Api
from tests.world import SIGNATURE, World

SIGNED = {"identity": "id_seen", "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}


def order_of(world: World, number: int) -> Order:
    """A confirmed order of so many lines, of goods that lie in two batches each."""
    products = [world.new_product(f"Q{number}-{each}") for each in range(number)]
    for batch in ("B1", "B2"):
        goods = [{"product": each, "quantity": Decimal(3), "batch": batch} for each in products]
        stock.receive_goods(by=world.root, warehouse=world.warehouse, lines=goods)
    return world.confirmed(
        lines=[
            {"product": each, "quantity": Decimal(4), "unit": world.piece, "factor": Decimal(1)} for each in products
        ]
    )


def ready(world: World, number: int) -> Order:
    return pickup.check_stock(order_of(world, number), by=world.root, warehouse=world.warehouse)


def told(world: World, number: int) -> Pickup:
    return pickup.send_notice(
        pickup.plan_pickup(ready(world, number), by=world.root, window=world.window()), by=world.root
    )


def handed_over(world: World, number: int) -> Pickup:
    found = told(world, number)
    pickup.hand_over(found, by=world.clerk, identity="id_seen")
    return found


def asked(what: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        what()
    return [each["sql"] for each in queries.captured_queries]


def test_a_handover_by_rest_asks_as_often_for_ten_lines_as_for_three(world: World) -> None:
    rows = [told(world, number) for number in (1, 3, 10)]  # the first warms what is kept in the process
    api = Api(world.clerk)

    def hand_over(row: Pickup) -> None:
        assert api.post(f"pickups/{row.pk}/pickup.hand_over/", SIGNED).status_code == 201

    _first, three, ten = [asked(lambda row=row: hand_over(row)) for row in rows]
    assert len(three) == len(ten) == 56, "\n".join(ten)
    locks = [each for each in ten if "FOR NO KEY UPDATE OF stock" in each or name_of(statements.HELD) in each]
    assert len(locks) == 1


@pytest.mark.parametrize(
    ("begin", "step", "most"),
    [
        (order_of, lambda row, world: pickup.check_stock(row, by=world.root, warehouse=world.warehouse), 24),
        (ready, lambda row, world: pickup.plan_pickup(row, by=world.root, window=world.window(), notify=True), 50),
        (ready, lambda row, world: pickup.release_stock(row, by=world.root, reason="x"), 20),
        (handed_over, lambda row, world: pickup.reverse_later(row, by=world.root, reason="x"), 44),
    ],
)
def test_a_step_asks_as_often_for_ten_lines_as_for_three(
    world: World, begin: Callable, step: Callable, most: int
) -> None:
    rows = [begin(world, number) for number in (1, 3, 10)]
    _first, three, ten = [asked(lambda row=row: step(row, world)) for row in rows]
    assert len(three) == len(ten) <= most, "\n".join(ten)
