"""Credit beyond what the customer is trusted with, once those who answer for it agree (JD 7.1)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import FINANCE, SALES_MANAGER, Approval
from crm.approvals.facts import Fact
from crm.inputs import ReasonForm
from crm.refusals import Refused
from customers.models import Customer
from orders.credit import position
from orders.exposure import ON_ACCOUNT, PENDING, RUNNING
from orders.models import Order


def _nothing_to_allow(order: Order, by: User) -> Refused | None:
    found = position(order, ahead=True)
    if found is not None and not found.trust.assessed:
        return Refused(
            "no_assessment",
            _("There is no valid assessment of the customer's credit."),
            _("Let sales or finance assess him first."),
        )
    if found is None or not (found.beyond or found.exposure.overdue > 0):
        return Refused("no_credit_stop", _("The order is within the customer's limit, and nothing is overdue."))
    return Refused("allowed", _("This was allowed already.")) if found.is_allowed else None


def credit_facts(order: Order, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is decided: what the order comes to, what is used and overdue without it, and how far the limit goes.

    Where a paper is to raise it or to change how it is paid, what it comes to then and how is decided as well.
    """
    found = position(order, ahead=True)
    yield Fact("customer", gettext_lazy("Customer"), order.customer)
    yield Fact("total", gettext_lazy("Total with tax"), order.total, "money")
    if found is not None and found.total != order.total:
        yield Fact("up_to", gettext_lazy("Total as it is being changed"), found.total, "money")
    if found is not None and (ON_ACCOUNT, found.days) != (order.payment_terms, order.payment_days):
        days = ngettext_lazy("%(days)s day", "%(days)s days", found.days) % {"days": found.days}
        terms = format_lazy("{terms}, {days}", terms=Customer.Terms(ON_ACCOUNT).label, days=days)
        yield Fact("terms", gettext_lazy("Payment terms as they are being changed"), terms)
    if found is not None:
        yield Fact("rating", gettext_lazy("Rating"), found.trust.rating)
        yield Fact("limit", gettext_lazy("Credit limit"), found.trust.limit, "money")
        yield Fact("others", gettext_lazy("Used without this order"), found.others, "money")
        yield Fact("beyond", gettext_lazy("Beyond the limit"), found.beyond, "money")
        yield Fact("overdue", gettext_lazy("Overdue"), found.exposure.overdue, "money")
    yield Fact("reason", gettext_lazy("Reason"), inputs["reason"])


def _total(order: Order) -> Decimal:
    found = position(order, ahead=True)
    return found.total if found else order.total


@action(
    Order,
    label=gettext_lazy("Allow the credit"),
    source={*PENDING, *RUNNING},
    form=ReasonForm,
    unless=_nothing_to_allow,
    approval=Approval(
        facts=credit_facts,
        amount=lambda order, inputs: _total(order),
        default=(SALES_MANAGER, FINANCE),
        renewed=True,
        label=gettext_lazy("Ask for credit"),
    ),
)
def allow_credit(order: Order, *, by: User, reason: str) -> None:
    """Let an order exceed its customer's limit, or be made in spite of overdue debt, once others agree (JD 7.1).

    It is allowed up to what the order comes to, or is to come to by the paper that is being decided.
    """
    found = position(order, ahead=True)
    order.credit_allowed, order.credit_reason = found.total if found else order.total, reason
    order.credit_overdue = found.exposure.overdue if found else order.credit_overdue
