"""The same money by hand and by the bank's file counts once: what is probably there already is asked about first."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from customers.models import Customer
from orders import actions as orders
from orders.models import Order, Payment
from orders.payments import actions as payments
from orders.payments.models import BankAccount, Match, Receipt
from tests.payments.conftest import Company
from tests.world import refused

AMOUNT = Decimal("1280.00")
PAYER = "重庆晨光商贸有限公司"


@pytest.fixture(autouse=True)
def bank(company: Company) -> BankAccount:
    """The company has an account."""
    return company.bank()


def enter(company: Company, **facts: Any) -> Receipt:
    given = {"received_on": clock.today(), "amount": AMOUNT, "payer_name": PAYER, **facts}
    return payments.enter_receipt(by=company.cashier, **given)


def line(company: Company, **facts: Any) -> Receipt:
    """The bank's line of it, as its file has it."""
    given = {"account": company.bank(), "serial": "S-1", "remark": "货款", "balance": Decimal("99.00"), **facts}
    return enter(company, **given)


DIFFERENT: list[dict[str, Any]] = [
    {"amount": Decimal("1280.01")},
    {"received_on": date(2026, 11, 19)},
    {"payer_name": "另一家公司"},
]


@pytest.mark.parametrize("later", [0, 1, 3])
def test_by_hand_and_by_the_file_is_asked_about(company: Company, later: int) -> None:
    first = enter(
        company, received_on=clock.today() - timedelta(days=later), payer_name="晨光商贸", remark="客户说付了"
    )
    with refused("came_before") as refusal:
        line(company)
    assert first.number in str(refusal.value) and "¥1,280.00" in str(refusal.value)
    assert line(company, again=True).serial == "S-1"


def test_by_the_file_and_then_by_hand_is_asked_about(company: Company) -> None:
    line(company)
    with refused("came_before"):
        enter(company)


@pytest.mark.parametrize("facts", DIFFERENT)
def test_other_money_is_not_asked_about(company: Company, facts: dict[str, Any]) -> None:
    enter(company)
    assert line(company, **facts).serial == "S-1"


def test_what_is_known_of_both_tells_them_apart(company: Company) -> None:
    line(company)
    line(company, serial="S-2")  # two serial numbers
    line(company, serial="S-3", account=BankAccount.objects.create(name="一般户"))
    other = {"account": company.bank(), "amount": Decimal(7)}
    enter(company, balance=Decimal(7), **other)
    enter(company, balance=Decimal(14), **other)  # two balances
    assert Receipt.objects.count() == 5


def test_the_customer_tells_who_paid_where_names_do_not(company: Company) -> None:
    customer, other = company.world.customer, company.world.new_customer()
    enter(company, payer_name="", customer=customer)
    assert enter(company, payer_name="", remark="货款", customer=other).customer == other
    with refused("came_before"):
        enter(company, payer_name="王小明", customer=customer)
    with refused("came_before"):
        enter(company, payer_name="王小明")  # nothing is known of both


def test_what_does_not_count_stands_in_nobodys_way(company: Company) -> None:
    payments.void_receipt(enter(company), by=company.cashier, reason="记错了")
    assert line(company).serial == "S-1"


def test_a_receipt_by_hand_is_bound_to_the_banks_line(company: Company) -> None:
    receipt, order = enter(company), company.order()
    company.match(receipt, (order, "1280.00"))
    found = payments.note_serial(
        Receipt.objects.get(pk=receipt.pk), by=company.cashier, account=company.bank(), serial=" S-1 "
    )
    assert (found.serial, found.account, found.status) == ("S-1", company.bank(), "matched")
    with refused("came_before"):
        line(company, again=True)  # as its file leaves it out
    with refused("has_a_serial"):
        payments.note_serial(found, by=company.cashier, account=company.bank(), serial="S-2")
    other = enter(company, again=True)
    with refused("came_before"):
        payments.note_serial(other, by=company.cashier, account=company.bank(), serial="S-1")


def booked(company: Company, order: Order, amount: Decimal = AMOUNT, **facts: Any) -> Payment:
    return orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=amount, **facts)


def test_a_payment_by_hand_and_the_banks_line_is_asked_about(company: Company) -> None:
    order = company.order(quantity="20")
    wrong = booked(company, order)
    with refused("came_before") as refusal:
        line(company, customer=order.customer)
    assert order.number in str(refusal.value)
    orders.reverse_payment(wrong, by=company.cashier, reason="由银行流水入账")
    company.match(line(company, customer=order.customer), (order, "1280.00"))
    assert Order.objects.get(pk=order.pk).paid == AMOUNT


def test_a_receipt_of_whom_nobody_knew_is_not_matched_beside_a_payment_by_hand(company: Company) -> None:
    order, other = company.order(quantity="20"), company.order()
    receipt = line(company, payer_name="晨光财务", remark=f"货款 {order.number}")
    booked(company, order)
    for target in (order, other):
        with refused("came_before"):
            company.match(receipt, (target, "1280.00"))
    payments.assign_receipt(Receipt.objects.get(), by=company.cashier, customer=order.customer)
    receipt.refresh_from_db()
    with refused("came_before"):
        payments.match_certain(receipt, by=company.cashier)
    assert not Match.objects.exists()
    company.match(receipt, (order, "1280.00"), again=True)
    assert Order.objects.get(pk=order.pk).paid == 2 * AMOUNT


def test_a_payment_is_not_entered_by_hand_beside_its_receipt(company: Company) -> None:
    order = company.order(quantity="20")
    receipt = line(company, customer=order.customer)
    with refused("came_before") as refusal:
        booked(company, order)
    assert receipt.number in str(refusal.value)
    company.match(receipt, (order, "1280.00"))
    with refused("came_before"):
        booked(company, order)
    booked(company, order, again=True)
    assert Order.objects.get(pk=order.pk).paid == 2 * AMOUNT


def test_the_dialog_asks_and_takes_the_answer(company: Company) -> None:
    enter(company)
    client = Client()
    client.force_login(company.cashier)
    data = {"received_on": "2026-11-23", "amount": "1280", "payer_name": PAYER, "method": "transfer", "serial": "S-9"}
    page = client.post("/do/payments.enter_receipt/", data)
    assert page.status_code == 409
    assert Receipt.objects.get().number in page.content.decode()
    assert client.post("/do/payments.enter_receipt/", {**data, "again": "on"}).status_code == 302
    assert Receipt.objects.count() == 2


def test_money_of_another_customer_is_not_asked_about(company: Company) -> None:
    order = company.order()
    other: Customer = company.world.new_customer()
    enter(company, payer_name="", customer=other)
    assert booked(company, order).amount == AMOUNT


@pytest.mark.parametrize("later", [0, 3])
def test_the_same_payment_twice_by_hand_is_asked_about(company: Company, later: int) -> None:
    order = company.order(quantity="20")
    booked(company, order, received_on=clock.today() - timedelta(days=later), reference="sk1")
    with refused("came_before") as refusal:
        booked(company, order)
    assert "¥1,280.00" in str(refusal.value)
    with refused("came_before"):
        booked(company, order, reference="SK1 ")
    booked(company, order, again=True)
    assert Order.objects.get(pk=order.pk).paid == 2 * AMOUNT


def test_what_tells_two_payments_by_hand_apart_is_not_asked_about(company: Company) -> None:
    order = company.order(quantity="50")
    first = booked(company, order, reference="SK1")
    booked(company, order, reference="SK2")
    booked(company, order, AMOUNT + 1)
    booked(company, order, received_on=clock.today() - timedelta(days=4))
    booked(company, company.order())
    orders.reverse_payment(first, by=company.cashier, reason="记错了")
    booked(company, order, reference="SK1")  # what was taken back stands in nobody's way
    assert Order.objects.get(pk=order.pk).paid == 4 * AMOUNT + 1


def test_the_dialog_of_a_payment_asks_and_takes_the_answer(company: Company) -> None:
    order = company.order(quantity="20")
    booked(company, order)
    client = Client()
    client.force_login(company.cashier)
    path, data = f"/do/orders.enter_payment/{order.pk}/", {"amount": "1280", "received_on": "2026-11-23"}
    assert client.post(path, {**data, "method": "transfer"}).status_code == 409
    assert client.post(path, {**data, "method": "transfer", "again": "on"}).status_code == 302
    assert Payment.objects.count() == 2


def test_a_part_of_a_receipt_is_asked_about_by_hand_too(company: Company) -> None:
    order, other = company.order(quantity="20"), company.order()
    receipt = line(company, amount=Decimal("1500.00"), payer_name="集团财务公司")
    company.match(receipt, (order, "1000.00"), (other, "500.00"))
    with refused("came_before") as refusal:
        booked(company, order, Decimal("1000.00"))
    assert receipt.number in str(refusal.value)
    with refused("came_before"):
        booked(company, order, Decimal("1500.00"))
    assert booked(company, order, Decimal("500.00")).amount == Decimal("500.00")  # that part is the other order's
