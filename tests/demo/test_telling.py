"""Several processes tell the demonstration at once: the same stories, each once, and books that agree."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from crm import clock
from crm.deadlines.check import check
from crm.records.models import RequestKey
from crm.reports import demo, telling
from customers.models import Customer
from orders.models import Order
from pickup.models import Pickup
from pickup.stock.ledger import disagreements

TUESDAY = datetime(2026, 11, 24, 10, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
SCALE = 0.03

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(telling.usual_number() == 1, reason="only Linux ties a fork to its parent"),
]


@pytest.fixture(autouse=True)
def tuesday(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path, OUTBOX_TEST_MODE=True), clock.at(TUESDAY):
        yield


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small company is worth several processes, too."""
    monkeypatch.setattr(demo, "FEW", 1)


def keys() -> set[str]:
    return set(RequestKey.objects.filter(scope=demo.SCOPE).values_list("key", flat=True))


@pytest.mark.long
def test_the_same_stories_are_told_each_once() -> None:
    said: list[str] = []
    number = demo.tell(SCALE, said.append, processes=3)
    told = keys()
    listed = {story.key for each in demo.CHAPTERS for story in each.stories(demo.Demo(SCALE))}
    assert number == len(told)
    assert listed <= told
    # they are about what is not settled, or verified, yet
    assert {key.partition("-")[0] for key in told - listed} <= {"settlement", "verification"}
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status.values)
    assert Pickup.objects.filter(status=Pickup.Status.HANDED_OVER).exists()
    assert check(mend=False) == {}
    assert disagreements() == []
    assert demo.tell(SCALE, said.append, processes=3) == 0
    assert any(line.startswith("inquiries, orders, pickups: ") for line in said)


@pytest.mark.long
def test_what_a_killed_process_leaves_is_told_by_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first = os.getpid()

    def dying(self: Any) -> None:
        if os.getpid() != first and self.key.startswith("customer-"):
            os.kill(os.getpid(), signal.SIGKILL)
        self.tell()

    monkeypatch.setattr(demo.Story, "__call__", dying)
    said: list[str] = []
    demo.tell(SCALE, said.append, processes=2)
    assert Customer.objects.filter(pk__isnull=False).count() >= round(210 * SCALE)
    assert {key for key in keys() if key.startswith("customer-")} == {f"customer-{number}" for number in range(6)}
    assert check(mend=False) == {}


def test_an_error_in_a_story_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Any) -> None:
        if self.key == "customer-3":
            raise RuntimeError("nobody of that name")
        self.tell()

    monkeypatch.setattr(demo.Story, "__call__", failing)
    with pytest.raises(RuntimeError, match="nobody of that name"):
        demo.tell(SCALE, lambda line: None, processes=2)
    assert {key for key in keys() if key.startswith("customer-")} == {
        f"customer-{number}" for number in (0, 1, 2, 4, 5)
    }
