"""Invoices: entered, booked, paid as the order's payments say, the oldest due first, cancelled (KC 5.1.11.8-9)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.refusals import Refused
from orders import actions as orders
from orders.models import Order, Payment
from orders.payments import actions as payments
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements, shares
from tests.payments.conftest import Company
from tests.world import nothing_moves, refused


def fresh(*invoices: Invoice) -> list[tuple[str, Decimal]]:
    return [(each.status, each.paid) for each in (Invoice.objects.get(pk=row.pk) for row in invoices)]


def test_an_opening_balance_is_due_after_the_orders_days_to_pay(company: Company) -> None:
    order = company.order()
    Order.objects.filter(pk=order.pk).update(payment_days=30)
    order.refresh_from_db()
    invoice = payments.enter_invoice(
        by=company.cashier, order=order, number="FP-1", amount=Decimal("1280.00"), issued_on=date(2026, 11, 2)
    )
    assert (invoice.status, invoice.due_on, invoice.kind) == ("open", date(2026, 12, 2), "opening")
    assert (invoice.customer, invoice.entered_by, invoice.open_amount) == (
        order.customer,
        company.cashier,
        Decimal("1280.00"),
    )


def test_a_number_is_entered_without_blanks_and_one_that_is_there_is_refused_however_it_is_written(
    company: Company,
) -> None:
    invoice = company.invoice("5.00", overdue=4)
    data = {
        "order": invoice.order_id,
        "number": " FP-00 02 ",
        "kind": "special",
        "amount": "5",
        "issued_on": "2026-11-02",
    }
    form = payments.enter_invoice.bind(by=company.cashier, data=data)
    assert form.is_valid(), form.problems()
    assert form.cleaned_data["number"] == "FP-0002"
    form = payments.enter_invoice.bind(by=company.cashier, data={**data, "number": " FP-0 001"})
    assert list(form.problems()) == ["number"]


def test_payments_fall_to_the_oldest_due_first(company: Company) -> None:
    order = company.order(quantity="20")
    later = company.invoice("1000.00", overdue=5, order=order)
    older = company.invoice("500.00", overdue=40, order=order)
    orders.enter_payment(order, by=company.cashier, amount=Decimal("700.00"))
    assert fresh(older, later) == [("paid", Decimal("500.00")), ("open", Decimal("200.00"))]
    payment = orders.enter_payment(order, by=company.cashier, amount=Decimal("800.00"))
    assert fresh(older, later) == [("paid", Decimal("500.00")), ("paid", Decimal("1000.00"))]
    orders.reverse_payment(payment, by=company.cashier, reason="录错")
    assert fresh(older, later) == [("paid", Decimal("500.00")), ("open", Decimal("200.00"))]
    assert disagreements() == []


def test_what_was_paid_beforehand_counts_for_an_invoice_that_comes_later(company: Company) -> None:
    order = company.order()
    orders.enter_payment(order, by=company.cashier, amount=Decimal("1280.00"))
    invoice = company.invoice("1280.00", overdue=3, order=order)
    assert (invoice.status, invoice.paid) == ("paid", Decimal("1280.00"))
    assert not Deadline.objects.open().filter(rule="payment.due").exists()


def test_a_cancelled_invoice_leaves_its_payment_to_the_others(company: Company) -> None:
    order = company.order(quantity="20")
    first, second = company.invoice("500.00", overdue=9, order=order), company.invoice("900.00", order=order)
    orders.enter_payment(order, by=company.cashier, amount=Decimal("600.00"))
    payments.cancel_invoice(Invoice.objects.get(pk=first.pk), by=company.cashier, reason="开错抬头")
    assert fresh(first, second) == [("cancelled", Decimal("0.00")), ("open", Decimal("600.00"))]
    assert Invoice.objects.get(pk=first.pk).reason == "开错抬头"
    assert disagreements() == []


def test_a_number_is_given_once(company: Company) -> None:
    invoice = company.invoice()
    order = company.order()
    form = payments.enter_invoice.bind(
        by=company.cashier,
        data={"order": order.pk, "number": invoice.number, "kind": "special", "amount": "1", "issued_on": "2026-11-23"},
    )
    assert list(form.problems()) == ["number"]


def test_a_draft_has_no_invoice(company: Company) -> None:
    order = company.world.new_order(draft=True)
    cashier = company.cashier
    with refused("not_to_be_invoiced"):
        payments.enter_invoice(by=cashier, order=order, number="FP-9", amount=Decimal(1))


def test_no_person_books_or_counts(company: Company) -> None:
    invoice = company.invoice()
    root = company.world.root
    for verb in (payments.pay_off, payments.count_payment):
        with nothing_moves(), pytest.raises(Refused) as caught:
            verb(invoice, by=root, paid=Decimal("1.00"))
        assert caught.value.code == "by_itself"


def test_the_nights_look_finds_what_somebody_changed_past_the_system(company: Company) -> None:
    invoice = company.invoice()
    Invoice.objects.filter(pk=invoice.pk).update(paid=Decimal("5.00"))
    assert [(each.pk, right) for each, right in disagreements()] == [(invoice.pk, Decimal("0.00"))]


AMOUNTS = st.decimals(min_value="0.01", max_value="5000.00", places=2)


@given(paid=st.decimals(min_value="-10.00", max_value="20000.00", places=2), amounts=st.lists(AMOUNTS, max_size=8))
def test_the_shares_are_the_smaller_of_what_is_paid_and_what_is_invoiced(paid: Decimal, amounts: list[Decimal]) -> None:
    rows = [Invoice(pk=key, amount=each, due_on=date(2026, 1, 1 + key % 3)) for key, each in enumerate(amounts)]
    found = shares(paid, rows)
    assert sum(found.values()) == min(max(paid, Decimal(0)), sum(amounts))
    for row in rows:
        assert 0 <= found[row.pk] <= row.amount
        older = [each for each in rows if (each.due_on, each.pk) < (row.due_on, row.pk)]
        assert not found[row.pk] or all(found[each.pk] == each.amount for each in older)


STEP = st.one_of(
    st.tuples(st.just("invoice"), AMOUNTS, st.integers(0, 90)),
    st.tuples(st.just("pay"), AMOUNTS, st.just(0)),
    st.tuples(st.just("reverse"), st.just(Decimal(0)), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.just(Decimal(0)), st.integers(0, 5)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=7))
def test_balances_equal_the_sum_of_their_rows_whatever_is_done(company: Company, steps: list) -> None:
    order = company.order(quantity="100")
    cashier: User = company.cashier
    for what, amount, number in steps:
        if what == "invoice":
            company.invoice(str(amount), overdue=number, order=order)
        elif what == "pay":
            orders.enter_payment(Order.objects.get(pk=order.pk), by=cashier, amount=amount, again=True)
        elif what == "reverse":
            rows = Payment.objects.filter(order=order, reverses=None, reversal=None).order_by("pk")
            if found := rows[number : number + 1]:
                orders.reverse_payment(found[0], by=cashier, reason="x")
        elif found := Invoice.objects.filter(order=order).exclude(status="cancelled")[number : number + 1]:
            payments.cancel_invoice(found[0], by=cashier, reason="x")
    order.refresh_from_db()
    live = list(Invoice.objects.filter(order=order).exclude(status="cancelled"))
    assert order.paid == sum((each.amount for each in Payment.objects.filter(order=order)), Decimal(0))
    assert sum((each.paid for each in live), Decimal(0)) == min(
        order.paid, sum((each.amount for each in live), Decimal(0))
    )
    assert disagreements() == []


def test_the_nights_look_sums_as_the_shares_do(company: Company) -> None:
    """Of each order the same by one query as row by row, with credit notes, and where more was paid than invoiced."""
    rows = []
    cases = [("0.00", 0), ("700.00", 0), ("700.00", 200), ("1500.00", 0), ("0.00", 900), ("-10.00", 5)]
    for paid, credited in cases:
        order = company.order()
        made = [company.invoice(amount, overdue=days, order=order) for amount, days in (("500.00", 1), ("400.00", 9))]
        if credited:
            credit = company.invoice("1.00", order=order)
            Invoice.objects.filter(pk=credit.pk).update(status="credit", amount=-credited, tax=0, paid=0)
        Invoice.objects.filter(pk__in=[each.pk for each in made]).update(paid=Decimal("399.99"), status="open")
        Order.objects.filter(pk=order.pk).update(paid=Decimal(paid))
        found = shares(Decimal(paid) + credited, made)
        rows += [(each.pk, found[each.pk]) for each in reversed(made)]
    with CaptureQueriesContext(connection) as queries:
        assert [(each.pk, right) for each, right in disagreements()] == rows
    assert len(queries) == 1
