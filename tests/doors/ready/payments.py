"""What verbs on invoices, receipts and dunning can be done to."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm import clock
from orders.models import Order
from orders.payments import actions as payments
from orders.payments.models import BankAccount, Dunning, DunningStep, Invoice, Match, Receipt
from tests.doors.ready.house import NEXT_WEEK, TODAY, Ready
from tests.world import World


def _invoice(world: World, overdue: int = 0) -> Invoice:
    issued_on = clock.today() - timedelta(days=overdue)
    return payments.enter_invoice(
        by=world.root, order=world.accepted(), number="FP-0001", amount=Decimal(1280), issued_on=issued_on
    )


def _new_invoice(world: World) -> tuple[Any, dict[str, Any]]:
    given = {"number": "FP-0002", "kind": "opening", "amount": "1280.00", "issued_on": TODAY}
    return None, {"order": world.accepted().pk, **given}


def _receipt(world: World) -> Receipt:
    return payments.enter_receipt(
        by=world.root, received_on=clock.today(), amount=Decimal("1280.00"), payer_name="晨光", remark="货款"
    )


def _account() -> BankAccount:
    return BankAccount.objects.create(name="基本户")


def _matching(world: World) -> tuple[Any, dict[str, Any]]:
    return _receipt(world), {"lines": [{"order": world.accepted().pk, "amount": "500.00"}]}


def _certain(world: World) -> Receipt:
    order: Order = world.accepted()
    return payments.enter_receipt(
        by=world.root,
        received_on=clock.today(),
        amount=order.total,
        payer_name=order.customer.name,
        remark=f"货款 {order.number}",
    )


def _matched(world: World) -> tuple[Any, dict[str, Any]]:
    receipt = payments.match_receipt(
        _receipt(world), by=world.root, lines=[{"order": world.accepted(), "amount": Decimal(500)}]
    )
    return receipt, {"match": Match.objects.get().pk, "reason": "认错"}


def _dunning(world: World, *, step: bool = False) -> Dunning:
    invoice = _invoice(world, overdue=20)
    system = type(world.root).objects.system("payments")
    case = payments.open_dunning(invoice.customer, by=system)
    if step:
        first, _made = DunningStep.objects.get_or_create(days=15, defaults={"name": "电话", "text": "请付款"})
        case = payments.propose_step(case, by=system, step=first)
    return case


REFUND = {"amount": "10.00", "paid_on": TODAY, "reference": "回单 1", "reason": "多付"}

READY: dict[str, Ready] = {
    "payments.book_invoice": lambda w: (w.accepted(), {}),
    "payments.enter_invoice": _new_invoice,
    "payments.note_posted": lambda w: (_invoice(w), {}),
    "payments.count_payment": lambda w: (_invoice(w), {}),
    "payments.pay_off": lambda w: (_invoice(w), {}),
    "payments.cancel_invoice": lambda w: (_invoice(w), {"reason": "开错抬头"}),
    "payments.enter_receipt": lambda w: (None, {"received_on": TODAY, "amount": "5.00", "method": "transfer"}),
    "payments.assign_receipt": lambda w: (_receipt(w), {"customer": w.customer.pk}),
    "payments.note_serial": lambda w: (_receipt(w), {"account": _account().pk, "serial": "S-1"}),
    "payments.match_receipt": _matching,
    "payments.match_certain": lambda w: (_certain(w), {}),
    "payments.take_back_match": _matched,
    "payments.refund_receipt": lambda w: (_receipt(w), REFUND),
    "payments.void_receipt": lambda w: (_receipt(w), {"reason": "内部转账"}),
    "payments.write_off": lambda w: (w.accepted(), {"amount": "1.00", "reason": "尾差"}),
    "payments.ask_write_off": lambda w: (w.accepted(), {"amount": "1.00", "reason": "尾差"}),
    "payments.open_dunning": lambda w: (w.customer, {}),
    "payments.propose_step": lambda w: (_dunning(w), {}),
    "payments.send_reminder": lambda w: (_dunning(w), {"text": "请付款"}),
    "payments.note_call": lambda w: (_dunning(w), {"said": "下周付"}),
    "payments.write_letter": lambda w: (_dunning(w), {"text": "请付款"}),
    "payments.note_promise": lambda w: (_dunning(w), {"said": "下周付", "promised_on": NEXT_WEEK}),
    "payments.keep_promise": lambda w: (_dunning(w), {}),
    "payments.follow_owner": lambda w: (_dunning(w), {}),
    "payments.break_promise": lambda w: (_dunning(w), {}),
    "payments.skip_step": lambda w: (_dunning(w, step=True), {"reason": "已电话沟通"}),
    "payments.end_dunning": lambda w: (_dunning(w), {}),
}
