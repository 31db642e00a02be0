"""A posted invoice is cancelled and issued anew; a wrong number is corrected, a file added (KC 5.1.11.7)."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from crm import clock
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog, FieldHistory
from crm.records.timeline import timeline
from crm.refusals import Refused
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, IssuedInvoice, Statement
from tests.mailed import path_of
from tests.settlement.conftest import Company
from tests.settlement.test_answering import confirm, fresh
from tests.settlement.test_invoicing import POSTED
from tests.world import nothing_moves, refused, scan

S, M = Statement.Status, InvoiceMemo.Status


def cancel(company: Company, number: str, reason: str = "税号开错") -> Invoice:
    return payments.cancel_invoice(Invoice.objects.get(number=number), by=company.cashier, reason=reason)


def receivable() -> Decimal:
    """What is open of all invoices."""
    return sum((each.open_amount for each in Invoice.objects.all()), Decimal("0.00"))


def test_a_cancelled_invoice_voids_its_memo_and_its_statement_is_agreed_on_and_invoiced_again(
    company: Company,
) -> None:
    memo = company.posted()
    orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal("200.00"))
    cancel(company, "26502000000012345678")
    memo.refresh_from_db()
    statement, order = Statement.objects.get(), Order.objects.get()
    assert (memo.status, memo.reason) == (M.VOIDED, "税号开错")
    assert (statement.status, statement.reopened, order.settled) == (S.REOPENED, "税号开错", None)
    assert (receivable(), disagreements()) == (Decimal("0.00"), [])
    assert Deadline.objects.open().get(rule="settlement.reconcile").responsible == company.seller
    told = Message.objects.get(template="settlement.voided", recipient=company.seller)
    assert "26502000000012345678" in told.text("zh-hans")["body"]
    row = ActionLog.objects.get(verb="settlement.void_memo")
    assert (row.actor.username, row.cause.verb, row.cause.actor) == (
        "settlement",
        "payments.cancel_invoice",
        company.cashier,
    )

    settlement.send_statement(statement, by=company.seller)
    assert confirm(path_of("settlement.confirm")).status_code == 303
    again = company.memo(fresh(statement))
    settlement.pass_memo(again, by=company.cashier)
    given = {"lines": [{"number": "26502000000012345999"}], "issued_on": clock.today()}
    again = settlement.issue_invoice(InvoiceMemo.objects.get(pk=again.pk), by=company.cashier, **given)
    settlement.post_invoice(again, by=company.seller, **POSTED)
    assert Statement.objects.get().status == S.INVOICED
    assert list(Invoice.objects.order_by("pk").values_list("number", "status", "paid")) == [
        ("26502000000012345678", "cancelled", Decimal("0.00")),
        ("26502000000012345999", "open", Decimal("200.00")),
    ]
    assert (receivable(), disagreements()) == (Decimal("1080.00"), [])


def test_one_of_several_invoices_of_a_memo_takes_the_others_with_it(company: Company) -> None:
    lines = [
        {"number": "1001", "amount": Decimal("1000.00"), "tax": Decimal("115.04")},
        {"number": "1002", "amount": Decimal("280.00"), "tax": Decimal("32.22")},
    ]
    memo = settlement.issue_invoice(company.passed(), by=company.cashier, lines=lines, issued_on=clock.today())
    settlement.post_invoice(memo, by=company.seller, **POSTED)
    orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal("1100.00"))
    cancel(company, "1002")
    assert list(Invoice.objects.order_by().values_list("status", "paid", "reason").distinct()) == [
        ("cancelled", Decimal("0.00"), "税号开错")
    ]
    assert ActionLog.objects.filter(verb="settlement.void_memo").count() == 1
    assert (Statement.objects.get().status, disagreements()) == (S.REOPENED, [])


def test_the_customers_link_to_a_cancelled_invoice_ends(company: Company) -> None:
    settlement.post_invoice(company.issued(), by=company.seller, how="mail")
    cancel(company, "26502000000012345678")
    assert Link.objects.get(purpose="settlement.invoice").status == Link.Status.ENDED


def test_an_invoice_that_settlement_did_not_make_concerns_no_memo(company: Company) -> None:
    company.posted()
    payments.enter_invoice(
        by=company.cashier, order=Order.objects.get(), number="ERP-1", amount=Decimal("5.00"), tax=Decimal("0.00")
    )
    cancel(company, "ERP-1")
    assert (Statement.objects.get().status, InvoiceMemo.objects.get().status) == (S.INVOICED, M.POSTED)
    assert not ActionLog.objects.filter(verb="settlement.void_memo").exists()


def issue(memo: InvoiceMemo, company: Company, number: str, **facts: Any) -> InvoiceMemo:
    given = {"lines": [{"number": number}], "issued_on": clock.today(), **facts}
    return settlement.issue_invoice(InvoiceMemo.objects.get(pk=memo.pk), by=company.cashier, **given)


def post(memo: InvoiceMemo, company: Company, **how: Any) -> InvoiceMemo:
    return settlement.post_invoice(InvoiceMemo.objects.get(pk=memo.pk), by=company.seller, **(how or POSTED))


def test_a_wrong_number_is_taken_back_and_the_right_one_is_posted(company: Company) -> None:
    memo = company.issued("1001")
    with refused("forbidden"):
        settlement.correct_issue(memo, by=company.seller, reason="x")
    memo = settlement.correct_issue(memo, by=company.cashier, reason="号码录错一位")
    assert (memo.status, memo.issued_on, memo.issued.count()) == (M.PASSED, None, 0)
    gone = FieldHistory.objects.filter(table_name=IssuedInvoice._meta.db_table, op="D").get()
    assert gone.before["number"] == "1001"
    row = ActionLog.objects.get(verb="settlement.correct_issue")
    assert (row.inputs, row.before, row.after) == ({"reason": "号码录错一位"}, "issued", "passed")
    said = next(each for each in timeline(memo, company.cashier) if "1001" in each["body"])
    assert (said["body"], said["actor"]) == ("1001 · ¥1,280.00", company.cashier)
    memo = issue(memo, company, "1010")
    assert Message.objects.filter(template="settlement.issued", recipient=company.seller).count() == 2
    with refused("no_file"):  # the one that was there is of the wrong number
        post(memo, company, how="mail")
    post(memo, company)
    assert Invoice.objects.get().number == "1010"
    with refused("wrong_state"):
        settlement.correct_issue(InvoiceMemo.objects.get(), by=company.cashier, reason="x")


def test_an_issued_memo_is_refused_once_its_number_is_taken_back(company: Company) -> None:
    memo = settlement.correct_issue(company.issued(), by=company.cashier, reason="抬头错")
    settlement.refuse_memo(memo, by=company.cashier, reason="抬头错")
    assert Statement.objects.get().status == S.REOPENED


def test_a_file_is_added_after_the_number_and_goes_by_mail(company: Company) -> None:
    memo = issue(company.passed(), company, "1001")
    with refused("forbidden"):
        settlement.add_invoice_file(memo, by=company.seller, file=scan("invoice.pdf"))
    settlement.add_invoice_file(memo, by=company.cashier, file=scan("invoice.pdf"))
    post(memo, company, how="mail")
    settlement.add_invoice_file(InvoiceMemo.objects.get(), by=company.cashier, file=scan("stamped.pdf"))
    page = Client().get(re.search(r"http://testserver(/l/\S+)", last_mail())[1]).content.decode()
    assert "invoice.pdf" in page and "stamped.pdf" in page


def last_mail() -> str:
    return Message.objects.filter(template="settlement.invoice").latest("pk").text("zh-hans")["body"]


def enter(company: Company, number: str, **facts: Any) -> Invoice:
    """The invoice as finance brings it in from the ERP, without its tax."""
    given = {"order": Order.objects.get(), "amount": Decimal("1280.00"), **facts}
    return payments.enter_invoice(by=company.cashier, number=number, kind="special", **given)


def test_the_invoice_that_came_from_the_erp_in_between_is_posted_and_not_booked_twice(company: Company) -> None:
    memo = issue(company.passed(), company, "1001")
    enter(company, "1001", reference="记-0031")
    post(memo, company)
    invoice = Invoice.objects.get()
    assert (invoice.posted_on, invoice.reference, invoice.entered_by) == (clock.today(), "记-0031", company.cashier)
    assert (Statement.objects.get().status, receivable()) == (S.INVOICED, Decimal("1280.00"))
    cancel(company, "1001")
    assert InvoiceMemo.objects.get().status == M.VOIDED


def test_the_invoice_that_came_from_the_erp_before_is_noted_on_its_memo(company: Company) -> None:
    memo = company.passed()
    enter(company, "1001")
    post(issue(memo, company, "1001"), company)
    assert Invoice.objects.get().reference == memo.number


def test_another_invoice_under_the_number_is_refused_and_says_what_differs(company: Company) -> None:
    memo = issue(company.passed(), company, "1001")
    enter(company, "1001", amount=Decimal("1279.99"))
    with nothing_moves(), refused("other_invoice"), override("en"):
        post(memo, company)
    with override("en"), pytest.raises(Refused, match=r"it is over ¥1,279\.99, and here over ¥1,280\.00"):
        post(memo, company)
    cancel(company, "1001")
    with override("en"), pytest.raises(Refused, match="it was voided"):
        post(memo, company)
    memo = settlement.correct_issue(InvoiceMemo.objects.get(), by=company.cashier, reason="号码录错")
    other = company.order("2")
    payments.enter_invoice(by=company.cashier, order=other, number="2002", amount=Decimal("1280.00"))
    with override("en"), pytest.raises(Refused, match="it is about another order"):
        issue(memo, company, "2002")
    post(issue(memo, company, "1010"), company)
    assert Invoice.objects.get(number="1010").amount == Decimal("1280.00")
