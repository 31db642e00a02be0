"""The demonstration's order beyond its customer's limit, for which the salesperson asks; read by orders/demo.py."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from crm.approvals import actions as approvals
from crm.approvals.declare import ASKED_BY
from crm.approvals.models import Task
from crm.reports.demo import Demo, Story, chapter
from customers.credit import actions as credit
from customers.credit.demo import judged
from customers.credit.exposure import exposure_of
from customers.credit.models import Rating, Standing
from orders import actions as verbs
from orders.exposure import ON_ACCOUNT
from orders.models import Order


@chapter(89, "orders beyond credit")
def beyond(demo: Demo) -> Iterator[Story]:
    """One order in review is beyond the limit that finance has just cut."""
    yield Story("credit-beyond", demo.ago(9), partial(_beyond, demo))


def _beyond(demo: Demo) -> None:
    ask = ASKED_BY[verbs.allow_credit.name]
    good = Standing.objects.filter(rating__in=[Rating.A, Rating.B]).values("customer")
    rows = Order.objects.filter(status=Order.Status.SUBMITTED, payment_terms=ON_ACCOUNT, customer__in=good)
    for order in rows.filter(total__gt=1000, history=False).select_related("customer").order_by("pk"):
        customer = order.customer
        if customer.owner_id is None or customer.assessments.filter(status="proposed").exists():
            continue
        seller = demo.user(customer.owner_id)
        limit = (exposure_of(customer).total + order.total / 2).quantize(Decimal("1000"))
        chance = demo.random("credit-beyond")
        again = credit.assess_customer(customer, by=seller, **{**judged(Rating.A, chance, limit), "limit": limit})
        request = ASKED_BY[credit.put_in_force.name](again, by=seller)
        while task := request.tasks.filter(status=Task.Status.WAITING).order_by("pk").first():
            approvals.approve(task, by=demo.user(task.approver_id), opinion="先压额度，超出部分逐单审批。")
        if ask.refusal(order, demo.user(order.applied_by_id)) is None:
            with demo.at(demo.ago(7)):
                ask(order, by=demo.user(order.applied_by_id), reason="客户年底冲量，订金已谈妥，请准予超额下单")
            return
