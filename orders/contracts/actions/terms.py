"""The order of a contract is paid as the contract says: its goods leave by the terms that were signed (KC 5.1.11.1)."""

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.refusals import only_the_system
from orders.contracts.models import Contract
from orders.models import Order


@action(Order, label=gettext_lazy("Follow the contract's payment terms"), unless=only_the_system)
def follow_terms(order: Order, *, by: User, payment_terms: str, payment_days: int) -> None:
    """Let the order be paid as its contract has it that is in force (KC 5.1.11.1)."""
    order.payment_terms, order.payment_days = payment_terms, payment_days


def let_order_follow_terms(contract: Contract, payment_terms: str, payment_days: int) -> None:
    """Have the contract's order follow these terms, where its own are others."""
    order = contract.order
    if payment_terms and (order.payment_terms, order.payment_days) != (payment_terms, payment_days):
        follow_terms(order, by=system_user("contracts"), payment_terms=payment_terms, payment_days=payment_days)
