"""What a customer should have paid: by invoices and by the terms of his orders, never both, never more than he had."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from customers.credit.exposure import OVERDUE, OWED, exposure_of
from customers.models import Customer
from orders import actions as orders
from orders.exposure import overdue_now
from orders.models import Line, Order
from orders.payments import actions as payments
from orders.payments.ages import AGES, age_condition
from orders.payments.models import Dunning, Invoice
from orders.payments.nightly import propose_steps
from orders.payments.reminding import late_customers
from pickup import actions as pickup
from pickup.models import Delivery, DeliveryLine, Pickup
from tests.payments.conftest import Company

YESTERDAY = timedelta(days=-1)


def overdue(customer: Customer) -> Decimal:
    """What of the customer's is overdue, and what the list of his overdue orders comes to is a part of it."""
    found = exposure_of(customer, (OVERDUE,))
    rows = overdue_now(Order.objects.filter(customer=customer))
    assert sum((row.counts for row in rows), Decimal(0)) == found.amounts.get("overdue", Decimal(0))
    return found.overdue


def delivered(order: Order, pieces: str, **facts: Any) -> Order:
    """The order with so many pieces of it at the customer's."""
    order.lines.update(collected=Decimal(pieces))
    Order.objects.filter(pk=order.pk).update(**facts)
    return Order.objects.get(pk=order.pk)


def hand_over(company: Company, order: Order, pieces: str) -> Pickup:
    """So many pieces are handed over at the counter."""
    order = Order.objects.get(pk=order.pk)
    root = company.world.root
    if order.status == Order.Status.CONFIRMED:
        pickup.check_stock(order, by=root, warehouse=company.world.warehouse)
        order.refresh_from_db()
    planned = pickup.plan_pickup(order, by=root, window=company.world.window(capacity=99), notify=False)
    line = {"line": Line.objects.get(order=order), "quantity": Decimal(pieces), "difference": "分批"}
    pickup.hand_over(planned, by=root, identity="id_seen", lines=[line])
    return Pickup.objects.get(pk=planned.pk)


def on_account(company: Company, days: int) -> Order:
    """Ten pieces at 128.00 on so many days' account, which lie ready."""
    order = company.world.ready(quantity="10")
    Order.objects.filter(pk=order.pk).update(payment_terms="credit", payment_days=days)
    return Order.objects.get(pk=order.pk)


def test_what_is_invoiced_leaves_what_is_overdue_by_the_order_and_no_more(company: Company) -> None:
    order = delivered(company.order(), "10", status="collected", due_on=clock.today() + YESTERDAY)
    customer = order.customer
    assert overdue(customer) == Decimal("1280.00")
    company.invoice("500.00", overdue=-20, order=order)
    assert overdue(customer) == Decimal("780.00")  # the invoice is not due yet
    company.invoice("300.00", overdue=4, order=order)
    assert overdue(customer) == Decimal("780.00")  # 300.00 by the invoice, 480.00 by the order
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("900.00"))
    assert overdue(customer) == Decimal("380.00")  # both invoices are paid, and 100.00 of the rest
    payments.cancel_invoice(Invoice.objects.get(amount=Decimal(500)), by=company.cashier, reason="红冲")
    assert overdue(customer) == Decimal("380.00")


def test_what_is_delivered_in_part_is_overdue_by_its_handover(company: Company) -> None:
    order, customer = on_account(company, 30), company.world.customer
    hand_over(company, order, "4")
    start = clock.now()
    with clock.at(start + timedelta(days=20)):
        hand_over(company, order, "3")
    with clock.at(start + timedelta(days=30)):
        assert overdue(customer) == Decimal(0)
    with clock.at(start + timedelta(days=31)):
        assert exposure_of(customer, (OWED,)).owed == Decimal("896.00")
        assert overdue(customer) == Decimal("512.00")
        company.invoice("200.00", overdue=-10, order=order)
        assert overdue(customer) == Decimal("312.00")
    with clock.at(start + timedelta(days=51)):
        assert overdue(customer) == Decimal("896.00")  # 200.00 of it by the invoice
    with clock.at(start + timedelta(days=52)):
        hand_over(company, order, "3")
        assert Order.objects.get().status == "collected"
        assert overdue(customer) == Decimal("896.00")  # what is brought last is due later
        orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal("896.00"))
        assert overdue(customer) == Decimal(0)


def test_what_was_taken_back_is_not_overdue(company: Company) -> None:
    order, customer = on_account(company, 0), company.world.customer
    wrong = hand_over(company, order, "4")
    with clock.at(clock.now() + timedelta(days=1)):
        assert overdue(customer) == Decimal("512.00")
        pickup.reverse_later(wrong, by=company.world.root, reason="车辆装错")
        assert overdue(customer) == Decimal(0)


def test_what_was_brought_in_part_is_overdue_by_its_delivery(company: Company) -> None:
    order = delivered(on_account(company, 5), "3", status="confirmed")
    trip = Delivery.objects.create(
        number="DL1", order=order, place="x", receiver="x", by=company.world.root, at=clock.now() - timedelta(days=6)
    )
    DeliveryLine.objects.create(delivery=trip, line=Line.objects.get(order=order), quantity=Decimal(3))
    assert overdue(order.customer) == Decimal("384.00")
    Order.objects.filter(pk=order.pk).update(payment_days=6)
    assert overdue(order.customer) == Decimal(0)


def test_the_invoice_of_an_order_that_was_given_up_is_asked_for_no_more(company: Company) -> None:
    company.steps()
    invoice = company.invoice("1280.00", overdue=9)
    customer = invoice.customer
    propose_steps()
    assert (overdue(customer), Dunning.objects.get().status) == (Decimal("1280.00"), "open")
    assert Deadline.objects.open().filter(rule="payment.due").exists()
    orders.cancel_order(Order.objects.get(), by=company.seller, reason="客户不要了")
    invoice = Invoice.objects.get()
    assert (overdue(customer), invoice.days_overdue, late_customers()) == (Decimal(0), 0, {})
    assert Dunning.objects.get().status == "ended"
    assert not Deadline.objects.open().filter(rule="payment.due").exists()
    assert propose_steps() == 0
    assert list(Invoice.objects.filter(age_condition("not_due"))) == [invoice]
    client = Client()
    client.force_login(company.cashier)
    assert invoice.number not in client.get("/payments/invoices/?tab=overdue").content.decode()
    payments.cancel_invoice(invoice, by=company.cashier, reason="红冲")


@pytest.mark.parametrize("terms", ["prepay", "cash"])
def test_an_order_that_is_paid_first_owes_what_it_had_and_not_what_it_was_invoiced(
    company: Company, terms: str
) -> None:
    order = delivered(company.order(), "0", payment_terms=terms)
    company.invoice("600.00", overdue=1, order=order)
    company.invoice("680.00", overdue=1, order=order)
    customer = order.customer
    assert (overdue(customer), Invoice.objects.overdue().count()) == (Decimal(0), 0)
    assert [each.days_overdue for each in Invoice.objects.all()] == [0, 0]
    delivered(order, "5", status="ready")
    assert (overdue(customer), Invoice.objects.overdue().count()) == (Decimal("640.00"), 2)
    assert [each.days_overdue for each in Invoice.objects.all()] == [1, 1]
    orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal("600.00"))
    assert (overdue(customer), Invoice.objects.overdue().count()) == (Decimal("40.00"), 1)
    orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal("40.00"))
    assert overdue(customer) == Decimal(0)


def test_the_balance_of_an_order_taken_over_is_owed_whatever_its_terms_were(company: Company) -> None:
    order = delivered(company.order(), "0", payment_terms="prepay", history=True, status="closed")
    company.invoice("300.00", overdue=40, order=order)
    assert overdue(order.customer) == Decimal("300.00")


def test_each_invoice_has_one_age_whatever_it_is_for(company: Company) -> None:
    company.invoice("10.00", overdue=10)
    prepaid = delivered(company.order(), "0", payment_terms="prepay")
    company.invoice("10.00", overdue=10, order=prepaid)
    found = [Invoice.objects.filter(age_condition(each.key)).count() for each in AGES]
    assert found == [1, 1, 0, 0, 0]
