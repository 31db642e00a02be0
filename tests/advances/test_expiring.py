"""After the last day the clock ends advances, each by itself, and asks no more of many that go on than of a few."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.deadlines.periodic import JOBS
from orders.advances import tasks
from orders.advances.models import Advance
from orders.models import Order
from tests.advances.conftest import Company
from tests.copies import copies

S = Advance.Status
AFTER = datetime(2026, 12, 2, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))  # the last day was the first


def granted(company: Company, number: int) -> list[Advance]:
    """So many advances under which goods may leave until the first of December, each of an order of its own."""
    pattern = company.granted() if not Advance.objects.exists() else Advance.objects.earliest("pk")
    at = Advance.objects.count()
    orders = copies(Order.objects.get(pk=pattern.order_id), number, number=lambda n: f"DD-{at + n}")
    return copies(pattern, number, number=lambda n: f"YF-{at + n}", order=lambda n: orders[n])


def asked() -> int:
    with CaptureQueriesContext(connection) as queries:
        JOBS["advances.expire"].body()
    return len(queries)


def test_thirty_that_go_on_cost_what_three_do(company: Company) -> None:
    granted(company, 2)
    asked()
    few = asked()
    granted(company, 27)
    assert asked() == few
    assert Advance.objects.filter(status=S.GRANTED).count() == 30


def test_one_that_cannot_be_ended_keeps_nobody_from_the_others(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = granted(company, 2)
    real = tasks.expire_advance

    def broken(advance: Advance, **facts: Any) -> Advance:
        if advance == first:
            raise RuntimeError("broken")
        found: Advance = real(advance, **facts)
        return found

    monkeypatch.setattr(tasks, "expire_advance", broken)
    with clock.at(AFTER):
        assert tasks.expire() == 2
    ended = Advance.objects.filter(status=S.EXPIRED)
    assert (first in ended, second in ended) == (False, True)
    assert f"Advance {first.pk} could not be handled" in caplog.text
