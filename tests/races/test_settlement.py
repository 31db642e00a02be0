"""Statements and memos made at the same moment never state or invoice anything twice."""

import pytest

from orders.models import Order
from orders.payments.models import Invoice
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
    from pickup import actions as pickup
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
    root = world.root
    line = {"position": 1, "quantity": None, "amount": None, "words": "少一件"}
    answers = at_once(
        lambda: settlement.answer_statement(Statement.objects.get(), by=root, name="王小明"),
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
