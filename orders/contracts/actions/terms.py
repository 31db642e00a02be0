"""The order of a contract is paid as the contract says: its goods leave by the terms that were signed (KC 5.1.11.1)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.refusals import Refused, only_the_system
from customers.models import Customer
from orders.contracts.models import Contract
from orders.credit import pass_within_limit
from orders.exposure import HAD, RUNNING
from orders.models import Order
from orders.terms import kindness, too_kind

CREDIT = Customer.Terms.CREDIT


def granted_too_much(contract: Contract, payment_terms: str, payment_days: int) -> Refused | None:
    """Why these terms may not be agreed on: kinder than the customer's own, and nobody judges the payment (KC 5.1.4).

    Of a special contract finance judges it; of a regular one only the sales manager signs.
    """
    if contract.kind == Contract.Kind.SPECIAL or not payment_terms:
        return None
    order = contract.order
    return too_kind(
        contract.customer,
        (payment_terms, payment_days),
        _("Agree on his own terms, or let finance change them first; of a special contract finance judges the terms."),
        (order.payment_terms, order.payment_days),
    )


def is_kinder(order: Order, payment_terms: str, payment_days: int) -> bool:
    """Whether these terms are kinder to the customer than those of the order."""
    return bool(payment_terms) and kindness(payment_terms, payment_days) > kindness(
        order.payment_terms, order.payment_days
    )


def _due_anew(order: Order, payment_terms: str, payment_days: int) -> date | None:
    """By when an order is to be paid under other terms: where all is delivered, days on account move its day along."""
    if payment_terms != CREDIT or order.status not in HAD:
        return None
    if order.due_on is None:  # it was to be paid first: its days are counted from now on
        return clock.today() + timedelta(days=payment_days)
    return order.due_on + timedelta(days=payment_days - order.payment_days)


@action(Order, label=gettext_lazy("Follow the contract's payment terms"), unless=only_the_system)
def follow_terms(order: Order, *, by: User, payment_terms: str, payment_days: int) -> None:
    """Let the order be paid as its contract has it that is in force, and be due accordingly (KC 5.1.11.1)."""
    order.due_on = _due_anew(order, payment_terms, payment_days)
    order.payment_terms, order.payment_days = payment_terms, payment_days


def let_order_follow_terms(contract: Contract, payment_terms: str, payment_days: int) -> bool:
    """Have the contract's order follow these terms, where its own are others; answers whether they are kinder.

    Kinder ones are then to be judged (`judge_kinder_terms`), once the order is as it is to be.
    """
    order = contract.order
    if not payment_terms or (order.payment_terms, order.payment_days) == (payment_terms, payment_days):
        return False
    kinder = is_kinder(order, payment_terms, payment_days)
    follow_terms(order, by=system_user("contracts"), payment_terms=payment_terms, payment_days=payment_days)
    return kinder


def judge_kinder_terms(order: Order) -> None:
    """Ask about an order whose terms are kinder now as at its review, for as long as goods are to leave (JD 7.1).

    Raises Refused.
    """
    if order.status in RUNNING:
        pass_within_limit(order)
