"""Reports are drafted by themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.deadlines.periodic import JOBS
from orders.models import Order
from pickup.execution import tasks
from pickup.execution.actions import draft_report
from pickup.execution.forms import DraftForm
from pickup.execution.models import Report
from pickup.execution.tasks import draft_reports
from tests.execution.conftest import Company, on
from tests.world import shanghai

K = Report.Kind


def drafted(kind: str = K.DAILY) -> list[date]:
    return list(Report.objects.filter(kind=kind).order_by("first").values_list("first", flat=True))


def test_a_working_day_is_drafted_in_its_evening_and_once(company: Company) -> None:
    company.draft(date(2026, 11, 20))
    with on(23, 18, 29):
        draft_reports()
    assert drafted() == [date(2026, 11, 20)]  # nobody works on the weekend, and Monday's evening is to come
    with on(23, 18, 30):
        assert draft_reports() == 1
        assert draft_reports() == 0
    assert drafted() == [date(2026, 11, 20), date(2026, 11, 23)]


def test_no_report_is_asked_for_of_days_before_the_first_order(company: Company) -> None:
    Order.objects.filter(pk=company.contract().order_id).update(received_at=shanghai(10, 9))

    def codes(kind: str, day: str) -> list[str]:
        form = DraftForm({"kind": kind, "day": day}, by=company.support)
        return [each["code"] for each in form.problems().get("day", [])]

    assert codes("daily", "2026-11-01") == codes("monthly", "2026-11-30") == []
    assert codes("daily", "2026-10-31") == codes("monthly", "1900-01-01") == ["before_first"]
    Order.objects.update(history=True)  # of an earlier system; nothing was entered here before today
    assert codes("daily", "2026-11-02") == []
    assert codes("daily", "2026-10-31") == ["before_first"]


def test_a_day_off_is_drafted_only_where_something_moved(company: Company) -> None:
    contract = company.contract()
    with on(28, 11):
        company.draft(date(2026, 11, 27))
        company.collect(contract, "1")
    with on(28, 18, 30):
        assert not [day for day in drafted() if day > date(2026, 11, 27)]
    with on(29, 0, 20):
        draft_reports()
    with on(30, 0, 20, month=11):
        draft_reports()
    assert drafted()[-1] == date(2026, 11, 28)


def test_what_was_missed_while_the_clock_stood_still_is_made_up(company: Company) -> None:
    company.draft(date(2026, 11, 23))
    with on(27, 9):
        draft_reports()
    assert drafted() == [date(2026, 11, day) for day in (23, 24, 25, 26)]


def test_a_month_is_drafted_after_its_last_midnight(company: Company) -> None:
    with on(30, 23, 0):
        draft_reports()
    assert drafted(K.MONTHLY) == [date(2026, 10, 1)]
    with on(1, 0, 20, month=12):
        draft_reports()
        draft_reports()
    assert drafted(K.MONTHLY) == [date(2026, 10, 1), date(2026, 11, 1)]


def test_it_is_done_by_the_systems_own_user_in_the_evening_and_after_midnight(company: Company) -> None:
    from crm.records.models import ActionLog

    assert (f"{JOBS['execution.evening'].at:%H:%M}", f"{JOBS['execution.midnight'].at:%H:%M}") == ("18:30", "00:20")
    with on(24, 0, 20):
        draft_reports()
    log = ActionLog.objects.filter(verb="execution.draft_report").select_related("actor")
    assert {row.actor.username for row in log} == {"execution"}


def test_a_day_that_cannot_be_drafted_is_not_left_out_and_does_not_keep_the_month_back(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.draft(date(2026, 11, 23))

    def broken(*, day: date, **facts: Any) -> Report:
        if day == date(2026, 11, 25):
            raise RuntimeError("broken")
        return draft_report(day=day, **facts)

    monkeypatch.setattr(tasks, "draft_report", broken)
    with on(27, 9), pytest.raises(RuntimeError):
        draft_reports()
    assert (drafted(), drafted(K.MONTHLY)) == ([date(2026, 11, day) for day in (23, 24)], [date(2026, 10, 1)])
    monkeypatch.setattr(tasks, "draft_report", draft_report)
    with on(27, 9):
        draft_reports()
    assert drafted() == [date(2026, 11, day) for day in (23, 24, 25, 26)]


def test_a_run_with_nothing_to_draft_asks_the_same_however_many_reports_there_are(company: Company) -> None:
    counts = []
    for before in (3, 30):
        Report.objects.filter(kind=K.DAILY).delete()
        days = [date(2026, 11, 23) - timedelta(days=each) for each in range(before)]
        rows = [Report(number=f"CD{day:%Y%m%d}", kind=K.DAILY, first=day, last=day) for day in days]
        Report.objects.bulk_create(rows)
        with on(23, 18, 30):
            draft_reports()
            with CaptureQueriesContext(connection) as queries:
                assert draft_reports() == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]
