"""What follows when an order's payments change: its invoices know, and its contract may be executed (KC 5.1.11.9)."""

from django.db import models
from django.utils.translation import gettext as _

from crm import actions as gate
from crm.accounts.models import User
from crm.refusals import Refused
from orders.actions import payments
from orders.contracts.actions import mark_executed
from orders.contracts.models import Contract
from orders.models import Order, Payment
from orders.payments.models import Match
from orders.payments.spreading import spread

S = Order.Status
HAD = (S.COLLECTED, S.SIGNED_OFF, S.CLOSED)  # the goods are with the customer


def held_by_match(payment: Payment) -> Refused | None:
    """A payment that came of a receipt is taken back there, so that the receipt knows what is left of it."""
    match: Match | None = getattr(payment, "match", None)
    if match is None or match.taken_back_at is not None:
        return None
    return Refused(
        "matched",
        _("This payment comes of receipt %(number)s.") % {"number": match.receipt},
        _("Take the match back on the receipt."),
    )


def execute_contract(obj: models.Model) -> None:
    """A contract in force is executed by itself when its goods are all delivered and its order is paid in full."""
    if not isinstance(obj, Order) or obj.status not in HAD or obj.open_amount > 0:
        return
    contract = Contract.objects.filter(order=obj.pk, status=Contract.Status.IN_FORCE).first()
    if contract is None:
        return
    by = User.objects.system("payments")
    if mark_executed.refusal(contract, by) is None:
        mark_executed(contract, by=by)


def listen() -> None:
    """Be told of payments, and of what verbs do to orders."""
    payments.TOLD.append(spread)
    payments.HOLDING.append(held_by_match)
    payments.LOOKED_AT.append("match__receipt")
    gate.WATCHERS.append(execute_contract)
