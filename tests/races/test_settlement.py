"""Statements and memos made at the same moment never state or invoice anything twice."""

from decimal import Decimal

import pytest

from crm import clock
from crm.accounts.models import User
from orders import actions as orders
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import Invoice
from orders.payments.spreading import disagreements, invoiced
from pickup import actions as pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, Statement, StatementLine
from tests.doors.ready.settlement import MEMO, READY
from tests.races.conftest import at_once
from tests.world import World, scan


def test_two_statements_at_once_state_each_line_of_a_record_once(world: World) -> None:
    order, _given = READY["settlement.make_statement"](world)
    root = world.root

    def make() -> Statement:
        return settlement.make_statement(Order.objects.get(pk=order.pk), by=root)

    answers = at_once(make, make, make)
    assert sorted(each for each in answers if isinstance(each, str)) == ["open_statement", "open_statement"]
    assert StatementLine.objects.count() == 1


def test_a_pickup_taken_back_while_the_statement_is_made_is_in_it_or_makes_it_stale(world: World) -> None:
    from pickup.models import Pickup
    from pickup.settlement.stating import is_stale

    order, _given = READY["settlement.make_statement"](world)
    root = world.root
    at_once(
        lambda: settlement.make_statement(Order.objects.get(pk=order.pk), by=root),
        lambda: pickup.reverse_later(Pickup.objects.get(), by=root, reason="装错"),
    )
    statement = Statement.objects.get()
    assert is_stale(statement) == (statement.lines.count() == 1)


def test_two_new_versions_at_once_are_one(world: World) -> None:
    statement, _given = READY["settlement.revise_statement"](world)
    root = world.root

    def revise() -> Statement:
        return settlement.revise_statement(Statement.objects.get(pk=statement.pk), by=root)

    answers = at_once(revise, revise)
    assert [each for each in answers if isinstance(each, str)] == ["wrong_state"]
    assert Statement.objects.filter(replaces=statement).count() == 1
    assert StatementLine.objects.filter(counts=True).count() == 2


def test_the_customer_and_a_colleague_answer_once(world: World) -> None:
    statement, _given = READY["settlement.answer_statement"](world)
    root, links = world.root, User.objects.system("links")
    line = {"position": 1, "quantity": None, "amount": None, "words": "少一件"}
    answers = at_once(
        lambda: settlement.answer_statement(Statement.objects.get(), by=links, name="王小明"),
        lambda: settlement.record_answer(Statement.objects.get(), by=root, name="李四", paper=scan(), lines=[line]),
    )
    first = Statement.objects.get(pk=statement.pk)
    refused = [each for each in answers if isinstance(each, str)]
    if first.answered_by == "王小明":
        assert (first.status, refused) == ("reconciled", ["wrong_state"])
    else:
        assert (first.status, refused) == ("disputed", ["wrong_state"])


@pytest.mark.parametrize("verb", ["fill_in_memo", "post_invoice"])
def test_two_clicks_at_once_invoice_once(world: World, verb: str) -> None:
    obj, _given = READY[f"settlement.{verb}"](world)
    root, model = world.root, type(obj)
    inputs = MEMO if verb == "fill_in_memo" else {"how": "post", "carrier": "顺丰速运", "tracking": "SF1"}

    def click() -> object:
        return getattr(settlement, verb)(model.objects.get(pk=obj.pk), by=root, **inputs)

    answers = at_once(click, click)
    assert len([each for each in answers if isinstance(each, str)]) == 1, answers
    assert InvoiceMemo.objects.count() == 1
    assert Invoice.objects.count() == (1 if verb == "post_invoice" else 0)


def posted(world: World) -> Invoice:
    memo, given = READY["settlement.post_invoice"](world)
    settlement.post_invoice(memo, by=world.root, **given)
    return Invoice.objects.get()


def test_an_invoice_that_is_cancelled_twice_at_once_while_money_comes_reopens_its_statement_once(world: World) -> None:
    invoice, root = posted(world), world.root

    def cancel() -> object:
        return payments.cancel_invoice(Invoice.objects.get(pk=invoice.pk), by=root, reason="税号开错")

    def pay() -> object:
        return orders.enter_payment(Order.objects.get(pk=invoice.order_id), by=root, amount=Decimal("100.00"))

    answers = at_once(cancel, cancel, pay)
    assert [each for each in answers if isinstance(each, str)] == ["wrong_state"]
    assert (InvoiceMemo.objects.get().status, Statement.objects.get().status) == ("voided", "reopened")
    invoice.refresh_from_db()
    assert (invoice.status, invoice.paid, Order.objects.get().paid) == ("cancelled", Decimal(0), Decimal("100.00"))
    assert disagreements() == []


def test_a_credit_note_and_the_cancelling_of_its_invoice_at_once_never_come_below_nothing(world: World) -> None:
    invoice, root = posted(world), world.root
    statement = Statement.objects.get()
    pickup.reverse_later(statement.order.pickups.get(), by=root, reason="整车退回")
    order = Order.objects.get(pk=invoice.order_id)
    back = settlement.send_statement(settlement.make_statement(order, by=root), by=root)
    back = settlement.answer_statement(back, by=User.objects.system("links"), name="王小明")
    memo = settlement.pass_memo(settlement.fill_in_memo(back, by=root, **MEMO), by=root)
    settlement.issue_invoice(memo, by=root, lines=[{"number": "2001"}], issued_on=clock.today())

    def post() -> object:
        given = {"how": "post", "carrier": "顺丰速运", "tracking": "SF2"}
        return settlement.post_invoice(InvoiceMemo.objects.get(pk=memo.pk), by=root, **given)

    def cancel() -> object:
        return payments.cancel_invoice(Invoice.objects.get(pk=invoice.pk), by=root, reason="整单作废")

    answers = at_once(post, cancel)
    refused = [each for each in answers if isinstance(each, str)]
    assert refused in (["more_than_invoiced"], ["credited"])
    assert (invoiced(order), disagreements()) == (Decimal("0.00"), [])
