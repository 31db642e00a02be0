"""What is owed of orders taken over as history counts against the credit limit, once (JD 7.1)."""

from decimal import Decimal

from django.test import Client

from customers.credit.exposure import PARTS, exposure_of
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice
from tests.payments.conftest import Company


def taken_over(company: Company, amount: str, overdue: int) -> Invoice:
    """An invoice over an order that was taken over as history."""
    order = company.order()
    Order.objects.filter(pk=order.pk).update(history=True, status="closed")
    return company.invoice(amount, overdue=overdue, order=Order.objects.get(pk=order.pk))


def test_an_opening_balance_is_owed_until_it_is_paid_whether_due_or_not(company: Company) -> None:
    late, coming = taken_over(company, "300.00", 4), taken_over(company, "500.00", 0)
    found = exposure_of(late.customer)
    assert (found.open_orders, found.owed, found.overdue) == (Decimal(0), Decimal("800.00"), Decimal("300.00"))
    orders.enter_payment(Order.objects.get(pk=coming.order_id), by=company.cashier, amount=Decimal("499.99"))
    assert exposure_of(late.customer).owed == Decimal("300.01")
    payments.cancel_invoice(Invoice.objects.get(pk=coming.pk), by=company.cashier, reason="红冲")
    assert exposure_of(late.customer).owed == Decimal("300.00")


def test_an_invoice_of_an_order_of_ours_counts_nothing_beside_its_order(company: Company) -> None:
    invoice = company.invoice("300.00", overdue=4)
    before = exposure_of(invoice.customer)
    assert before.amounts.get("opening_balances", Decimal(0)) == 0
    Order.objects.filter(pk=invoice.order_id).update(history=True)
    assert exposure_of(invoice.customer).amounts["opening_balances"] == Decimal("300.00")


def test_the_list_behind_it_shows_exactly_those_invoices(company: Company) -> None:
    mine, other = taken_over(company, "300.00", 4), company.invoice("200.00", overdue=4)
    client = Client()
    client.force_login(company.cashier)
    page = client.get(PARTS["opening_balances"].documents(mine.customer_id)).content.decode()
    assert mine.number in page
    assert other.number not in page
