"""A report that is corrected while the next one is issued tells what came late once, here or there (KC 5.1.11.10)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from crm import clock
from orders import actions as orders
from pickup.execution import actions as execution
from pickup.execution.models import Correction, Figures, Report
from tests.races.conftest import at_once
from tests.world import World, shanghai

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
SOMEBODY_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_a_late_payment_is_told_once_where_correcting_and_issuing_meet(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, root = world.accepted(), world.root
    orders.enter_payment(order, by=root, amount=Decimal("100.00"), received_on=MONDAY)
    monday = execution.draft_report(by=root, kind="daily", day=MONDAY)
    with clock.at(shanghai(24, 9)):
        execution.issue_report(monday, by=root)
        orders.enter_payment(order, by=root, amount=Decimal("250.00"), received_on=MONDAY)
        tuesday = execution.draft_report(by=root, kind="daily", day=TUESDAY)

    reckoned, issued, differences = Event(), Event(), execution.differences

    def while_the_other_issues(report: Report) -> Any:
        rows = differences(report)
        reckoned.set()
        while not issued.wait(0.02):
            with connection.cursor() as cursor:
                cursor.execute(SOMEBODY_WAITS)
                if cursor.fetchone()[0]:
                    break
        return rows

    monkeypatch.setattr(execution, "differences", while_the_other_issues)

    def correct() -> object:
        with clock.at(shanghai(25, 9)):
            return execution.correct_report(Report.objects.get(pk=monday.pk), by=root, reason="漏录")

    def issue() -> object:
        reckoned.wait(10)
        try:
            with clock.at(shanghai(25, 9)):
                return execution.issue_report(Report.objects.get(pk=tuesday.pk), by=root)
        finally:
            issued.set()

    calls: list[Callable[[], object]] = [correct, issue]
    answers = at_once(*calls)
    assert [each for each in answers if isinstance(each, str)] == []
    [corrected] = Correction.objects.get().rows
    assert corrected["paid"] == ["100.00", "350.00"]
    rows = [row for row in Figures.objects.get(report=tuesday).rows if row["order"] == order.pk]
    assert [row["paid"]["late"] for row in rows] in ([], ["0.00"])


def test_a_payment_that_is_being_entered_while_its_day_is_issued_is_late_on_the_next_one(world: World) -> None:
    order, root = world.accepted(), world.root
    monday = execution.draft_report(by=root, kind="daily", day=MONDAY)
    entered, issued = Event(), Event()

    def enter() -> None:
        with clock.at(shanghai(24, 9)), transaction.atomic():
            orders.enter_payment(order, by=root, amount=Decimal("250.00"), received_on=MONDAY)
            entered.set()
            issued.wait(10)

    def issue() -> object:
        entered.wait(10)
        try:
            with clock.at(shanghai(24, 9, 1)):
                return execution.issue_report(Report.objects.get(pk=monday.pk), by=root)
        finally:
            issued.set()

    calls: list[Callable[[], object]] = [enter, issue]
    assert [each for each in at_once(*calls) if isinstance(each, str)] == []
    assert Figures.objects.get(report=monday).rows == []
    with clock.at(shanghai(25, 9)):
        tuesday = execution.draft_report(by=root, kind="daily", day=TUESDAY)
        execution.issue_report(tuesday, by=root)
    [row] = Figures.objects.get(report=tuesday).rows
    assert (row["order"], row["paid"]["late"], row["paid"]["done"]) == (order.pk, "250.00", "250.00")
