"""What is looked at each night and morning: whether invoices agree with payments, and who is to be reminded."""

import logging
from functools import partial

from django.db import transaction

from crm import clock
from crm.accounts.models import User
from crm.deadlines.one_by_one import one_by_one
from crm.outbox import queue
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
    one_by_one([case for customer, case in cases.items() if customer not in late], partial(end_dunning, by=by))
    due = {customer: _step_due(cases.get(customer), found, steps) for customer, found in late.items()}
    wanted = Customer.objects.filter(pk__in=[customer for customer, step in due.items() if step is not None])
    return one_by_one(wanted.order_by("pk"), lambda each: _propose(each, cases.get(each.pk), due[each.pk], by))


def _step_due(case: Dunning | None, found: Late, steps: list[DunningStep]) -> DunningStep | None:
    """The step that is to be proposed now, None where none is, or it is already, or what was promised is waited for."""
    done = case.done_days if case else 0
    step = step_for(steps, found.days, done if done <= found.days else 0)  # older invoices were paid: it begins anew
    waits = case is not None and case.promised_on is not None and case.promised_on >= clock.today()
    if step is None or waits or (case is not None and case.step_id == step.pk):
        return None
    return step


@transaction.atomic
def _propose(customer: Customer, case: Dunning | None, step: DunningStep | None, by: User) -> None:
    propose_step(case or open_dunning(customer, by=by), by=by, step=step)
