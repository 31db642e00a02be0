"""Receipts are matched to orders, in parts where it must be; credit stays or is paid back (KC 5.1.11.9)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import locked
from crm.actions import action
from crm.records.models import FieldHistory
from crm.refusals import Refused
from crm.words import money
from orders.actions import enter_payment, reverse_payment
from orders.models import Order, Payment
from orders.payments import forms, payers
from orders.payments.actions.receipts import USABLE, state_of
from orders.payments.doubles import in_turn, payment_like
from orders.payments.models import Match, Receipt, Refund
from orders.payments.suggesting import certain

R = Receipt.Status
MATCHING = ("payments.match_receipt", "payments.match_certain")
REFERENCE = 60  # characters of a payment's reference


def _match(receipt: Receipt, lines: list[dict[str, Any]], *, by: User, remember: bool, again: bool = False) -> str:
    """Let so much of the receipt count for each order, under the locks of the receipt and of all the orders.

    Where a payment like it was entered by hand for one of the customers, somebody must say that it is another one.
    """
    keys = [line["order"].pk for line in lines]
    if len(set(keys)) < len(keys):
        raise Refused("order_twice", _("An order is named twice."))
    orders = {each.pk: each for each in locked(Order.objects.filter(pk__in=keys).order_by("pk"))}
    if not again:
        amounts = [receipt.amount, *(line["amount"] for line in lines if line.get("amount"))]
        customers = list({order.customer for order in orders.values()})
        in_turn(receipt.amount)
        if found := payment_like(amounts, receipt.received_on, customers):
            raise found
    for line in lines:
        order = orders[line["order"].pk]
        amount = line.get("amount") or min(receipt.left, order.open_amount)
        if amount <= 0 or amount > order.open_amount:
            raise Refused(
                "more_than_open",
                _("Only %(amount)s are open of order %(order)s.")
                % {"amount": money(order.open_amount), "order": order},
                _("What is left of the receipt stays as the customer's credit."),
            )
        if amount > receipt.left:
            raise Refused(
                "more_than_left", _("Only %(amount)s of the receipt is not used yet.") % {"amount": money(receipt.left)}
            )
        payment: Payment = enter_payment(
            order,
            by=by,
            amount=amount,
            received_on=receipt.received_on,
            method=receipt.method,
            reference=(receipt.serial or receipt.number)[:REFERENCE],
            again=True,
        )
        Match.objects.create(receipt=receipt, order=order, payment=payment, amount=amount, by=by)
        receipt.matched += amount
    if receipt.customer is None:
        receipt.customer = orders[keys[0]].customer
    if remember and {order.customer for order in orders.values()} == {
        receipt.customer
    }:  # what one pays for another does not make him the other
        payers.remember(receipt, receipt.customer)
    return state_of(receipt)


@action(
    Receipt,
    label=gettext_lazy("Match"),
    source=USABLE,
    target={R.PARTLY, R.MATCHED},
    form=forms.MatchForm,
)
def match_receipt(
    receipt: Receipt, *, by: User, lines: list[dict[str, Any]], remember: bool = True, again: bool = False
) -> str:
    """Say for which orders the money is, and how much for each; what is left stays as credit (KC 5.1.11.9)."""
    return _match(receipt, lines, by=by, remember=remember, again=again)


@action(
    Receipt,
    label=gettext_lazy("Match what is certain"),
    source={R.OPEN},
    target={R.PARTLY, R.MATCHED},
)
def match_certain(receipt: Receipt, *, by: User) -> str:
    """Match the receipt as suggested, where one suggestion is certain; for many receipts at once (KC 5.1.11.9)."""
    found = certain(receipt, by)
    if found is None:
        raise Refused(
            "not_certain", _("No suggestion is certain enough."), _("Choose among the suggestions on its page.")
        )
    return _match(receipt, found.lines, by=by, remember=True)


def _nothing_matched(receipt: Receipt, by: User) -> Refused | None:
    return None if receipt.matched else Refused("nothing_matched", _("Nothing of it is matched."))


@action(
    Receipt,
    label=gettext_lazy("Take a match back"),
    source={R.PARTLY, R.MATCHED},
    target={R.OPEN, R.PARTLY},
    form=forms.TakeBackForm,
    unless=_nothing_matched,
)
def take_back_match(receipt: Receipt, *, by: User, match: Match, reason: str) -> str:
    """Take back what was matched wrongly: the payment is reversed, and the money is there again (KC 5.1.11.9).

    What the match taught goes with it: who pays so, where no other match says it, and whose the receipt is.
    """
    match.refresh_from_db()  # the receipt is locked now: nobody else takes it back at the same moment
    if match.receipt_id != receipt.pk or match.taken_back_at is not None:
        raise Refused("taken_back", _("This match was taken back already."))
    match.taken_back_at, match.taken_back_by, match.reason = clock.now(), by, reason
    match.save(update_fields=["taken_back_at", "taken_back_by", "reason"])
    reverse_payment(match.payment, by=by, reason=reason)
    receipt.matched -= match.amount
    payers.forget(receipt, match.order.customer)
    if not receipt.matched and not receipt.refunded and _match_said_whose(receipt):
        receipt.customer = None
    return state_of(receipt)


def _match_said_whose(receipt: Receipt) -> bool:
    """Whether it was a match, and no person before it, that said which customer the receipt is from."""
    said = FieldHistory.objects.filter(
        table_name=Receipt._meta.db_table, pk_value=receipt.pk, after__has_key="customer_id"
    )
    last = said.select_related("log").order_by("-pk").first()
    return last is not None and last.log is not None and last.log.verb in MATCHING


@action(
    Receipt, label=gettext_lazy("Pay credit back"), source=USABLE, target={R.PARTLY, R.MATCHED}, form=forms.RefundForm
)
def refund_receipt(receipt: Receipt, *, by: User, amount: Decimal, paid_on: date, reference: str, reason: str) -> str:
    """Note that credit was paid back to the customer, with the reference of the transfer (KC 5.1.11.9)."""
    if amount > receipt.left:
        raise Refused("more_than_left", _("Only %(amount)s of it is not used yet.") % {"amount": money(receipt.left)})
    Refund.objects.create(receipt=receipt, amount=amount, paid_on=paid_on, reference=reference, reason=reason, by=by)
    receipt.refunded += amount
    return state_of(receipt)
