"""What was adjusted by agreement is credited as it was agreed on, once it comes back (KC 5.1.11.5)."""

from decimal import Decimal

from crm.actions import ACTIONS
from orders.payments.spreading import invoiced
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement
from tests.settlement.conftest import Company
from tests.settlement.test_answering import ASK, fresh
from tests.settlement.test_credits import invoice, order
from tests.settlement.test_mending import issue, post, receivable
from tests.world import scan


def test_an_adjusted_part_comes_back_as_it_was_agreed_on(company: Company) -> None:
    """Of 896.00 and 384.00 the second was agreed on at 300.00: that is what is credited, whatever is still there."""
    made = company.order("10")
    first, second = company.collect(made, "7"), company.collect(made, "3")
    disputed = company.disputed(order(), position=2, amount=Decimal("300.00"), quantity=None)
    line = disputed.lines.get(position=2)
    ACTIONS[ASK](disputed, by=company.seller, line=line, amount=Decimal("300.00"), reason="议定")
    adjusted = Statement.objects.get(replaces=disputed)
    settlement.record_answer(adjusted, by=company.seller, name="王小明", paper=scan())
    assert fresh(adjusted).total == Decimal("1196.00")
    post(issue(settlement.pass_memo(company.memo(fresh(adjusted)), by=company.cashier), company, "1001"), company)
    company.take_back(second)
    credit = invoice(company, "2001")
    assert (credit.total, receivable()) == (Decimal("-300.00"), Decimal("896.00"))
    again = company.collect(order(), "3")
    assert (invoice(company, "1002").total, receivable()) == (Decimal("300.00"), Decimal("1196.00"))
    company.take_back(again)
    assert invoice(company, "2002").total == Decimal("-300.00")
    company.take_back(first)
    assert (invoice(company, "2003").total, receivable(), invoiced(order())) == (
        Decimal("-896.00"),
        Decimal("0.00"),
        Decimal("0.00"),
    )


def test_what_was_adjusted_and_stays_is_not_credited_with_the_rest(company: Company) -> None:
    made = company.order("10")
    company.collect(made, "7")
    second = company.collect(made, "3")
    disputed = company.disputed(order(), position=1, amount=Decimal("850.00"), quantity=None)
    line = disputed.lines.get(position=1)
    ACTIONS[ASK](disputed, by=company.seller, line=line, amount=Decimal("850.00"), reason="议定")
    adjusted = Statement.objects.get(replaces=disputed)
    settlement.record_answer(adjusted, by=company.seller, name="王小明", paper=scan())
    company.take_back(second)
    assert company.stated(order()).total == Decimal("-384.00")
