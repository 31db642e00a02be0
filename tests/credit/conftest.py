"""A company that rates its customers: four ratings, those who assess and those who decide, on a Monday morning."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from crm import clock
from tests.world import MORNING, World


@pytest.fixture
def monday() -> Iterator[None]:
    """It is Monday morning, and nothing is kept of another test."""
    cache.clear()
    with clock.at(MORNING):
        yield


@pytest.fixture
def world(db: None, monday: None) -> World:
    return World()
