"""What a receipt may be for: by number, payer, account, amount and day; accepted, or done by itself where certain."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from orders.contracts import actions as contracts
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice, Match, Receipt
from orders.payments.suggesting import certain, suggestions
from tests.payments.conftest import Company
from tests.world import refused


def said(receipt: Receipt, company: Company) -> list[tuple[list[tuple[str, Decimal]], int, tuple[str, ...]]]:
    """The suggestions: so much for which order, the score, the reasons."""
    return [
        ([(line["order"].number, line["amount"]) for line in each.lines], each.score, each.reasons)
        for each in suggestions(Receipt.objects.get(pk=receipt.pk), company.cashier)
    ]


def test_a_number_in_the_purpose_a_known_name_and_the_amount_make_it_certain(company: Company) -> None:
    order = company.order()
    company.order()  # the same customer, the same amount: the number tells them apart
    receipt = company.receipt("1280.00", payer_name=order.customer.name, remark=f"货款{order.number}，谢谢")
    best = said(receipt, company)[0]
    assert best == ([(order.number, Decimal("1280.00"))], 100, ("order_named", "name_known", "whole_order"))
    done = payments.match_certain(receipt, by=company.cashier)
    assert (done.status, Match.objects.get().order) == ("matched", order)


def test_between_two_that_fit_alike_a_person_chooses(company: Company) -> None:
    first, second = company.order(), company.order()
    cashier = company.cashier
    receipt = company.receipt("1280.00", payer_name=first.customer.name)
    assert {each[0][0][0] for each in said(receipt, company)[:2]} == {first.number, second.number}
    assert certain(receipt, cashier) is None
    with refused("not_certain"):
        payments.match_certain(receipt, by=cashier)


def test_an_invoice_is_named_by_its_number(company: Company) -> None:
    order = company.order(quantity="100")
    company.invoice("3000.00", order=order, overdue=60)
    invoice = company.invoice("500.00", order=order)
    receipt = company.receipt("500.00", remark=f"发票 {invoice.number}")
    assert said(receipt, company)[0] == (
        [(order.number, Decimal("500.00"))],
        95,
        ("invoice_named", "whole_invoice", "near_due"),
    )


def test_a_contract_is_named_by_its_number(company: Company) -> None:
    contract = contracts.record_acceptance(company.order(), by=company.world.root, accepted_by="phone")
    receipt = company.receipt("100.00", remark=f"合同{contract.number}预付款")
    assert said(receipt, company)[0] == (
        [(contract.order.number, Decimal("100.00"))],
        55,
        ("contract_named", "part"),
    )


def test_the_amount_alone_finds_an_order_of_anybody(company: Company) -> None:
    order = company.order(quantity="7")
    company.order()
    receipt = company.receipt("896.00", payer_name="没人认识")
    assert said(receipt, company) == [([(order.number, Decimal("896.00"))], 35, ("whole_order",))]


def test_a_sum_of_several_of_one_customer_is_found(company: Company) -> None:
    wanted = [company.invoice("300.00", overdue=20), company.invoice("450.50", overdue=10)]
    company.invoice("999.00", overdue=2)
    receipt = company.receipt("750.50", payer_name=wanted[0].customer.name)
    lines, score, reasons = said(receipt, company)[0]
    assert sorted(lines) == sorted(
        [(wanted[0].order.number, Decimal("300.00")), (wanted[1].order.number, Decimal("450.50"))]
    )
    assert (score, reasons) == (55, ("name_known", "sum"))


def test_the_payers_account_says_more_than_his_name(company: Company) -> None:
    order = company.order()
    payer: Any = {"payer_name": "王小明", "payer_account": "6222021234567890"}
    company.match(company.receipt("80.00", **payer), (order, "80.00"))
    receipt = company.receipt("200.00", payer_name="另一个名字", payer_account="6222021234567890")
    assert said(receipt, company) == [([(order.number, Decimal("200.00"))], 35, ("account_known", "part"))]


def test_of_an_invoice_that_is_due_about_now_it_is_likelier(company: Company) -> None:
    order = company.order(quantity="100")
    soon = company.invoice("1280.00", overdue=2)
    Invoice.objects.filter(pk=soon.pk).update(due_on=clock.today() - timedelta(days=7))
    late = company.invoice("1280.00", overdue=8)
    found = said(company.receipt("1280.00", payer_name=order.customer.name), company)
    scores = {lines[0][0]: score for lines, score, _reasons in found if len(lines) == 1}
    assert (scores[soon.order.number], scores[late.order.number]) == (70, 60)


def test_what_is_paid_drafted_or_cancelled_is_not_suggested(company: Company) -> None:
    order = company.order()
    payer = order.customer.name
    company.match(company.receipt("1280.00", payer_name=payer), (order, "1280.00"))
    company.world.new_order(draft=True)
    assert said(company.receipt("1280.00", payer_name=payer, remark=order.number), company) == []


def test_the_suggestions_ask_as_much_for_fifty_orders_as_for_one(company: Company) -> None:
    order = company.order()
    receipt = company.receipt("4000.00", payer_name=order.customer.name, remark=f"{order.number}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        suggestions(receipt, company.cashier)
    for _number in range(5):
        company.invoice("20.00", order=company.order())
    receipt = Receipt.objects.get(pk=receipt.pk)
    with CaptureQueriesContext(connection) as many:
        suggestions(receipt, company.cashier)
    assert len(many) <= len(few) + 1 <= 14


def test_a_suggestion_is_accepted_by_one_click_on_the_page(company: Company) -> None:
    order = company.order()
    receipt = company.receipt("1280.00", payer_name=order.customer.name)
    client = Client()
    client.force_login(company.cashier)
    page = client.get(f"/payments/receipts/{receipt.pk}/").content.decode()
    assert f'name="lines-0-order" value="{order.pk}"' in page
    assert 'name="lines-0-amount" value="1280"' in page
    sent = {"lines-0-order": order.pk, "lines-0-amount": "1280.00", "remember": "on", "_version": receipt.version}
    assert client.post(f"/do/payments.match_receipt/{receipt.pk}/", sent).status_code == 302
    assert Order.objects.get(pk=order.pk).open_amount == 0


def test_a_salesperson_sees_no_suggestions_and_may_not_match(company: Company) -> None:
    order = company.order()
    type(order.customer).objects.filter(pk=order.customer_id).update(owner=company.seller)
    receipt = company.receipt("1280.00", payer_name=order.customer.name)
    client = Client()
    client.force_login(company.seller)
    page = client.get(f"/payments/receipts/{receipt.pk}/")
    assert (page.status_code, "lines-0-order" in page.content.decode()) == (200, False)
    sent = {"lines-0-order": order.pk, "lines-0-amount": "1280.00"}
    assert client.post(f"/do/payments.match_receipt/{receipt.pk}/", sent).status_code == 403
