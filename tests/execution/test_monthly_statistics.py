"""The monthly statistics: by customer and contract, in time or not, beside the months before."""

from datetime import date
from decimal import Decimal

import pytest

from crm.deadlines.models import CalendarDay, Deadline, WorkCalendar
from orders.contracts.models import Contract
from pickup.execution.models import Report
from pickup.execution.parts import by_customer, by_product, on_time
from pickup.execution.reckoning import days_of, reckon
from tests.execution.conftest import Company, on, row_of
from tests.world import refused, shanghai

NOVEMBER, DECEMBER = date(2026, 11, 15), date(2026, 12, 15)


def test_a_month_says_what_was_executed_in_it_to_date_and_in_time(company: Company) -> None:
    contract = company.contract()
    with on(24):
        company.collect(contract, "6")
    with on(27):
        company.collect(contract, "1")
        company.pay(contract, "896.00")
    with on(1, month=12):
        report = company.draft(NOVEMBER, "monthly")
    november = company.issue(report, shanghai(2, 9, month=12))
    with on(8, month=12):
        company.collect(contract, "3")
        december = reckon(days_of(company.draft(DECEMBER, "monthly")))
    row = row_of(november, contract)
    assert (november.number, november.first, november.last) == ("CM202611", date(2026, 11, 1), date(2026, 11, 30))
    assert (row["quantity"]["now"], row["amount"]["now"], row["paid"]["now"]) == ("7", "896.00", "896.00")
    assert row["in_time"] == "6"  # its date is the 25th
    assert on_time(november.figures.rows, november.first, november.last).share == Decimal("60.0")
    assert by_product(november.figures.rows) == [("配电箱", "件", Decimal(7), Decimal(7))]
    (row,) = december
    assert (row["quantity"]["before"], row["quantity"]["now"], row["quantity"]["done"]) == ("7", "3", "10")
    assert on_time(december, date(2026, 12, 1), date(2026, 12, 31)).share is None


def test_customers_stand_with_their_sums_who_got_the_most_first(company: Company) -> None:
    world = company.world
    company.collect(company.contract(), "2")
    other = world.new_customer()
    bigger = company.contract(customer=other)
    company.collect(bigger, "5")
    company.collect(company.contract(customer=other), "1")
    rows = reckon(days_of(company.draft(NOVEMBER, "monthly")))
    groups = by_customer(rows, date(2026, 11, 1), date(2026, 11, 30))
    assert [(each.name, len(each.rows), each.sums["amount"]["now"]) for each in groups] == [
        (other.name, 2, Decimal("768.00")),
        (world.customer.name, 1, Decimal("256.00")),
    ]


def test_it_is_to_be_issued_three_working_days_after_the_month(company: Company) -> None:
    with on(30, 20):
        company.draft(NOVEMBER, "monthly")
    row = Deadline.objects.get(rule="contract.monthly")
    assert (row.started_at, row.due_at) == (shanghai(1, 0, month=12), shanghai(4, 8, 30, month=12))
    with on(30, 23, 59), refused("not_over"):
        from pickup.execution.actions import issue_report

        issue_report(Report.objects.get(), by=company.support)


@pytest.mark.usefixtures("company")
def test_a_month_without_a_working_day_is_drafted_and_due_when_work_begins_again(company: Company) -> None:
    calendar = WorkCalendar.objects.get(department=None)
    CalendarDay.objects.filter(calendar=calendar, date__year=2026, date__month=11).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, date=date(2026, 11, day), working=False, name="停产") for day in range(1, 31)
    )
    calendar.changed()
    with on(1, 0, 20, month=12):
        report = company.draft(NOVEMBER, "monthly")
        assert reckon(days_of(report)) == []
    row = Deadline.objects.get(rule="contract.monthly")
    assert row.due_at == shanghai(4, 8, 30, month=12)
    assert company.issue(report, shanghai(1, 9, month=12)).figures.rows == []


def test_a_contract_that_came_into_force_later_is_not_in_an_earlier_month(company: Company) -> None:
    company.contract()
    assert reckon(days_of(company.draft(date(2026, 10, 10), "monthly"))) == []
    assert Contract.objects.count() == 1
