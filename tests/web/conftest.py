"""The small company of tests/world.py on a Monday morning."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.accounts.models import User
from orders.models import Order
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Counts of tabs are kept for some seconds; no test sees those of another."""
    cache.clear()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(user)`: a browser in which somebody is signed in."""

    def sign_in(user: User, **headers: str) -> Client:
        client = Client(headers={"Accept-Language": "en", **headers})
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def many(world: World) -> Callable[[int], list[Order]]:
    """`many(120)`: so many submitted orders of one customer, totals 10, 20, 30 … and back again after ten."""

    def make(number: int) -> list[Order]:
        kind, customer = world.type, world.customer
        return Order.objects.bulk_create(
            Order(
                number=f"T{index:04}",
                type=kind,
                customer=customer,
                wanted_on=clock.today() + timedelta(days=index % 7),
                payment_terms="credit",
                applied_by=world.root,
                owner=world.root,
                status="submitted",
                total=Decimal(10 * (index % 10 + 1)),
            )
            for index in range(number)
        )

    return make
