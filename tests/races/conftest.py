"""Real transactions, real threads: what happens when several people do something at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from crm import clock
from crm.refusals import Refused
from tests.world import MORNING, World


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls answer, each in a thread of its own, begun together; a refusal is answered as its code."""
    together = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            with clock.at(MORNING):
                together.wait(timeout=60)
                return call()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result(timeout=120) for future in [threads.submit(run, call) for call in calls]]
