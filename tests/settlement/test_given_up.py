"""What was invoiced of an order that is then given up is credited, and what never was is offset (KC 5.1.11.7)."""

from decimal import Decimal

import pytest
from django.test import Client

from crm.accounts.models import User
from orders.actions import canceller
from orders.changes.plan import end_its_contract
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements, invoiced
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement
from tests.settlement.conftest import Company
from tests.settlement.test_answering import fresh
from tests.settlement.test_credits import fresh_memo, invoice, memo, order
from tests.settlement.test_mending import issue, post, receivable
from tests.settlement.test_resumed import contract_about
from tests.world import nothing_moves, refused

S = Statement.Status


@pytest.fixture
def taken(company: Company) -> Pickup:
    """Ten pieces on account were collected."""
    return company.collect(company.order("10"))


def give_up(company: Company) -> None:
    pickup.call_off(order(), by=company.world.root, reason="客户不要了")


def test_what_came_back_is_credited_after_its_order_was_given_up(company: Company, taken: Pickup) -> None:
    invoice(company, "1001")
    company.take_back(taken)
    give_up(company)
    client = Client()
    client.force_login(company.seller)
    assert "/do/settlement.make_statement/" in client.get(order().get_absolute_url()).content.decode()
    credit = invoice(company, "2001")
    assert (order().status, credit.total) == ("cancelled", Decimal("-1280.00"))
    assert (receivable(), invoiced(order()), disagreements()) == (Decimal("0.00"), Decimal("0.00"), [])
    with refused("nothing_to_state"):
        settlement.make_statement(order(), by=company.seller)


def test_a_credit_that_was_issued_before_is_posted_after(company: Company, taken: Pickup) -> None:
    invoice(company, "1001")
    company.take_back(taken)
    credit = issue(memo(company), company, "2001")
    give_up(company)
    post(credit, company)
    assert (receivable(), Invoice.objects.get(number="2001").status) == (Decimal("0.00"), "credit")


def test_it_is_credited_too_where_a_change_gave_the_order_and_its_contract_up(company: Company) -> None:
    made = company.order("10")
    contract_about(made, company)
    taken = company.collect(made)
    invoice(company, "1001")
    company.take_back(taken)
    changes = User.objects.system("changes")
    end_its_contract(order(), by=changes, reason="客户不要了")
    canceller(order())(order(), by=changes, reason="客户不要了")
    invoice(company, "2001")
    assert (order().status, receivable()) == ("cancelled", Decimal("0.00"))


def test_nothing_new_is_invoiced_of_it(company: Company, taken: Pickup) -> None:
    first = memo(company)
    company.take_back(taken)
    give_up(company)
    with nothing_moves(), refused("not_to_be_invoiced"):
        issue(first, company, "1001")
    settlement.refuse_memo(first, by=company.cashier, reason="订单已取消")
    statement = settlement.revise_statement(Statement.objects.get(), by=company.seller)
    assert statement.total == Decimal("0.00")


def test_what_was_never_invoiced_is_offset(company: Company, taken: Pickup) -> None:
    first = memo(company)
    company.take_back(taken)
    second = company.reconciled(order())
    with nothing_moves(), refused("order_goes_on"):
        settlement.offset_statement(second, by=company.seller)
    give_up(company)
    with nothing_moves(), refused("memo_there"):
        settlement.offset_statement(fresh(second), by=company.seller)
    with refused("not_to_be_invoiced"):
        settlement.fill_in_memo(fresh(first.statement), by=company.seller)
    settlement.refuse_memo(fresh_memo(first), by=company.cashier, reason="订单已取消")
    assert fresh(first.statement).status == S.REOPENED
    settlement.offset_statement(fresh(second), by=company.seller)
    assert set(Statement.objects.values_list("status", flat=True)) == {S.OFFSET}
    with refused("wrong_state"):
        settlement.offset_statement(fresh(first.statement), by=company.seller)
    client = Client()
    client.force_login(company.seller)
    for tab in ("open", "mine", "memo"):
        assert second.number not in client.get(f"/settlement/statements/?tab={tab}").content.decode()


def test_what_is_not_even_is_not_offset(company: Company, taken: Pickup) -> None:
    invoice(company, "1001")
    company.take_back(taken)
    statement = company.reconciled(order())
    give_up(company)
    with nothing_moves(), refused("not_even"):
        settlement.offset_statement(statement, by=company.seller)


def test_what_came_back_is_stated_before_it_is_offset(company: Company, taken: Pickup) -> None:
    statement = company.reconciled(order())
    company.take_back(taken)
    give_up(company)
    with nothing_moves(), refused("not_stated"):
        settlement.offset_statement(fresh(statement), by=company.seller)
    settlement.make_statement(order(), by=company.seller)
    settlement.offset_statement(fresh(statement), by=company.seller)
    assert set(Statement.objects.values_list("status", flat=True)) == {S.OFFSET}
