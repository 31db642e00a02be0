"""A posted invoice is cancelled and issued anew; a wrong number is corrected, a file added (KC 5.1.11.7)."""

from decimal import Decimal

from crm import clock
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, Statement
from tests.settlement.conftest import Company
from tests.settlement.test_answering import confirm, fresh, path_of_last
from tests.settlement.test_invoicing import POSTED

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
    assert confirm(path_of_last()).status_code == 303
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
