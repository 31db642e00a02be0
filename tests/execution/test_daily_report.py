"""The daily contract execution report: what it says, how it is issued, and that it stays as it was issued."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.deadlines.models import Deadline
from orders.contracts.models import Contract
from orders.models import Line, Payment
from orders.payments.models import Invoice
from pickup import actions as pickup
from pickup.execution import actions as execution
from pickup.execution.models import Correction, Report
from pickup.execution.reckoning import days_of, digest_of, reckon
from pickup.stock import actions as stock
from tests.execution.conftest import Company, on, row_of
from tests.world import refused, shanghai

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


def test_a_day_says_what_was_executed_before_this_day_and_to_date(company: Company) -> None:
    contract = company.contract()
    company.collect(contract, "3")
    company.pay(contract, "500.00")
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        company.collect(contract, "4")
        tuesday = company.draft(TUESDAY)
    tuesday = company.issue(tuesday, shanghai(25, 9))
    row = row_of(monday, contract)
    assert row["quantity"] == {"whole": "10", "before": "0", "late": "0", "now": "3", "done": "3", "open": "7"}
    assert row["amount"]["now"] == "384.00" and row["amount"]["open"] == "896.00"
    assert row["paid"] == {"before": "0.00", "late": "0.00", "now": "500.00", "done": "500.00"}
    assert row["goods"] == [["配电箱", "件", "10", "3", "3"]]
    row = row_of(tuesday, contract)
    assert row["quantity"] == {"whole": "10", "before": "3", "late": "0", "now": "4", "done": "7", "open": "3"}
    assert row["amount"] == {
        "whole": "1280.00",
        "before": "384.00",
        "late": "0.00",
        "now": "512.00",
        "done": "896.00",
        "open": "384.00",
    }
    assert row["paid"] == {"before": "500.00", "late": "0.00", "now": "0.00", "done": "500.00"}


def test_what_is_taken_back_counts_on_the_day_of_the_correction(company: Company) -> None:
    contract = company.contract()
    handed = company.collect(contract, "3")
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        pickup.reverse_later(handed, by=company.world.root, reason="拿错")
        tuesday = company.draft(TUESDAY)
    tuesday = company.issue(tuesday, shanghai(25, 9))
    assert row_of(monday, contract)["quantity"]["done"] == "3"
    row = row_of(tuesday, contract)
    assert (row["quantity"]["now"], row["quantity"]["done"], row["amount"]["now"]) == ("-3", "0", "-384.00")


def test_what_is_entered_later_for_a_day_that_is_closed_is_late_on_the_next_one(company: Company) -> None:
    contract = company.contract()
    company.pay(contract, "100.00")
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    kept = monday.figures.rows
    with on(24):
        company.pay(contract, "250.00", MONDAY)
        company.pay(contract, "30.00")
        tuesday = company.draft(TUESDAY)
    tuesday = company.issue(tuesday, shanghai(25, 9))
    assert row_of(tuesday, contract)["paid"] == {"before": "100.00", "late": "250.00", "now": "30.00", "done": "380.00"}
    monday.figures.refresh_from_db()
    assert monday.figures.rows == kept
    assert monday.figures.digest == digest_of(kept)


def test_a_correction_says_before_and_after_and_the_next_day_takes_it_as_told(company: Company) -> None:
    contract = company.contract()
    company.pay(contract, "100.00")
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        company.pay(contract, "250.00", MONDAY)
        correction = execution.correct_report(monday, by=company.support, reason="银行回单晚到")
        with refused("no_difference"):
            execution.correct_report(monday, by=company.support, reason="再查")
        tuesday = company.draft(TUESDAY)
    assert correction.number == "CD20261123-1"
    assert [(row["number"], row["paid"], row["done"]["paid"]) for row in correction.rows] == [
        (contract.number, ["100.00", "350.00"], "350.00")
    ]
    assert correction.digest == digest_of(correction.rows)
    assert row_of(monday, contract)["paid"]["done"] == "100.00"
    tuesday = company.issue(tuesday, shanghai(25, 9))
    assert row_of(tuesday, contract)["paid"] == {"before": "350.00", "late": "0.00", "now": "0.00", "done": "350.00"}


def test_what_a_later_report_told_as_late_is_not_corrected_in_the_earlier_one_as_well(company: Company) -> None:
    contract = company.contract()
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        company.pay(contract, "250.00", MONDAY)
        tuesday = company.draft(TUESDAY)
    tuesday = company.issue(tuesday, shanghai(25, 9))
    assert row_of(tuesday, contract)["paid"]["late"] == "250.00"
    with on(25, 10), refused("later_issued"):
        execution.correct_report(monday, by=company.support, reason="银行回单晚到")
    with on(25, 10):
        company.draft(WEDNESDAY)  # one that is not issued yet stands in nobody's way
        company.pay(contract, "30.00", TUESDAY)
        correction = execution.correct_report(tuesday, by=company.support, reason="银行回单晚到")
    assert correction.rows[0]["paid"] == ["0.00", "30.00"]


def test_a_second_correction_follows_the_first(company: Company) -> None:
    contract = company.contract()
    monday = company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        wrong = company.pay(contract, "250.00", MONDAY)
        execution.correct_report(monday, by=company.support, reason="晚到")
        Payment.objects.filter(pk=wrong.pk).update(amount=Decimal("205.00"))
        second = execution.correct_report(monday, by=company.support, reason="录错")
    assert (second.number, second.rows[0]["paid"]) == ("CD20261123-2", ["250.00", "205.00"])
    assert Correction.objects.count() == 2


def test_an_order_without_a_contract_is_in_it_on_the_day_on_which_it_moves(company: Company) -> None:
    world = company.world
    moving = world.handed_over()
    company.world.new_order()
    rows = reckon(days_of(company.draft(MONDAY)))
    assert [(row["contract"], row["order"], row["quantity"]["now"]) for row in rows] == [(None, moving.order_id, "10")]


def test_a_delivery_counts_on_the_day_on_which_it_was_made(company: Company) -> None:
    order = company.world.ready(fulfilment="delivery", place="成都市")
    with on(24):
        pickup.deliver_order(
            order,
            by=company.world.root,
            at=shanghai(23, 16),
            place="成都市",
            receiver="赵四",
            prepared=["packaging", "documents", "transport"],
        )
        monday, tuesday = company.draft(MONDAY), company.draft(TUESDAY)
        assert [row["quantity"]["now"] for row in reckon(days_of(monday))] == ["10"]
        assert reckon(days_of(tuesday)) == []


def test_a_delivery_that_is_entered_after_its_day_was_issued_is_late(company: Company) -> None:
    order = company.world.ready(fulfilment="delivery", place="成都市")
    company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        pickup.deliver_order(
            order,
            by=company.world.root,
            at=shanghai(23, 16),
            place="成都市",
            receiver="赵四",
            prepared=["packaging", "documents", "transport"],
        )
        (row,) = reckon(days_of(company.draft(TUESDAY)))
    assert (row["quantity"]["late"], row["quantity"]["now"], row["amount"]["late"]) == ("10", "0", "1280.00")


def test_midnight_is_that_of_shanghai(company: Company) -> None:
    contract = company.contract()
    with on(23, 23, 59):
        company.pay(contract, "1.00")
    with on(24, 0, 0):
        company.pay(contract, "2.00")
        monday, tuesday = company.draft(MONDAY), company.draft(TUESDAY)
        assert reckon(days_of(monday))[0]["paid"]["now"] == "1.00"
        assert reckon(days_of(tuesday))[0]["paid"]["now"] == "2.00"
    with on(24, 23, 30):
        planned = company.collect(contract, "2")
    with on(25, 0, 5):
        pickup.reverse_later(planned, by=company.world.root, reason="拿错")
        assert reckon(days_of(tuesday))[0]["quantity"]["now"] == "2"
        assert reckon(days_of(company.draft(WEDNESDAY)))[0]["quantity"]["now"] == "-2"


def test_an_empty_day_is_issued_all_the_same(company: Company) -> None:
    report = company.issue(company.draft(MONDAY), shanghai(24, 9))
    assert (report.status, report.figures.rows) == ("issued", [])
    assert report.figures.digest == digest_of([])


def test_a_contract_that_is_executed_is_in_the_report_of_its_last_day_and_then_no_more(company: Company) -> None:
    contract = company.contract()
    company.collect(contract, "10")
    Contract.objects.filter(pk=contract.pk).update(status="executed", executed_at=clock.now())
    assert [row["contract"] for row in reckon(days_of(company.draft(MONDAY)))] == [contract.pk]
    with on(24):
        assert reckon(days_of(company.draft(TUESDAY))) == []


def test_a_debt_that_is_written_off_is_no_payment(company: Company) -> None:
    contract = company.contract()
    payment = company.pay(contract, "10.00")
    Payment.objects.filter(pk=payment.pk).update(method="write_off")
    assert reckon(days_of(company.draft(MONDAY)))[0]["paid"]["done"] == "0.00"


def test_what_is_invoiced_stands_beside_what_is_paid_and_cancelled_invoices_do_not_count(company: Company) -> None:
    contract = company.contract()
    given = {"order_id": contract.order_id, "customer_id": contract.customer_id, "entered_by": company.support}
    for number, day, status in (("1", MONDAY, "open"), ("2", date(2026, 11, 20), "open"), ("3", MONDAY, "cancelled")):
        Invoice.objects.create(
            number=number, amount=Decimal(100), issued_on=day, due_on=TUESDAY, status=status, reason="开错", **given
        )
    (row,) = reckon(days_of(company.draft(MONDAY)))
    assert row["invoiced"] == {"now": "100.00", "done": "200.00"}


def test_a_day_is_not_issued_before_it_is_over_nor_before_an_earlier_one(company: Company) -> None:
    monday = company.draft(MONDAY)
    with refused("not_over"):
        execution.issue_report(monday, by=company.support)
    with on(24, 0, 0):
        tuesday = company.draft(TUESDAY)
    with on(25, 9), refused("earlier_first"):
        execution.issue_report(tuesday, by=company.support)
    company.issue(monday, shanghai(25, 9))
    assert company.issue(tuesday, shanghai(25, 9)).status == "issued"


def test_a_day_is_not_drafted_twice_nor_ahead_nor_behind_an_issued_one(company: Company) -> None:
    company.draft(MONDAY)
    with refused("drafted"):
        company.draft(MONDAY)
    for day in (TUESDAY, date(9999, 12, 31)):
        with refused("to_come"):
            company.draft(day)
    company.issue(Report.objects.get(), shanghai(24, 9))
    with refused("later_issued"):
        company.draft(date(2026, 11, 20))


def test_it_is_to_be_issued_when_one_working_day_after_its_own_is_over(company: Company) -> None:
    report = company.draft(MONDAY)
    row = Deadline.objects.get(rule="contract.daily")
    assert (row.started_at, row.due_at) == (shanghai(24, 0), shanghai(25, 8, 30))
    assert row.responsible == company.support
    company.issue(report, shanghai(24, 11))
    row.refresh_from_db()
    assert row.outcome == "met"


def test_a_report_of_a_day_on_which_nobody_works_has_no_deadline(company: Company) -> None:
    company.draft(date(2026, 11, 22))
    assert not Deadline.objects.filter(rule="contract.daily").exists()


def test_the_figures_add_up_and_cost_as_many_queries_for_ten_contracts_as_for_two(company: Company) -> None:
    for number in range(2):
        company.collect(company.contract(), str(number + 1))
    report = company.draft(MONDAY)
    with CaptureQueriesContext(connection) as few:
        reckon(days_of(report))
    for number in range(8):
        contract = company.contract()
        company.collect(contract, "2")
        company.pay(contract, f"{number}.50")
    with CaptureQueriesContext(connection) as many:
        rows = reckon(days_of(report))
    assert len(rows) == 10
    assert len(many) == len(few) <= 8
    for row in rows:
        for name in ("quantity", "amount", "paid"):
            figures = {each: Decimal(value) for each, value in row[name].items()}
            assert figures["before"] + figures["late"] + figures["now"] == figures["done"]
    assert sum(Decimal(row["paid"]["now"]) for row in rows) == Decimal("32.00")


@pytest.mark.parametrize("price", ["0.33", "9.99"])
def test_parts_of_a_price_that_does_not_divide_add_up_to_the_fen(company: Company, price: str) -> None:
    world = company.world
    line = {"product": world.product, "quantity": Decimal(1), "unit": world.carton, "factor": Decimal(24)}
    contract = company.contract(lines=[line])
    Line.objects.filter(order=contract.order_id).update(price=Decimal(price), amount=Decimal(price))
    company.collect(contract, "5")
    company.issue(company.draft(MONDAY), shanghai(24, 9))
    with on(24):
        company.collect(contract, "19")
        (row,) = reckon(days_of(company.draft(TUESDAY)))
    assert (row["amount"]["done"], row["amount"]["late"]) == (price, "0.00")
    assert Decimal(row["amount"]["before"]) + Decimal(row["amount"]["now"]) == Decimal(price)


def test_what_is_delivered_in_full_costs_what_the_order_does_and_leaves_nothing_open(company: Company) -> None:
    world = company.world
    products = [world.product, world.new_product("P002")]
    goods = [{"product": each, "quantity": Decimal(1), "batch": "B2"} for each in products]
    stock.receive_goods(by=world.root, warehouse=world.warehouse, lines=goods)
    half = {"quantity": Decimal("0.5"), "unit": world.piece, "factor": Decimal(1)}
    contract = company.contract(lines=[{"product": each, **half} for each in products])
    Line.objects.filter(order=contract.order_id).update(price=Decimal("0.33"), amount=Decimal("0.17"))
    Contract.objects.filter(pk=contract.pk).update(total=Decimal("0.34"))
    planned = pickup.plan_pickup(contract.order, by=world.root, window=world.window())
    pickup.hand_over(planned, by=world.root, identity="id_seen")
    (row,) = reckon(days_of(company.draft(MONDAY)))
    assert row["quantity"]["open"] == "0"
    assert (row["amount"]["whole"], row["amount"]["now"], row["amount"]["done"]) == ("0.34", "0.34", "0.34")
    assert row["amount"]["open"] == "0.00"
