"""What is taken off the price of an order by agreement, as after a complaint, or charged again (KC 5.2.3)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused, only_the_system
from crm.words import money
from orders.actions.payments import write_amounts
from orders.models import Allowance, Order

S = Order.Status
NONE = Decimal("0.00")

# Apps above are told of what was taken off, or taken back, under the lock of the order.
GRANTED: list[Callable[[Allowance], None]] = []


def not_to_be_reduced(order: Order) -> Refused | None:
    """Why nothing can be taken off the price of an order in its state: it is a draft, was given up, or is history."""
    if order.status not in (S.DRAFT, S.CANCELLED) and not order.history:
        return None
    if order.history:
        return Refused("history", _("Order %(number)s was taken over from an earlier system.") % {"number": order})
    return Refused(
        "not_reducible",
        _("Nothing is to be paid for order %(number)s: it is “%(state)s”.")
        % {"number": order, "state": order.get_status_display()},
    )


def more_than_due(order: Order, amount: Decimal) -> Refused | None:
    """Why so much cannot be taken off the price of an order: it does not cost so much."""
    left = min(order.due, order.total - order.taken_off)
    if amount <= left:
        return None
    return Refused(
        "more_than_due",
        _("%(amount)s would be taken off; order %(number)s costs %(left)s.")
        % {"amount": money(amount), "number": order, "left": money(max(left, NONE))},
        _("Agree with the customer on no more than that."),
    )


@action(Order, label=gettext_lazy("Take off by agreement"), unless=only_the_system)
def grant_allowance(
    order: Order,
    *,
    by: User,
    amount: Decimal,
    reason: str,
    reference: str,
    agreed_by: str = "",
    agreed_on: date | None = None,
) -> Allowance:
    """Let the order cost so much less than was agreed first; `reference` is the paper that says so (KC 5.2.3.3).

    What was paid beyond it is to be given back. Raises Refused for more than the order costs.
    """
    if refused := not_to_be_reduced(order) or more_than_due(order, amount):
        raise refused
    allowance = Allowance.objects.create(
        order=order,
        amount=amount,
        reason=reason[:300],
        reference=reference,
        agreed_by=agreed_by[:60],
        agreed_on=agreed_on or clock.today(),
        granted_by=by,
    )
    _take_off(order, allowance)
    return allowance


@action(Allowance, label=gettext_lazy("Charge it again"), unless=only_the_system)
def reverse_allowance(allowance: Allowance, *, by: User, reason: str) -> Allowance:
    """Take back what was taken off, by its opposite; both stay. Raises Refused where that is done already.

    What goods that came back have taken with them is not charged a second time.
    """
    if allowance.reverses_id or hasattr(allowance, "reversal"):
        raise Refused("taken_back", _("This was taken back already."))
    order = Order.objects.get(pk=allowance.order_id)
    if allowance.amount > order.allowance:
        raise Refused(
            "goods_back",
            _("Goods of order %(number)s came back, and what was taken off went with them.") % {"number": order},
            _("It cannot be charged again; go on as it was agreed."),
        )
    opposite = Allowance.objects.create(
        order=order,
        amount=-allowance.amount,
        reason=reason[:300],
        reference=allowance.reference,
        agreed_by=allowance.agreed_by,
        granted_by=by,
        reverses=allowance,
    )
    _take_off(order, opposite)
    return opposite


def _take_off(order: Order, allowance: Allowance) -> None:
    """Let the order cost less, also as it was reconciled, and tell the apps above."""
    settled = None if order.settled is None else order.settled - allowance.amount
    write_amounts(order, allowance=order.allowance + allowance.amount, settled=settled)
    for told in GRANTED:
        told(allowance)
    order.refresh_from_db()  # by verbs of theirs it may be settled now
