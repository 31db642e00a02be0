"""What is looked at each night asks no more of thirty records about which nothing is to be done than of three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.deadlines.check import check
from crm.deadlines.models import Deadline
from crm.deadlines.periodic import JOBS
from customers.models import Customer
from orders.models import Order
from orders.payments import nightly
from orders.payments.models import Dunning, Invoice
from tests.copies import copies
from tests.payments.conftest import Company


def late_customers(company: Company, number: int) -> list[Customer]:
    """So many customers, each with an invoice that was due four days ago."""
    pattern = company.invoice(overdue=4)
    at = Customer.objects.count()
    customers = copies(pattern.customer, number - 1, code=lambda each: f"KH-{at + each}")
    orders = copies(pattern.order, number - 1, number=lambda n: f"DD-{at + n}", customer=lambda n: customers[n])
    copies(
        pattern,
        number - 1,
        number=lambda n: f"FP-{at + n}",
        order=lambda n: orders[n],
        customer=lambda n: customers[n],
    )
    return customers


def asked(job: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        job()
    return len(queries)


def test_the_books_and_the_dunning_ask_as_much_of_thirty_as_of_three(company: Company) -> None:
    company.steps()
    books, dunning = JOBS["payments.books"].body, JOBS["payments.dunning"].body
    late_customers(company, 3)
    dunning()
    few = (asked(books), asked(dunning))
    late_customers(company, 27)
    dunning()
    assert (asked(books), asked(dunning)) == few
    assert Dunning.objects.filter(status="open", step__days=3).count() == 29  # the two patterns are one customer's


def test_one_customer_whose_case_is_broken_keeps_nobody_from_the_others(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    company.steps()
    first, *_others = late_customers(company, 3)
    real = nightly.open_dunning

    def broken(customer: Customer, **facts: Any) -> Dunning:
        if customer == first:
            raise RuntimeError("broken")
        found: Dunning = real(customer, **facts)
        return found

    monkeypatch.setattr(nightly, "open_dunning", broken)
    assert nightly.propose_steps() == 2
    assert not Dunning.objects.filter(customer=first).exists()
    assert f"Customer {first.pk} could not be handled" in caplog.text
    monkeypatch.setattr(nightly, "open_dunning", real)
    assert nightly.propose_steps() == 1  # the next morning is another chance


def test_the_check_of_time_limits_asks_as_much_of_thirty_as_of_three(company: Company) -> None:
    """Of invoices and cases that belong to nobody, so that they are finance's, and of orders that are ready or over."""
    company.steps()

    def make(number: int) -> None:
        late_customers(company, number)
        nightly.propose_steps()
        patterns = {status: company.order(payment_terms="prepay") for status in ("submitted", "ready", "collected")}
        at = Order.objects.count()
        for status, pattern in patterns.items():
            more = copies(pattern, number - 1, number=lambda n, of=status: f"{of}-{at + n}")  # type: ignore[misc]
            Order.objects.filter(pk__in=[pattern.pk, *(each.pk for each in more)]).update(status=status)
        Customer.objects.update(owner=None)
        Order.objects.update(owner=None)
        Dunning.objects.update(owner=None)
        check(mend=True)

    make(3)
    few = asked(check)
    make(27)
    assert asked(check) == few
    assert check() == {}
    for rule in ("payment.due", "payment.remind", "order.review", "pickup.plan"):
        assert Deadline.objects.open().filter(rule=rule).count() >= 27
    assert Invoice.objects.count() == 30
