"""For every verb of settlement something that it can be done to, and input that it accepts, as REST writes it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crm import clock
from crm.accounts.models import User
from orders.models import Order
from pickup import actions as pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import InvoiceMemo, Statement
from tests.world import World, scan

Ready = Callable[[World], tuple[Any, dict[str, Any]]]
TODAY = "2026-11-23"
MEMO = {
    "kind": "special",
    "title": "重庆晨光商贸有限公司",
    "tax_number": "91350100M000100Y43",
    "post_to": "重庆市渝北区金开大道 88 号",
}
DIFFERS = {"position": 1, "quantity": "9", "words": "只收到 9 件"}


def _collected(world: World) -> Order:
    order = world.collected()
    Order.objects.filter(pk=order.pk).update(contact=world.contact)
    return Order.objects.get(pk=order.pk)


def _stated(world: World) -> Statement:
    return settlement.make_statement(_collected(world), by=world.root)


def _sent(world: World) -> Statement:
    return settlement.send_statement(_stated(world), by=world.root)


def _stale(world: World) -> Statement:
    statement = _stated(world)
    pickup.reverse_later(statement.order.pickups.get(), by=world.root, reason="车辆装错")
    return statement


def _disputed(world: World) -> Statement:
    return settlement.answer_statement(_sent(world), by=User.objects.system("links"), name="王小明", lines=[DIFFERS])


def _reconciled(world: World) -> Statement:
    return settlement.answer_statement(_sent(world), by=User.objects.system("links"), name="王小明")


def _waived(world: World) -> Order:
    """Of ten pieces four were collected and reconciled before the rest was waived."""
    planned = world.planned()
    line = {"line": planned.order.lines.get(), "quantity": Decimal(4), "difference": "车装不下"}
    pickup.hand_over(planned, by=world.root, identity="id_seen", lines=[line])
    statement = settlement.make_statement(Order.objects.get(), by=world.root)
    settlement.record_answer(statement, by=world.root, name="王小明", paper=scan())
    return pickup.waive_rest(Order.objects.get(), by=world.root, reason="客户不要了")


def _memo(world: World) -> InvoiceMemo:
    return settlement.fill_in_memo(_reconciled(world), by=world.root, **MEMO)


def _passed(world: World) -> InvoiceMemo:
    return settlement.pass_memo(_memo(world), by=world.root)


def _issued(world: World) -> InvoiceMemo:
    given = {"lines": [{"number": "26502000000012345678"}], "issued_on": clock.today()}
    return settlement.issue_invoice(_passed(world), by=world.root, **given)


def _posted(world: World) -> InvoiceMemo:
    return settlement.post_invoice(_issued(world), by=world.root, how="post", carrier="顺丰速运", tracking="SF1")


def _adjustment(world: World) -> tuple[Statement, dict[str, Any]]:
    statement = _disputed(world)
    return statement, {"line": statement.lines.get().pk, "amount": "1000.00", "reason": "按实收结算"}


def _given_up(world: World) -> Statement:
    """What left was agreed on and never invoiced; it came back, which was agreed on too, and the order was given up."""
    first = _reconciled(world)
    order = first.order
    pickup.reverse_later(order.pickups.get(), by=world.root, reason="车辆装错")
    second = settlement.make_statement(Order.objects.get(), by=world.root)
    settlement.record_answer(second, by=world.root, name="王小明", paper=scan())
    pickup.call_off(Order.objects.get(), by=world.root, reason="客户不要了")
    return Statement.objects.get(pk=first.pk)


READY: dict[str, Ready] = {
    "settlement.make_statement": lambda w: (_collected(w), {}),
    "settlement.revise_statement": lambda w: (_stale(w), {"why": "有一车退回"}),
    "settlement.send_statement": lambda w: (_stated(w), {}),
    "settlement.answer_statement": lambda w: (_sent(w), {"name": "王小明", "lines": [DIFFERS]}),
    "settlement.record_answer": lambda w: (_sent(w), {"name": "王小明", "signed_on": TODAY, "paper": scan()}),
    "settlement.adjust_statement": _adjustment,
    "settlement.ask_adjust_statement": _adjustment,
    "settlement.explain_differences": lambda w: (_disputed(w), {"lines": [{"position": 1, "reply": "磅单为 10 件"}]}),
    "settlement.settle_order": lambda w: (_waived(w), {}),
    "settlement.unsettle_order": lambda w: (_reconciled(w).order, {}),
    "settlement.fill_in_memo": lambda w: (_reconciled(w), MEMO),
    "settlement.pass_memo": lambda w: (_memo(w), {}),
    "settlement.refuse_memo": lambda w: (_memo(w), {"reason": "税号与抬头不符"}),
    "settlement.reopen_statement": lambda w: (_reconciled(w), {}),
    "settlement.issue_invoice": lambda w: (
        _passed(w),
        {"lines": [{"number": "26502000000012345678"}], "issued_on": TODAY},
    ),
    "settlement.post_invoice": lambda w: (
        _issued(w),
        {"how": "post", "carrier": "顺丰速运", "tracking": "SF1234567890"},
    ),
    "settlement.correct_issue": lambda w: (_issued(w), {"reason": "号码录错"}),
    "settlement.add_invoice_file": lambda w: (_issued(w), {"file": scan("invoice.pdf")}),
    "settlement.void_memo": lambda w: (_posted(w), {}),
    "settlement.note_invoiced": lambda w: (_reconciled(w), {}),
    "settlement.offset_statement": lambda w: (_given_up(w), {}),
    "settlement.note_offset": lambda w: (_given_up(w), {}),
}
