"""Goods that come back after they were invoiced are credited by a red invoice (红字发票): the customer owes less."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.deadlines.models import Deadline
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements, invoiced
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.forms import IssueForm, MemoForm
from pickup.settlement.models import InvoiceMemo, Statement, StatementLine
from pickup.settlement.prints import in_capitals
from pickup.settlement.stating import is_stale
from pickup.settlement.three_way import three_way
from tests.mailed import path_of
from tests.settlement.conftest import MEMO, Company
from tests.settlement.test_answering import ASK, confirm, fresh
from tests.settlement.test_mending import issue, post, receivable
from tests.world import nothing_moves, refused, scan

S, M = Statement.Status, InvoiceMemo.Status


def order() -> Order:
    return Order.objects.get()


def seven_and_three(company: Company) -> Pickup:
    """An order of ten, collected as seven and three, invoiced and posted as 1001; answers the second pickup."""
    made = company.order("10")
    company.collect(made, "7")
    second = company.collect(made, "3")
    invoice(company, "1001")
    return second


def memo(company: Company) -> InvoiceMemo:
    """The memo of all that is not stated yet, which the customer has confirmed; passed by finance."""
    return settlement.pass_memo(company.memo(company.reconciled(order())), by=company.cashier)


def invoice(company: Company, number: str) -> InvoiceMemo:
    return post(issue(memo(company), company, number), company)


def test_goods_that_came_back_are_credited_and_the_customer_owes_less(company: Company) -> None:
    company.take_back(seven_and_three(company))
    statement = company.reconciled(order())
    assert (statement.total, statement.tax) == (Decimal("-384.00"), Decimal("-44.18"))
    assert Deadline.objects.open().filter(rule="settlement.invoice").exists()
    form = MemoForm(by=company.seller, obj=statement)
    with override("en"):
        assert MemoForm(by=company.seller, obj=statement).initial["remarks"] == "Red invoice to 1001"
    credit = settlement.fill_in_memo(statement, by=company.seller, **{**MEMO, "remarks": form.initial["remarks"]})
    line = credit.lines.get()
    assert (credit.total, credit.is_credit, line.quantity, line.net_price) == (
        Decimal("-384.00"),
        True,
        Decimal(-3),
        Decimal("113.273333"),
    )
    credit = settlement.pass_memo(credit, by=company.cashier)
    post(issue(credit, company, "2001"), company)
    red = Invoice.objects.get(number="2001")
    assert (red.due_on, red.status, red.amount, red.tax, red.paid, red.open_amount) == (
        clock.today(),
        "credit",
        Decimal("-384.00"),
        Decimal("-44.18"),
        Decimal("0.00"),
        Decimal("0.00"),
    )
    assert (receivable(), invoiced(order()), disagreements()) == (Decimal("896.00"), Decimal("896.00"), [])
    assert set(Statement.objects.values_list("status", flat=True)) == {S.INVOICED}
    row = three_way(order()).rows[0]
    assert (row.handed.amount, row.invoiced.amount, row.invoiced.quantity) == (
        Decimal("896.00"),
        Decimal("896.00"),
        Decimal(7),
    )
    orders.enter_payment(order(), by=company.cashier, amount=Decimal("896.00"))
    assert (Invoice.objects.get(number="1001").status, receivable()) == ("paid", Decimal("0.00"))


def test_all_that_came_back_leaves_nothing_to_be_paid_nor_overdue(company: Company) -> None:
    taken = company.collect(company.order("10"))
    invoice(company, "1001")
    Invoice.objects.update(due_on=date(2026, 11, 1))
    assert Invoice.objects.overdue().count() == 1
    company.take_back(taken)
    invoice(company, "2001")
    assert (receivable(), Invoice.objects.overdue().count(), disagreements()) == (Decimal("0.00"), 0, [])


def test_goods_that_leave_again_after_a_credit_are_invoiced_again(company: Company) -> None:
    company.take_back(seven_and_three(company))
    invoice(company, "2001")
    company.collect(order(), "3")
    again = invoice(company, "3001")
    assert (again.total, receivable(), order().settled) == (
        Decimal("384.00"),
        Decimal("1280.00"),
        Decimal("1280.00"),
    )
    assert disagreements() == []


def test_where_the_rest_is_waived_the_order_costs_what_was_invoiced_less_the_credit(company: Company) -> None:
    company.take_back(seven_and_three(company))
    pickup.waive_rest(order(), by=company.world.root, reason="客户不要了")
    invoice(company, "2001")
    assert (order().settled, order().open_amount, receivable()) == (Decimal("896.00"),) * 3


def test_no_more_is_credited_than_is_invoiced(company: Company) -> None:
    """The invoice of what left was not posted yet: the red one waits, or its memo is refused."""
    made = company.order("10")
    taken = company.collect(made)
    first = memo(company)
    company.take_back(taken)
    credit = memo(company)
    with nothing_moves(), refused("more_than_invoiced"):
        issue(credit, company, "2001")
    first = issue(first, company, "1001")
    with refused("more_than_invoiced"):
        issue(credit, company, "2001")
    post(first, company)
    credit = issue(credit, company, "2001")
    payments.cancel_invoice(Invoice.objects.get(number="1001"), by=company.cashier, reason="整单作废")
    with nothing_moves(), refused("more_than_invoiced"):
        post(credit, company)
    settlement.correct_issue(fresh_memo(credit), by=company.cashier, reason="未开")
    settlement.refuse_memo(fresh_memo(credit), by=company.cashier, reason="整单作废，重新对账")
    assert set(Statement.objects.values_list("status", flat=True)) == {S.REOPENED}


def fresh_memo(memo: InvoiceMemo) -> InvoiceMemo:
    return InvoiceMemo.objects.get(pk=memo.pk)


def test_an_invoice_is_cancelled_after_its_credit_notes(company: Company) -> None:
    company.take_back(seven_and_three(company))
    credit = invoice(company, "2001")
    with nothing_moves(), refused("credited"):
        payments.cancel_invoice(Invoice.objects.get(number="1001"), by=company.cashier, reason="x")
    payments.cancel_invoice(Invoice.objects.get(number="2001"), by=company.cashier, reason="红字开错")
    assert fresh_memo(credit).status == M.VOIDED
    assert fresh(credit.statement).status == S.REOPENED
    assert (receivable(), disagreements()) == (Decimal("1280.00"), [])
    payments.cancel_invoice(Invoice.objects.get(number="1001"), by=company.cashier, reason="整单作废")
    assert (receivable(), invoiced(order())) == (Decimal("0.00"), Decimal("0.00"))


def test_several_red_invoices_come_to_the_memo_exactly_and_are_below_nothing(company: Company) -> None:
    company.take_back(seven_and_three(company))
    credit = memo(company)
    lines: list[dict[str, Any]] = [
        {"number": "2001", "amount": Decimal("-300.00"), "tax": Decimal("-34.51")},
        {"number": "2002", "amount": Decimal("84.00"), "tax": Decimal("9.67")},
    ]
    with nothing_moves(), refused("other_side"):
        issue(credit, company, "", lines=lines)
    lines[1] = {"number": "2002", "amount": Decimal("-84.00"), "tax": Decimal("-9.67")}
    form = IssueForm(
        {"lines": [{**each, "amount": str(each["amount"]), "tax": str(each["tax"])} for each in lines]}
        | {"issued_on": "2026-11-23"},
        by=company.cashier,
        obj=credit,
    )
    assert form.is_valid(), form.problems()
    post(issue(credit, company, "", lines=lines), company)
    assert list(Invoice.objects.filter(status="credit").order_by("number").values_list("amount", flat=True)) == [
        Decimal("-300.00"),
        Decimal("-84.00"),
    ]


def test_what_was_adjusted_comes_back_with_the_last_of_the_goods(company: Company) -> None:
    taken = company.collect(company.order("10"))
    first = company.disputed(order(), amount=Decimal("1200.00"), quantity=None)
    inputs: dict[str, Any] = {"line": first.lines.get(), "amount": Decimal("1200.00"), "reason": "议定"}
    ACTIONS[ASK](first, by=company.seller, **inputs)
    adjusted = Statement.objects.get(replaces=first)
    settlement.send_statement(adjusted, by=company.seller)
    confirm(path_of("settlement.confirm"))
    post(issue(settlement.pass_memo(company.memo(fresh(adjusted)), by=company.cashier), company, "1001"), company)
    company.take_back(taken)
    statement = company.stated(order())
    assert (statement.total, statement.tax) == (Decimal("-1200.00"), Decimal("-138.05"))
    settlement.record_answer(statement, by=company.seller, name="王小明", paper=scan())
    credit = settlement.pass_memo(company.memo(fresh(statement)), by=company.cashier)
    post(issue(credit, company, "2001"), company)
    assert (receivable(), invoiced(order())) == (Decimal("0.00"), Decimal("0.00"))
    company.collect(order())
    assert company.stated(order()).total == Decimal("1200.00")


def test_the_pages_and_papers_of_a_credit_say_so(company: Company) -> None:
    company.take_back(seven_and_three(company))
    credit = invoice(company, "2001")
    client = Client()
    client.force_login(company.cashier)
    paper = client.get(f"/settlement/memos/{credit.pk}/print/").content.decode()
    assert "（负数）人民币叁佰捌拾肆元整" in paper
    assert in_capitals(Decimal("384.00")) == "人民币叁佰捌拾肆元整"
    page = client.get(Invoice.objects.get(number="1001").get_absolute_url()).content.decode()
    assert "2001" in page and "−¥384.00" in page
    rows = client.get(f"{reverse('invoices')}?q=2001").content.decode()
    assert "−¥384.00" in rows


STEP = st.sampled_from(["collect", "back", "invoice", "pay", "cancel"])


def agreed_anew(company: Company, made: Order) -> Statement | None:
    """The order's statement as the customer has confirmed it again, with all that moved since; a new one, or none."""
    found = Statement.objects.filter(order=made).open().first()
    if found is None:
        nothing = settlement.make_statement.refusal(made, company.seller)
        return None if nothing else company.reconciled(made)
    if is_stale(found):
        found = settlement.revise_statement(found, by=company.seller)
    settlement.send_statement(fresh(found), by=company.seller)
    return settlement.answer_statement(fresh(found), by=User.objects.system("links"), name="王小明")


@example(steps=["back", "invoice", "pay", "collect", "invoice"])
@example(steps=["collect", "invoice", "back", "invoice", "cancel", "invoice"])
@example(steps=["pay", "cancel", "back", "invoice", "collect", "invoice"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=7))
def test_whatever_is_done_the_receivable_is_what_is_invoiced_and_credited_less_what_is_paid(
    company: Company, steps: list[str]
) -> None:
    made = company.order("10")
    number = 0
    for what in ["collect", "invoice", *steps]:
        now = Order.objects.get(pk=made.pk)
        if what == "collect" and now.lines.get().open_quantity >= 2:
            company.collect(now, "2")
        elif what == "back":
            if taken := Pickup.objects.filter(order=made, status="handed_over").last():
                company.take_back(taken)
        elif what == "invoice" and (statement := agreed_anew(company, now)):
            if settlement.fill_in_memo.refusal(statement, company.seller) is None:
                number += 1
                passed = settlement.pass_memo(company.memo(statement), by=company.cashier)
                post(issue(passed, company, f"{made.pk}-{number}"), company)
        elif what == "pay":
            orders.enter_payment(now, by=company.cashier, amount=Decimal("100.00"), again=True)
        elif what == "cancel":
            found = Invoice.objects.filter(order=made).exclude(status="cancelled").last()
            if found and payments.cancel_invoice.refusal(found, company.cashier) is None:
                payments.cancel_invoice(found, by=company.cashier, reason="x")
    live = Invoice.objects.filter(order=made).exclude(status="cancelled")
    billed = sum((each.amount for each in live), Decimal(0))
    paid = Order.objects.get(pk=made.pk).paid
    assert billed == invoiced(made) >= 0
    assert sum((each.open_amount for each in live), Decimal(0)) == max(billed - paid, Decimal(0))
    assert disagreements() == []
    stated = StatementLine.objects.filter(line__order=made, counts=True, statement__status=S.INVOICED)
    assert sum((each.amount for each in stated), Decimal(0)) == billed
