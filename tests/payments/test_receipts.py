"""Receipts: entered once, matched in parts, credit kept, used later or paid back, matches taken back (KC 5.1.11.9)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import clock
from crm.refusals import Refused
from customers.models import Customer
from orders import actions as orders
from orders.models import Order, Payment
from orders.payments import actions as payments
from orders.payments.models import Match, Payer, Receipt
from tests.payments.conftest import Company
from tests.world import refused


def now(receipt: Receipt) -> tuple[str, Decimal, Decimal]:
    found = Receipt.objects.get(pk=receipt.pk)
    return found.status, found.matched, found.left


def test_a_receipt_is_matched_and_the_order_and_its_invoice_are_paid(company: Company) -> None:
    invoice = company.invoice("1280.00", overdue=4)
    receipt = company.receipt("1280.00", serial="2026112300001")
    company.match(receipt, (invoice.order, "1280.00"))
    invoice.refresh_from_db()
    assert now(receipt) == ("matched", Decimal("1280.00"), Decimal("0.00"))
    assert (invoice.status, Order.objects.get(pk=invoice.order_id).paid) == ("paid", Decimal("1280.00"))
    payment = Payment.objects.get()
    assert (payment.amount, payment.reference, payment.entered_by) == (
        Decimal("1280.00"),
        "2026112300001",
        company.cashier,
    )
    assert Receipt.objects.get(pk=receipt.pk).customer == invoice.customer


def test_one_receipt_for_several_orders_and_one_order_by_several_receipts(company: Company) -> None:
    first, second = company.order(), company.order(quantity="5")
    big, small = company.receipt("1500.00"), company.receipt("420.00")
    company.match(big, (first, "1280.00"), (second, "220.00"))
    company.match(small, (second, "420.00"))
    assert [Order.objects.get(pk=each.pk).open_amount for each in (first, second)] == [Decimal("0.00")] * 2
    assert [now(each)[0] for each in (big, small)] == ["matched", "matched"]
    assert [each.amount for each in Match.objects.order_by("pk")] == [
        Decimal("1280.00"),
        Decimal("220.00"),
        Decimal("420.00"),
    ]


def test_what_was_paid_too_much_stays_as_credit_for_a_later_order(company: Company) -> None:
    order = company.order()
    receipt = company.receipt("2000.00")
    company.match(receipt, (order, "1280.00"))
    assert now(receipt) == ("partly", Decimal("1280.00"), Decimal("720.00"))
    later = company.order(quantity="5")
    company.match(receipt, (later, "640.00"))
    assert now(receipt) == ("partly", Decimal("1920.00"), Decimal("80.00"))
    payments.refund_receipt(
        Receipt.objects.get(pk=receipt.pk),
        by=company.cashier,
        amount=Decimal("80.00"),
        paid_on=clock.today(),
        reference="回单 88",
        reason="客户要求退款",
    )
    assert now(receipt) == ("matched", Decimal("1920.00"), Decimal("0.00"))
    assert Receipt.objects.get(pk=receipt.pk).refunds.get().reference == "回单 88"


def test_no_more_than_is_open_and_no_more_than_came_in(company: Company) -> None:
    order, receipt, cashier = company.order(), company.receipt("1000.00"), company.cashier
    rich = company.receipt("5000.00")
    with refused("more_than_open") as open_of_it:
        company.match(rich, (order, "1280.01"))
    with refused("more_than_left") as left:
        company.match(receipt, (order, "1000.01"))
    with refused("order_twice"):
        company.match(receipt, (order, "1.00"), (order, "2.00"))
    with refused("more_than_left") as unused:
        payments.refund_receipt(
            receipt, by=cashier, amount=Decimal("1000.01"), paid_on=clock.today(), reference="x", reason="x"
        )
    assert [each.value.sentence for each in (open_of_it, left, unused)] == [
        f"Only ¥1,280.00 are open of order {order.number}.",
        "Only ¥1,000.00 of the receipt is not used yet.",
        "Only ¥1,000.00 of it is not used yet.",
    ]


def test_without_an_amount_it_is_what_is_open_as_far_as_the_receipt_goes(company: Company) -> None:
    order, other = company.order(), company.order()
    receipt = company.receipt("1500.00")
    payments.match_receipt(receipt, by=company.cashier, lines=[{"order": order}, {"order": other, "amount": None}])
    assert [Order.objects.get(pk=each.pk).paid for each in (order, other)] == [Decimal("1280.00"), Decimal("220.00")]


def test_a_match_that_is_taken_back_reverses_the_payment(company: Company) -> None:
    invoice = company.invoice("1280.00", overdue=4)
    receipt = company.receipt("1280.00")
    company.match(receipt, (invoice.order, "1280.00"))
    match = Match.objects.get()
    back: Any = {"by": company.cashier, "match": match, "reason": "认错客户"}
    payments.take_back_match(Receipt.objects.get(pk=receipt.pk), **back)
    invoice.refresh_from_db()
    match.refresh_from_db()
    assert now(receipt) == ("open", Decimal("0.00"), Decimal("1280.00"))
    assert (invoice.status, invoice.paid) == ("open", Decimal("0.00"))
    assert (match.taken_back_by, match.reason) == (company.cashier, "认错客户")
    assert sum(each.amount for each in Payment.objects.all()) == 0
    company.match(receipt, (invoice.order, "100.00"))
    with refused("taken_back"):
        payments.take_back_match(Receipt.objects.get(pk=receipt.pk), **back)


def test_a_payment_that_comes_of_a_receipt_is_not_taken_back_past_it(company: Company) -> None:
    receipt, cashier = company.receipt(), company.cashier
    company.match(receipt, (company.order(), "1280.00"))
    payment = Payment.objects.get()
    with refused("matched"):
        orders.reverse_payment(payment, by=cashier, reason="x")


def test_the_payer_is_known_the_next_time(company: Company) -> None:
    order = company.order()
    payer = {"payer_name": "重庆晨光集团财务公司", "payer_account": "6222021234567890"}
    company.match(company.receipt("500.00", **payer), (order, "500.00"))
    assert Payer.objects.count() == 1
    assert company.receipt("600.00", **payer).customer == order.customer
    assert company.receipt("600.00", payer_account="6222021234567890").customer == order.customer
    other = company.receipt("7.00", payer_name="不相干的公司")
    company.match(other, (order, "7.00"), remember=False)
    assert company.receipt("8.00", payer_name="不相干的公司").customer is None


def test_a_part_for_another_customer_does_not_make_the_receipt_and_its_payer_his(company: Company) -> None:
    other = company.world.new_customer()
    receipt = company.receipt("500.00", payer_name="晨光财务", customer=company.world.customer)
    company.match(receipt, (company.order(customer=other), "100.00"))
    assert Receipt.objects.get(pk=receipt.pk).customer == company.world.customer
    assert not Payer.objects.exists()


def take_back(company: Company, receipt: Receipt) -> Receipt:
    """The receipt's newest match is taken back."""
    match = Match.objects.filter(receipt=receipt, taken_back_at=None).latest("pk")
    found = Receipt.objects.get(pk=receipt.pk)
    return payments.take_back_match(found, by=company.cashier, match=match, reason="认错客户")


def test_a_match_that_is_taken_back_has_taught_nothing(company: Company) -> None:
    order = company.order()
    payer = {"payer_name": "晨光财务", "payer_account": "6222021234567890"}
    receipt = company.receipt("500.00", **payer)
    company.match(receipt, (order, "300.00"))
    company.match(receipt, (order, "200.00"))
    assert take_back(company, receipt).customer == order.customer
    assert Payer.objects.count() == 1
    assert take_back(company, receipt).customer is None
    assert not Payer.objects.exists()
    assert company.receipt("600.00", **payer).customer is None


def test_what_another_match_or_a_person_says_stays_when_a_match_is_taken_back(company: Company) -> None:
    order = company.order()
    payer = {"payer_name": "晨光财务", "payer_account": "6222021234567890"}
    first, given = company.receipt("300.00", **payer), company.receipt("200.00", customer=order.customer, **payer)
    company.match(first, (order, "300.00"))
    company.match(given, (order, "200.00"))
    assert take_back(company, given).customer == order.customer
    assert Payer.objects.count() == 1


def test_two_customers_who_pay_under_one_name_are_told_apart_by_a_person(company: Company) -> None:
    for _number in range(2):
        customer: Customer = company.world.new_customer()
        receipt = company.receipt("5.00", payer_name="集团", customer=customer)
        company.match(receipt, (company.order(customer=customer), "5.00"))
    assert company.receipt("6.00", payer_name="集团").customer is None


def test_the_same_serial_number_of_an_account_comes_once(company: Company) -> None:
    cashier = company.cashier
    given: Any = {"received_on": clock.today(), "serial": "A-1", "account": company.bank()}
    payments.enter_receipt(by=cashier, amount=Decimal(5), **given)
    with refused("came_before"):
        payments.enter_receipt(by=cashier, amount=Decimal(6), again=True, **given)
    other = {**given, "account": None}
    with refused("came_before"):
        payments.enter_receipt(by=cashier, amount=Decimal(5), **other)
    assert payments.enter_receipt(by=cashier, amount=Decimal(5), **other, again=True).serial == "A-1"


def test_without_a_serial_number_the_same_line_comes_once_unless_somebody_says_so(company: Company) -> None:
    cashier = company.cashier
    given: Any = {"received_on": clock.today(), "payer_name": "晨光", "remark": "货款", "amount": Decimal("500.00")}
    payments.enter_receipt(by=cashier, **given)
    with refused("came_before"):
        payments.enter_receipt(by=cashier, **{**given, "amount": Decimal("500.0")})
    assert payments.enter_receipt(by=cashier, **given, again=True).again == 1
    assert payments.enter_receipt(by=cashier, **given, again=True).again == 2
    with refused("came_before"):
        payments.enter_receipt(by=cashier, **given, balance=Decimal("9.00"))
    assert payments.enter_receipt(by=cashier, **given, balance=Decimal("9.00"), again=True).again == 0


def test_what_does_not_count_is_not_matched_and_does_not_come_in_again(company: Company) -> None:
    receipt, order, cashier = company.receipt("5.00", serial="B-1"), company.order(), company.cashier
    payments.void_receipt(receipt, by=cashier, reason="内部转账")
    assert now(receipt) == ("void", Decimal("0.00"), Decimal("0.00"))
    with refused("wrong_state"):
        company.match(receipt, (order, "5.00"))
    with refused("came_before"):
        company.receipt("5.00", serial="B-1")


def test_money_that_is_used_is_not_given_to_another_customer(company: Company) -> None:
    receipt, cashier = company.receipt("5.00"), company.cashier
    company.match(receipt, (company.order(), "3.00"))
    other = company.world.new_customer()
    receipt.refresh_from_db()
    with refused("used") as caught:
        payments.assign_receipt(receipt, by=cashier, customer=other)
    assert caught.value.sentence == "¥3.00 of it are used."


def test_sales_see_what_came_from_their_customers(company: Company) -> None:
    unknown, his = company.receipt("5.00"), company.receipt("6.00")
    Customer.objects.filter(pk=company.world.customer.pk).update(owner=company.seller)
    payments.assign_receipt(his, by=company.cashier, customer=company.world.customer)
    seen = Receipt.objects.visible_to(company.seller)
    assert list(seen) == [Receipt.objects.get(pk=his.pk)]
    assert unknown not in seen
    clerk = company.world.person("counterclerk", "counter")  # sees all customers, and no receipts
    assert not Receipt.objects.visible_to(clerk).exists()
    assert Receipt.objects.visible_to(company.accountant).count() == 2


AMOUNTS = st.decimals(min_value="0.01", max_value="900.00", places=2)
STEPS = st.lists(st.tuples(st.sampled_from(["match", "back", "refund"]), AMOUNTS, st.integers(0, 2)), max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_is_used_of_a_receipt_is_the_sum_of_its_rows_and_never_more_than_came_in(
    company: Company, steps: list
) -> None:
    receipt, targets = company.receipt("1000.00"), [company.order(quantity="3") for _number in range(3)]
    for what, amount, number in steps:
        current = Receipt.objects.get(pk=receipt.pk)
        live = list(Match.objects.filter(receipt=receipt, taken_back_at=None).order_by("pk"))
        try:
            if what == "match":
                company.match(current, (targets[number], str(amount)))
            elif what == "refund":
                payments.refund_receipt(
                    current, by=company.cashier, amount=amount, paid_on=clock.today(), reference="r", reason="r"
                )
            elif live:
                payments.take_back_match(current, by=company.cashier, match=live[number % len(live)], reason="x")
        except Refused as refusal:
            assert refusal.code in ("more_than_left", "more_than_open", "wrong_state", "nothing_matched")
    current = Receipt.objects.get(pk=receipt.pk)
    used = sum((each.amount for each in Match.objects.filter(receipt=receipt, taken_back_at=None)), Decimal(0))
    assert current.matched == used
    assert current.refunded == sum((each.amount for each in current.refunds.all()), Decimal(0))
    assert current.left == Decimal(1000) - current.matched - current.refunded >= 0
    for order in targets:
        order.refresh_from_db()
        mine = Match.objects.filter(order=order, receipt=receipt, taken_back_at=None)
        assert order.paid == sum((each.amount for each in mine), Decimal(0)) <= order.due


def test_a_wrong_account_number_is_named(company: Company) -> None:
    form = payments.enter_receipt.bind(
        by=company.cashier,
        data={"received_on": "2026-11-23", "amount": "5", "method": "transfer", "payer_account": "12ab"},
    )
    assert list(form.problems()) == ["payer_account"]


@pytest.mark.parametrize("day", ["2026-11-24", "2027-01-01"])
def test_money_does_not_come_in_the_future(company: Company, day: str) -> None:
    form = payments.enter_receipt.bind(
        by=company.cashier, data={"received_on": day, "amount": "5", "method": "transfer"}
    )
    assert list(form.problems()) == ["received_on"]
