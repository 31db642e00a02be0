"""Small differences that nobody asks the customer for any more, once others agree (KC 5.1.11.9, decision 0013)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import FINANCE, GENERAL_MANAGER, Approval
from crm.approvals.facts import Fact
from crm.refusals import Refused
from crm.words import money
from orders.actions import enter_payment
from orders.models import Order
from orders.models.money import WRITE_OFF
from orders.payments import forms
from orders.payments.models import WriteOff

S = Order.Status
SMALL, LARGE = "small", "large"
LIMIT = Decimal("1000.00")  # up to here finance alone decides, where an administrator has made no other chain


def _nothing_open(order: Order, by: User) -> Refused | None:
    if order.open_amount <= 0:
        return Refused("nothing_open", _("Nothing of this order is still to be paid."))
    return None


def _more_than_open(order: Order, inputs: dict[str, Any]) -> Refused | None:
    if inputs["amount"] <= order.open_amount:
        return None
    return Refused(
        "more_than_open",
        _("Only %(amount)s of order %(number)s is still to be paid.")
        % {"amount": money(order.open_amount), "number": order},
        _("Write off no more than that."),
    )


def written_off(order: Order) -> Decimal:
    """What of the order was written off already, without what was taken back."""
    rows = WriteOff.objects.filter(order=order.pk, payment__reversal=None)
    found: Decimal | None = rows.aggregate(found=Sum("amount"))["found"]
    return found or Decimal("0.00")


def _together(order: Order, inputs: dict[str, Any]) -> Decimal:
    """What would be written off of the order in all: several small differences are a large one."""
    together: Decimal = written_off(order) + inputs["amount"]
    return together


def write_off_facts(order: Order, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is approved: whose order it is, what is open of it, how much of that is given up, and why."""
    yield Fact("customer", gettext_lazy("Customer"), order.customer)
    yield Fact("due", gettext_lazy("To be paid for the order"), order.due, "money")
    yield Fact("open", gettext_lazy("Still open"), order.open_amount, "money")
    yield Fact("amount", gettext_lazy("To be written off"), inputs["amount"], "money")
    if earlier := written_off(order):
        yield Fact("earlier", gettext_lazy("Written off before"), earlier, "money")
    yield Fact("reason", gettext_lazy("Reason"), inputs["reason"])


@action(
    Order,
    label=gettext_lazy("Write a difference off"),
    source=set(S.values) - {S.DRAFT, S.CANCELLED},
    form=forms.WriteOffForm,
    unless=_nothing_open,
    approval=Approval(
        facts=write_off_facts,
        unless=_more_than_open,
        amount=_together,
        kind=lambda order, inputs: SMALL if _together(order, inputs) <= LIMIT else LARGE,
        kinds={SMALL: gettext_lazy("Small difference"), LARGE: gettext_lazy("Larger difference")},
        default=(FINANCE,),
        defaults={LARGE: (FINANCE, GENERAL_MANAGER)},
        label=gettext_lazy("Ask to write a difference off"),
    ),
)
def write_off(order: Order, *, by: User, amount: Decimal, reason: str) -> WriteOff:
    """Give up asking for a part of what is open, with the reason, once others agree (KC 5.1.11.9)."""
    payment = enter_payment(
        order,
        by=User.objects.system("payments"),
        amount=amount,
        received_on=clock.today(),
        method=WRITE_OFF,
        reference=reason[:60],
        again=True,
    )
    return WriteOff.objects.create(order=order, payment=payment, amount=amount, reason=reason, by=by)
