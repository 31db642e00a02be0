"""What follows for invoices, contracts and dunning when money comes or goes, an order is cancelled, an owner changes.

KC 5.1.11.9.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import actions as gate
from crm.accounts.models import User
from crm.deadlines.turn import turn_many
from crm.refusals import Refused
from orders.actions import payments
from orders.contracts.actions import mark_executed, resume_contract
from orders.contracts.actions.execution import not_done
from orders.contracts.models import Contract
from orders.exposure import HAD
from orders.models import Order, Payment
from orders.payments.cases import end_what_is_paid, follow_customer, keep_what_was_promised
from orders.payments.doubles import there_already
from orders.payments.models import Invoice, Match
from orders.payments.spreading import spread

S = Order.Status
WATCHED = (S.READY, *HAD)  # it is ready again once goods were taken back


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
    """A contract is executed by itself when all its goods are delivered and paid, and resumed when they are no more."""
    if not isinstance(obj, Order) or obj.status not in WATCHED:
        return
    contract = Contract.objects.filter(order=obj.pk, status__in=Contract.BINDING).first()
    if contract is None:
        return
    by = User.objects.system("payments")
    if contract.status == Contract.Status.EXECUTED:
        with override(settings.LANGUAGE_CODE):  # the reason is kept, and read by others than who acts
            missing = not_done(contract, by)
        if missing is not None:
            resume_contract(contract, by=by, reason=missing.sentence, why=missing.code)
    elif obj.status in HAD and obj.open_amount <= 0 and mark_executed.refusal(contract, by) is None:
        mark_executed(contract, by=by)


def ask_no_more(obj: models.Model) -> None:
    """Nobody asks for the invoices of an order that was given up; finance cancels them."""
    if not isinstance(obj, Order) or obj.status != S.CANCELLED:
        return
    open_of_it = Invoice.objects.open().filter(order=obj).select_related("order", "customer")
    if turn_many(open_of_it):
        end_what_is_paid(obj.customer_id)


def listen() -> None:
    """Be told of payments, and of what verbs do to orders."""
    payments.TOLD += [keep_what_was_promised, spread]  # a case that ends asks for no promise any more
    payments.KEEPS_PAYMENT.append(held_by_match)
    payments.DOUBTED.append(there_already)
    payments.LOOKED_AT.append("match__receipt")
    gate.WATCHERS += [execute_contract, ask_no_more, follow_customer]
