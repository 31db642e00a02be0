"""What verbs on invoices, receipts and dunning can be done to."""

from decimal import Decimal
from typing import Any

from crm import clock
from orders.payments import actions as payments
from orders.payments.models import Invoice
from tests.doors.ready.house import TODAY, Ready
from tests.world import World


def _invoice(world: World) -> Invoice:
    return payments.enter_invoice(
        by=world.root, order=world.accepted(), number="FP-0001", amount=Decimal(1280), issued_on=clock.today()
    )


def _new_invoice(world: World) -> tuple[Any, dict[str, Any]]:
    given = {"number": "FP-0002", "kind": "opening", "amount": "1280.00", "issued_on": TODAY}
    return None, {"order": world.accepted().pk, **given}


READY: dict[str, Ready] = {
    "payments.book_invoice": lambda w: (w.accepted(), {}),
    "payments.enter_invoice": _new_invoice,
    "payments.count_payment": lambda w: (_invoice(w), {}),
    "payments.pay_off": lambda w: (_invoice(w), {}),
    "payments.cancel_invoice": lambda w: (_invoice(w), {"reason": "开错抬头"}),
}
