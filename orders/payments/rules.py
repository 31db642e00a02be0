"""The time limits of receivables: paid when due, reminded in time, and promises kept."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from orders.models import Order
from orders.payments.models import Dunning, DunningStep, Invoice
from orders.payments.reminding import finance


def who_asks_for(invoice: Invoice) -> Any:
    """Whoever looks after the customer, else after the order, else finance."""
    return invoice.customer.owner or invoice.order.owner or finance()


def is_a_call(dunning: Dunning) -> bool:
    """Whether the proposed step is done by telephone."""
    return dunning.step is not None and dunning.step.channel == DunningStep.Channel.CALL


def who_reminds(dunning: Dunning) -> Any:
    """Whoever does the proposed step: the customer's owner, or finance."""
    by_finance = dunning.step is not None and dunning.step.who == DunningStep.Who.FINANCE
    return (None if by_finance else dunning.owner) or finance() or dunning.owner


Rule(
    "payment.due",
    "KC 5.1.11.9, JD 7.1",
    label=_("See that an invoice is paid"),
    on=Invoice,
    during={Invoice.Status.OPEN},
    when=lambda invoice: invoice.order.history or invoice.order.status != Order.Status.CANCELLED,
    due="due_on",
    who=who_asks_for,
    met_by="payments.pay_off",
    warn="2 wd",
    reads=("order__owner", "customer__owner"),
)
Rule(
    "payment.promise",
    "KC 5.1.11.9, JD 7.1",
    label=_("See that a promise to pay is kept"),
    on=Dunning,
    during={Dunning.Status.OPEN},
    due="promised_on",
    met_by="payments.keep_promise",  # another promise pays nothing: it moves the day
    warn="1 wd",
    late="payments.break_promise",
)
Rule(
    "payment.remind",
    "JD 7.1",
    label=_("Remind a customer of what is overdue"),
    on=Dunning,
    during={Dunning.Status.OPEN},
    when=lambda dunning: dunning.step_id is not None and not is_a_call(dunning),
    since="proposed_at",
    who=who_reminds,
    met_by=("payments.send_reminder", "payments.write_letter", "payments.note_promise", "payments.skip_step"),
    limit="2 wd",
    reads=("step", "owner"),
)
Rule(
    "payment.call",
    "JD 7.1",
    label=_("Call a customer about what is overdue"),
    on=Dunning,
    during={Dunning.Status.OPEN},
    when=lambda dunning: dunning.step_id is not None and is_a_call(dunning),
    since="proposed_at",
    who=who_reminds,
    met_by=("payments.note_call", "payments.note_promise", "payments.skip_step"),  # a call sends no letter
    limit="2 wd",
    reads=("step", "owner"),
)
