"""The invoice: asked for by a memo, checked or refused by finance, issued, posted, owed (KC 5.1.11.6-8)."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.attachments import attach
from crm.records.models import ActionLog
from orders.actions import payments
from orders.models import Order
from orders.payments.models import Invoice
from pickup.settlement import actions as settlement
from pickup.settlement.forms import IssueForm, MemoForm, PostForm
from pickup.settlement.models import InvoiceMemo, IssuedInvoice, Statement
from pickup.settlement.three_way import three_way
from tests.mailed import hidden, path_of
from tests.settlement.conftest import MEMO, Company
from tests.settlement.test_answering import ASK, confirm, fresh
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S, M = Statement.Status, InvoiceMemo.Status
POSTED = {"how": "post", "carrier": "顺丰速运", "tracking": "SF1234567890"}


def test_a_memo_says_what_was_reconciled_by_product(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "3")
    taken = company.collect(order, "2")
    company.take_back(taken)
    company.collect(order, "7")
    memo = company.memo(company.reconciled(Order.objects.get(pk=order.pk)))
    line = memo.lines.get()
    assert (line.quantity, line.amount, line.tax, line.net, line.net_price) == (
        Decimal(10),
        Decimal("1280.00"),
        Decimal("147.26"),
        Decimal("1132.74"),
        Decimal("113.274000"),
    )
    assert (memo.number, memo.status, memo.total, memo.tax) == (
        "IM2026-000001",
        M.FILLED,
        Decimal("1280.00"),
        Decimal("147.26"),
    )


def test_a_memo_with_an_adjustment_adds_up_to_the_statement(company: Company) -> None:
    statement = company.disputed(amount=Decimal("1199.99"), quantity=None)
    given = {"line": statement.lines.get(), "amount": Decimal("1199.99"), "reason": "议定"}
    ACTIONS[ASK](statement, by=company.seller, **given)
    statement = Statement.objects.get(replaces=statement)
    settlement.send_statement(statement, by=company.seller)
    confirm(path_of("settlement.confirm"))
    memo = company.memo(fresh(statement))
    line = memo.lines.get()
    assert (line.quantity, line.amount, line.tax) == (Decimal(10), Decimal("1199.99"), Decimal("138.05"))
    assert (memo.total, memo.tax) == (line.amount, line.tax)


def test_only_a_reconciled_statement_is_invoiced_and_once(company: Company) -> None:
    statement = company.sent()
    with refused("wrong_state"):
        settlement.fill_in_memo(statement, by=company.seller, **MEMO)
    settlement.record_answer(statement, by=company.seller, name="王小明", paper=scan())
    company.memo(fresh(statement))
    with refused("memo_there"):
        settlement.fill_in_memo(fresh(statement), by=company.seller, **MEMO)


def test_what_comes_to_nothing_is_not_invoiced(company: Company) -> None:
    order = company.order("10")
    company.take_back(company.collect(order))
    statement = company.reconciled(Order.objects.get(pk=order.pk))
    assert statement.total == 0
    with refused("nothing_to_invoice"):
        company.memo(statement)
    assert not Deadline.objects.open().filter(rule="settlement.invoice").exists()


def test_a_special_invoice_needs_the_tax_number(company: Company) -> None:
    statement = company.reconciled()
    form = MemoForm({**MEMO, "tax_number": ""}, by=company.seller, obj=statement)
    assert list(form.problems()) == ["tax_number"]
    ordinary = {**MEMO, "kind": "ordinary", "tax_number": ""}
    assert MemoForm(ordinary, by=company.seller, obj=statement).is_valid()


def test_the_next_memo_begins_with_the_last_one(company: Company) -> None:
    first = MemoForm(by=company.seller, obj=company.reconciled())
    assert first.initial["title"] == company.world.customer.name
    company.memo(Statement.objects.get())
    order = company.order("2")
    company.collect(order)
    other = MemoForm(by=company.seller, obj=company.reconciled(Order.objects.get(pk=order.pk)))
    assert (other.initial["title"], other.initial["bank_account"]) == (MEMO["title"], MEMO["bank_account"])


def test_a_memo_shows_and_logs_no_identifier_in_clear_and_keeps_what_comes_back_masked(company: Company) -> None:
    numbers = {"tax_number": "91350100M000100Y43", "phone": "+8613800138000", "bank_account": "6222020200112233"}
    settlement.fill_in_memo(company.reconciled(), by=company.seller, **{**MEMO, **numbers})
    order = company.order("2")
    company.collect(order)
    statement = company.reconciled(Order.objects.get(pk=order.pk))
    client = Client()
    client.force_login(company.seller)
    path = f"/do/settlement.fill_in_memo/{statement.pk}/"
    page = client.get(path)
    dialog = page.content.decode()
    masks = {"tax_number": "****0Y43", "phone": "138****8000", "bank_account": "****2233"}
    for name, number in numbers.items():
        assert number not in dialog and number.removeprefix("+86") not in dialog
        assert f'value="{masks[name]}"' in dialog
    assert client.post(path, {**MEMO, **masks, **hidden(page)}).status_code in (204, 302, 303)
    memo = InvoiceMemo.objects.get(statement=statement)
    assert {name: getattr(memo, name) for name in numbers} == numbers
    for row in ActionLog.objects.filter(verb="settlement.fill_in_memo"):
        logged = json.dumps(row.inputs, ensure_ascii=False)
        assert not [number for number in numbers.values() if number.removeprefix("+86") in logged]
        assert "2233" in logged


def test_finance_refuses_the_memo_and_the_reconciliation_begins_again(company: Company) -> None:
    memo = company.memo()
    settlement.refuse_memo(memo, by=company.cashier, reason="单价与合同不符")
    statement, order = Statement.objects.get(), Order.objects.get()
    assert (statement.status, statement.reopened, order.settled) == (S.REOPENED, "单价与合同不符", None)
    assert InvoiceMemo.objects.get().status == M.REFUSED
    row = Deadline.objects.open().get(rule="settlement.reconcile")
    assert (row.responsible, row.due_at) == (company.seller, shanghai(30, 9, 30))
    assert not Deadline.objects.open().filter(rule="settlement.invoice").exists()
    assert Message.objects.filter(template="settlement.refused", recipient=company.seller).count() == 1
    settlement.send_statement(statement, by=company.seller)
    assert confirm(path_of("settlement.confirm")).status_code == 303
    assert Order.objects.get().settled == Decimal("1280.00")
    assert company.memo(fresh(statement)).number == "IM2026-000002"


def test_an_invoice_that_is_issued_cannot_be_refused(company: Company) -> None:
    memo = company.issued()
    with refused("wrong_state"):
        settlement.refuse_memo(memo, by=company.cashier, reason="x")


def test_who_fills_in_does_not_check(company: Company) -> None:
    memo = company.memo()
    with refused("forbidden"):
        settlement.pass_memo(memo, by=company.seller)
    with refused("forbidden"):
        settlement.refuse_memo(memo, by=company.seller, reason="x")


def test_posting_the_invoice_lets_the_customer_owe_it(company: Company) -> None:
    Order.objects.all().update(payment_days=0)
    memo = company.issued()
    Order.objects.update(payment_days=30)
    with clock.at(MORNING + timedelta(hours=2)):
        settlement.post_invoice(memo, by=company.seller, **POSTED)
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.kind, invoice.amount, invoice.tax) == (
        "26502000000012345678",
        "special",
        Decimal("1280.00"),
        Decimal("147.26"),
    )
    assert (invoice.issued_on, invoice.due_on, invoice.posted_on, invoice.reference, invoice.entered_by) == (
        date(2026, 11, 23),
        date(2026, 12, 23),
        date(2026, 11, 23),
        memo.number,
        company.seller,
    )
    memo = InvoiceMemo.objects.get()
    assert (memo.status, memo.carrier, memo.tracking, memo.posted_by) == (
        M.POSTED,
        "顺丰速运",
        "SF1234567890",
        company.seller,
    )
    assert Statement.objects.get().status == S.INVOICED
    booked = ActionLog.objects.get(verb="payments.book_invoice")
    assert booked.actor.username == "settlement"


def test_the_invoice_is_posted_within_two_working_days_of_the_reconciliation(company: Company) -> None:
    statement = company.reconciled()
    row = Deadline.objects.open().get(rule="settlement.invoice")
    assert (row.responsible, row.due_at) == (company.seller, shanghai(25, 9, 30))
    memo = company.memo(statement)
    settlement.pass_memo(memo, by=company.cashier)
    given = {"lines": [{"number": "26502000000012345678"}], "issued_on": clock.today()}
    settlement.issue_invoice(InvoiceMemo.objects.get(), by=company.cashier, **given)
    row.refresh_from_db()
    assert row.closed_at is None
    settlement.post_invoice(InvoiceMemo.objects.get(), by=company.seller, **POSTED)
    row.refresh_from_db()
    assert row.outcome == Deadline.Outcome.MET


def test_several_invoices_come_to_the_memo_exactly(company: Company) -> None:
    memo = company.passed()
    part = {"number": "1001", "amount": Decimal("1000.00"), "tax": Decimal("115.04")}
    for other, code in (
        ({"number": "1002"}, "no_amounts"),
        ({"number": "1002", "amount": Decimal("280.00"), "tax": Decimal("32.21")}, "other_total"),
        ({"number": "1002", "amount": Decimal("279.99"), "tax": Decimal("32.22")}, "other_total"),
    ):
        with refused(code):
            settlement.issue_invoice(memo, by=company.cashier, lines=[part, other], issued_on=clock.today())
    rest = {"number": "1002", "amount": Decimal("280.00"), "tax": Decimal("32.22")}
    memo = settlement.issue_invoice(memo, by=company.cashier, lines=[part, rest], issued_on=clock.today())
    settlement.post_invoice(memo, by=company.seller, **POSTED)
    assert list(Invoice.objects.order_by("number").values_list("number", "amount", "tax")) == [
        ("1001", Decimal("1000.00"), Decimal("115.04")),
        ("1002", Decimal("280.00"), Decimal("32.22")),
    ]


@pytest.mark.parametrize(("field", "wrong"), [("tax", "147.25"), ("amount", "1280.01")])
def test_a_single_invoice_is_not_over_anything_else_than_the_memo(company: Company, field: str, wrong: str) -> None:
    memo = company.passed()
    with refused("other_total"):
        settlement.issue_invoice(
            memo, by=company.cashier, lines=[{"number": "1001", field: Decimal(wrong)}], issued_on=clock.today()
        )
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(company.cashier)
    data = {"lines-0-number": "1001", f"lines-0-{field}": wrong, "issued_on": "2026-11-23"}
    page = client.post(f"/do/settlement.issue_invoice/{memo.pk}/", data)
    asked = {"tax": "¥147.26", "amount": "¥1,280.00"}[field]
    assert page.status_code == 422 and f"The memo says {asked}." in page.content.decode()
    form = IssueForm(
        {"lines": [{"number": "1001", field: wrong}], "issued_on": "2026-11-23"}, by=company.cashier, obj=memo
    )
    assert list(form.problems()) == [f"lines[0].{field}"]
    assert not IssuedInvoice.objects.exists()
    same = {"number": "1001", "amount": Decimal("1280.00"), "tax": Decimal("147.26")}
    settlement.issue_invoice(memo, by=company.cashier, lines=[same], issued_on=clock.today())
    assert IssuedInvoice.objects.get().tax == Decimal("147.26")


def test_an_invoice_number_is_given_once(company: Company) -> None:
    company.issued("1001")
    order = company.order("2")
    company.collect(order)
    memo = company.memo(company.reconciled(Order.objects.get(pk=order.pk)))
    settlement.pass_memo(memo, by=company.cashier)
    given = {"lines": [{"number": "1001"}], "issued_on": clock.today()}
    with refused("number_taken"):
        settlement.issue_invoice(InvoiceMemo.objects.latest("pk"), by=company.cashier, **given)


def test_an_invoice_goes_by_mail_with_its_file(company: Company) -> None:
    memo = company.issued()
    settlement.post_invoice(memo, by=company.seller, how="mail")
    path = path_of("settlement.invoice")
    client = Client()
    page = client.get(path).content.decode()
    address = re.search(r'href="(file/\d+/)"', page)[1]
    answer: Any = client.get(path + address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.4")
    assert answer["Content-Disposition"].startswith("attachment")
    assert ActionLog.objects.filter(verb="records.download", actor__username="links").count() == 1
    other = attach(company.world.customer, scan("contract.pdf"), by=company.seller)  # no file of this page
    assert client.get(f"{path}file/{other.pk}/").status_code == 404
    assert client.get(path + "file/999999/").status_code == 404
    assert client.get("/l/forged-token-123456789012/file/1/").status_code == 404


def test_an_invoice_without_a_file_does_not_go_by_mail(company: Company) -> None:
    memo = company.passed()
    given = {"lines": [{"number": "1001"}], "issued_on": clock.today()}
    memo = settlement.issue_invoice(memo, by=company.cashier, **given)
    with refused("no_file"):
        settlement.post_invoice(memo, by=company.seller, how="mail")
    form = PostForm({"how": "post"}, by=company.seller, obj=memo)
    assert sorted(form.problems()) == ["carrier", "tracking"]


def test_an_invoice_is_not_issued_tomorrow(company: Company) -> None:
    memo = company.passed()
    form = IssueForm({"lines": [{"number": " 2650 2000 "}], "issued_on": "2026-11-24"}, by=company.cashier, obj=memo)
    assert list(form.problems()) == ["issued_on"]
    form = IssueForm({"lines": [{"number": " 2650 2000 "}], "issued_on": "2026-11-23"}, by=company.cashier, obj=memo)
    assert form.is_valid()
    assert form.cleaned_data["lines"][0]["number"] == "26502000"


@pytest.mark.parametrize("verb", ["reopen_statement", "note_invoiced", "unsettle_order"])
def test_what_follows_by_itself_nobody_does(company: Company, verb: str) -> None:
    statement = company.reconciled()
    root: User = company.world.root
    obj = statement.order if verb == "unsettle_order" else statement
    with refused("by_itself"):
        ACTIONS[f"settlement.{verb}"](obj, by=root, **({"reason": "x"} if verb == "reopen_statement" else {}))


def test_whoever_follows_what_is_due_hears_that_the_order_is_settled_and_that_it_is_not(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, Decimal | None]] = []
    listening = [*payments.TOLD, lambda order: heard.append((order.pk, Order.objects.get(pk=order.pk).settled))]
    monkeypatch.setattr(payments, "TOLD", listening)
    memo = company.memo()
    assert heard == [(memo.order_id, Decimal("1280.00"))]
    settlement.refuse_memo(memo, by=company.cashier, reason="单价与合同不符")
    assert heard[1:] == [(memo.order_id, None)]


def test_the_three_ways_say_where_they_differ(company: Company) -> None:
    order = company.order("10")
    company.collect(order, "4")
    row = three_way(Order.objects.get(pk=order.pk)).rows[0]
    assert (row.ordered.quantity, row.handed.quantity, row.invoiced.quantity) == (Decimal(10), Decimal(4), Decimal(0))
    assert (row.ordered.amount, row.handed.amount) == (Decimal("1280.00"), Decimal("512.00"))
    with override("en"):
        assert row.marks == ["6 pc not handed over", "¥512.00 not invoiced"]
    company.collect(order, "6")
    memo = company.memo(company.reconciled(Order.objects.get(pk=order.pk)))
    settlement.pass_memo(memo, by=company.cashier)
    given = {"lines": [{"number": "1001"}], "issued_on": clock.today()}
    settlement.issue_invoice(InvoiceMemo.objects.get(), by=company.cashier, **given)
    settlement.post_invoice(InvoiceMemo.objects.get(), by=company.seller, **POSTED)
    from orders import actions as orders

    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("1000.00"))
    with override("en"):
        found = three_way(Order.objects.get(pk=order.pk))
        assert found.rows[0].marks == ["¥280.00 not paid"]
    assert found.totals == {
        "ordered": Decimal("1280.00"),
        "handed": Decimal("1280.00"),
        "invoiced": Decimal("1280.00"),
        "paid": Decimal("1000.00"),
    }
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("300.00"))
    found = three_way(Order.objects.get(pk=order.pk))
    assert (found.rows[0].marks, found.beyond, found.totals["paid"]) == (
        [],
        Decimal("20.00"),
        Decimal("1300.00"),
    )


def test_a_delivery_is_stated_like_a_pickup(company: Company) -> None:
    from pickup import actions as pickup

    order = company.order("10", fulfilment="delivery", place="成都市")
    given = {"at": MORNING, "place": "成都市", "receiver": "赵四", "prepared": ["packaging", "documents", "transport"]}
    pickup.deliver_order(order, by=company.world.root, **given)
    statement = company.stated(Order.objects.get(pk=order.pk))
    line = statement.lines.get()
    assert (line.source, line.quantity, line.amount) == ("DL2026-000001", Decimal(10), Decimal("1280.00"))
    assert line.delivery_line is not None
    with nothing_moves():
        assert three_way(Order.objects.get(pk=order.pk)).rows[0].handed.quantity == Decimal(10)


def test_a_statement_that_comes_to_nothing_waits_for_no_invoice(company: Company) -> None:
    order = company.order()
    company.take_back(company.collect(order))
    statement = company.reconciled(Order.objects.get())
    assert (statement.status, statement.total) == (S.RECONCILED, Decimal("0.00"))
    client = Client()
    client.force_login(company.seller)
    for tab in ("memo", "mine"):
        assert statement.number not in client.get(f"/settlement/statements/?tab={tab}").content.decode()
    assert statement.number in client.get("/settlement/statements/").content.decode()
