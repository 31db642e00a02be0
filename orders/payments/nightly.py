"""What is looked at each night and morning: whether invoices agree with payments, and who is to be reminded."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from crm import clock
from crm.accounts.models import User
from crm.outbox import queue
from crm.refusals import Refused
from customers.models import Customer
from orders.payments.actions import end_dunning, open_dunning, propose_step
from orders.payments.models import Dunning, DunningStep
from orders.payments.reminding import Late, late_customers, step_for
from orders.payments.spreading import disagreements

NAMED = 10  # invoices in the notice

log = logging.getLogger(__name__)


def check_books() -> int:
    """Tell the administrators where an invoice is not paid as its order's payments say; answers of how many."""
    found = disagreements()
    if not found:
        return 0
    log.error("what is paid of %d invoices does not follow from the payments of their orders", len(found))
    items = [f"{invoice}: {invoice.paid} / {paid}" for invoice, paid in found[:NAMED]]
    administrators = User.objects.administrators()
    for user in administrators:
        queue.notify(
            user,
            "payments.books_disagree",
            about=found[0][0],
            context={"number": len(found), "items": "; ".join(items)},
            key=f"invoices-disagree-{clock.today()}",
        )
    return len(found)


def propose_steps() -> int:
    """Begin cases for customers with overdue invoices, propose the steps that are due, end what is paid.

    Answers how many steps were proposed. What was done already is not done again, so it is harmless to run twice.
    """
    by = User.objects.system("payments")
    steps = list(DunningStep.objects.filter(active=True))
    late = late_customers()
    cases = {each.customer_id: each for each in Dunning.objects.filter(status=Dunning.Status.OPEN)}
    for customer, case in cases.items():
        if customer not in late:
            _each(customer, partial(end_dunning, case, by=by))
    proposed = 0
    for customer, found in late.items():
        proposed += _each(customer, partial(_propose, customer, cases.get(customer), found, steps, by)) or 0
    return proposed


def _each(customer: int, do: Callable[[], Any]) -> Any:
    """Do it for one customer; what is refused there keeps nobody from the others. None where it was refused."""
    try:
        return do()
    except Refused as refusal:
        log.warning("the dunning of customer %d was refused: %s", customer, refusal.code)
        return None


def _propose(customer: int, case: Dunning | None, found: Late, steps: list[DunningStep], by: User) -> int:
    done = case.done_days if case else 0
    step = step_for(steps, found.days, done if done <= found.days else 0)  # older invoices were paid: it begins anew
    waits = case is not None and case.promised_on is not None and case.promised_on >= clock.today()
    if step is None or waits or (case is not None and case.step_id == step.pk):
        return 0
    if case is None:
        case = open_dunning(Customer.objects.get(pk=customer), by=by)
    propose_step(case, by=by, step=step)
    return 1
