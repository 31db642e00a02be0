"""The pages and REST of payments: who sees what, what a stranger gets, what a page costs."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.api.tokens import issue
from crm.records.search import search
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Dunning, Invoice, Match, Receipt, WriteOff
from tests.payments.conftest import Company
from tests.payments.test_dunning import late
from tests.payments.test_write_offs import agree, ask


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rest(user: Any, path: str, data: Any = None) -> Any:
    _token, secret = issue(user, "test", ("read", "write"), days=None)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    if data is None:
        return client.get(f"/api/v1/{path}")
    return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json")


@pytest.fixture
def everything(company: Company) -> dict[str, str]:
    """A case, a letter, a receipt that is matched in part, and a write-off; each with the address of its page."""
    late(company, 31)
    reminder = payments.write_letter(Dunning.objects.get(), by=company.cashier)
    invoice = Invoice.objects.get()
    receipt = company.receipt("900.00", payer_name=invoice.customer.name, payer_account="6222021234567890")
    company.match(receipt, (invoice.order, "600.00"))
    agree(ask(company, invoice.order, "1.00"), company, "cashier")
    return {
        "invoice": f"/payments/invoices/{invoice.pk}/",
        "receipt": f"/payments/receipts/{receipt.pk}/",
        "dunning": f"/payments/dunning/{Dunning.objects.get().pk}/",
        "print": f"/payments/reminders/{reminder.pk}/print/",
    }


def test_a_stranger_finds_nothing_by_guessing(company: Company, everything: dict[str, str]) -> None:
    stranger = company.world.stranger
    client = client_of(stranger)
    for url in everything.values():
        assert client.get(url).status_code == 404, url
    rows: list[Any] = [*Invoice.objects.all(), *Receipt.objects.all(), *Dunning.objects.all(), *Match.objects.all()]
    lists = {Invoice: "invoices", Receipt: "receipts", Dunning: "dunnings", Match: "matches", WriteOff: "writeoffs"}
    for row in [*rows, *WriteOff.objects.all()]:
        assert rest(stranger, f"{lists[type(row)]}/{row.pk}/").status_code in (403, 404)
        assert not type(row).objects.visible_to(stranger).exists()


def test_another_salesperson_sees_nothing_of_it(company: Company, everything: dict[str, str]) -> None:
    client = client_of(company.world.charlie)
    for url in everything.values():
        assert client.get(url).status_code == 404, url


def test_every_page_opens_for_the_owner_and_for_finance(company: Company, everything: dict[str, str]) -> None:
    for user in (company.seller, company.cashier):
        client = client_of(user)
        for url in everything.values():
            page = client.get(url)
            assert page.status_code == 200, url
            assert "6222021234567890" not in page.content.decode()
        for name in ("invoices", "receipts", "dunning", "write-offs", "matches"):
            assert client.get(f"/payments/{name}/").status_code == 200


def test_the_pages_of_the_order_and_the_customer_show_it(company: Company, everything: dict[str, str]) -> None:
    invoice = Invoice.objects.get()
    client = client_of(company.cashier)
    order = client.get(f"/orders/{invoice.order_id}/").content.decode()
    assert invoice.number in order
    customer = client.get(f"/customers/{invoice.customer_id}/").content.decode()
    assert Dunning.objects.get().number in customer
    assert f"/payments/invoices/?customer={invoice.customer_id}&amp;age=31-60" in customer


def test_what_the_lists_and_pages_cost(company: Company, everything: dict[str, str]) -> None:
    client = client_of(company.cashier)
    for _number in range(6):
        company.invoice("5.00", overdue=2)
        company.receipt("6.00", payer_name="晨光")
    costs = {}
    for url in (*everything.values(), "/payments/invoices/", "/payments/receipts/", "/payments/dunning/"):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        costs[url] = len(asked)
    lists = [costs[url] for url in ("/payments/invoices/", "/payments/receipts/", "/payments/dunning/")]
    assert max(lists) <= 5, costs
    assert max(costs.values()) <= 34, costs


def test_an_erp_posts_an_invoice_and_a_receipt(company: Company) -> None:
    order = company.order()
    sent = {"order": order.pk, "number": "ERP-1", "kind": "special", "amount": "1280.00", "issued_on": "2026-11-20"}
    answer = rest(company.cashier, "payments.enter_invoice/", sent)
    assert (answer.status_code, answer.json()["status"], answer.json()["due_on"]) == (201, "open", "2026-11-20")
    twice = rest(company.cashier, "payments.enter_invoice/", sent)
    assert (twice.status_code, list(twice.json()["error"]["fields"])) == (400, ["number"])
    money = {"received_on": "2026-11-23", "amount": "1280.00", "method": "transfer", "serial": "ERP-9"}
    receipt = rest(company.cashier, "payments.enter_receipt/", money)
    assert receipt.status_code == 201
    again = rest(company.cashier, "payments.enter_receipt/", money)
    assert (again.status_code, list(again.json()["error"]["fields"])) == (400, [""])
    pk = receipt.json()["pk"]
    lines = {"lines": [{"order": order.pk, "amount": "1280.00"}]}
    matched = rest(company.cashier, f"receipts/{pk}/payments.match_receipt/", lines)
    assert (matched.status_code, matched.json()["status"]) == (200, "matched")
    assert Invoice.objects.get().status == "paid"
    assert [each["amount"] for each in rest(company.cashier, f"receipts/{pk}/").json()["matches"]] == ["1280.00"]


def test_rest_masks_the_payers_account(company: Company) -> None:
    receipt = company.receipt("5.00", payer_account="6222021234567890")
    assert rest(company.cashier, f"receipts/{receipt.pk}/").json()["payer_account"] == "****7890"
    listed = rest(company.cashier, "receipts/").content.decode()
    assert "6222021234567890" not in listed


def test_they_are_found_by_their_numbers(company: Company) -> None:
    invoice = company.invoice("5.00")
    receipt = company.receipt("5.00", serial="ICBC20261123777", payer_name="北碚建材")
    cashier = company.cashier
    assert list(search(Invoice.objects.visible_to(cashier), invoice.number)) == [invoice]
    assert list(search(Invoice.objects.visible_to(cashier), invoice.order.number)) == [invoice]
    for words in (receipt.number, "ICBC20261123777", "北碚"):
        assert [each.pk for each in search(Receipt.objects.visible_to(cashier), words)] == [receipt.pk], words


def test_many_receipts_are_matched_at_once_where_it_is_certain(company: Company) -> None:
    sure, open_ = company.order(), company.order(quantity="3")
    first = company.receipt("1280.00", payer_name=sure.customer.name, remark=sure.number)
    company.receipt("77.00", payer_name="没人认识")
    client = client_of(company.cashier)
    page = client.get("/payments/receipts/").content.decode()
    assert "payments.match_certain" in page
    assert payments.match_certain(first, by=company.cashier).status == "matched"
    assert Order.objects.get(pk=open_.pk).paid == Decimal("0.00")
