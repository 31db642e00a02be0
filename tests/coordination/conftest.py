"""The small company of tests/world.py on a Monday morning."""

from collections.abc import Iterator

import pytest

from crm import clock
from tests.world import MORNING, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything that a test asks for is made at half past nine, and the test runs then."""
    with clock.at(MORNING):
        yield World()
