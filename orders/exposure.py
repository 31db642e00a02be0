"""What orders say of a customer's exposure: agreed and not delivered, delivered and not paid, and overdue (JD 7.1).

Of an order on account that passed its review the whole price counts until it is paid: as open what is not delivered,
as owed what is. Of orders that are paid before or on pickup only what was delivered without being paid counts. What was
reconciled with the customer takes the place of what was counted. Orders taken over as history count for nothing.

What was delivered in full is overdue by the order's day, what was handed over before by the order's days to pay from
its handover. What was invoiced of it is left out: when that is due is said by whoever invoices.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.statements import MARK, Statement
from customers.credit.exposure import OPEN, OVERDUE, OWED, exposure
from customers.models import Customer
from orders.models import DUE, Line, Order

S = Order.Status
ON_ACCOUNT = Customer.Terms.CREDIT
PENDING = (S.DRAFT, S.SUBMITTED, S.RETURNED)  # nothing is agreed yet
RUNNING = (S.REVIEWED, S.ALLOCATED, S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY)
HAD = (S.COLLECTED, S.SIGNED_OFF, S.CLOSED)  # the goods are with the customer
NONE = Decimal("0.00")
MONEY: Any = DecimalField(max_digits=20, decimal_places=2)
FINE: Any = DecimalField(max_digits=30, decimal_places=6)

BASE = Round(F("quantity") * F("factor"), precision=3, output_field=FINE)
BEFORE = date(1971, 2, 3)  # stands in the statement where the day belongs


def _worth(quantity: str) -> Case:
    """What so much of a line costs, in base units, to the fen; all of it costs what the line does."""
    part = Round(F("amount") * F(quantity) / BASE, precision=2, output_field=MONEY)
    return Case(When(**{f"{quantity}__gte": BASE}, then=F("amount")), default=part, output_field=MONEY)


def worth_of_lines(lines: QuerySet, quantity: str) -> Subquery:
    """What so much of each of `lines` costs, added up by order; as `Line.worth` has it."""
    rows = lines.order_by().values("order").annotate(left=Sum(_worth(quantity))).values("left")
    return Subquery(rows, output_field=MONEY)


def delivered(order: str = "pk", settled: str = "settled", allowance: str = "allowance") -> Coalesce:
    """What the goods cost that the customer has, as reconciled with him, else as they left less what was taken off.

    `order`, `settled` and `allowance` are the ways to the order's key and these amounts from the rows that are asked.
    """
    left = worth_of_lines(Line.objects.filter(order=OuterRef(order)), "collected")
    costs = ExpressionWrapper(left - F(allowance), output_field=MONEY)
    return Coalesce(F(settled), costs, NONE, output_field=MONEY)


# By apps above: through which goods leave (how much of a line left before a day, in base units, which is nothing where
# nothing did), and which know better when a part of an order is due (how much of an order that is).
LEFT_BEFORE: list[Callable[[Any], Any]] = []
INVOICED: list[Any] = []


def late_by_handover(day: date) -> Subquery:
    """What the goods of an order cost that left so long before `day` that the order's days to pay are over."""
    last = ExpressionWrapper(Cast(Value(day), DateField()) - OuterRef("order__payment_days"), output_field=DateField())
    late: Any = Value(NONE, output_field=FINE)
    for left in LEFT_BEFORE:
        late = late + Coalesce(left(last), NONE, output_field=FINE)
    lines = Line.objects.filter(order=OuterRef("pk"), collected__gt=0)
    lines = lines.annotate(late=ExpressionWrapper(late, output_field=FINE))
    return worth_of_lines(lines, "late")


def owing(rows: QuerySet) -> QuerySet:
    """Those of `rows` that may count, each with `delivered`: what the goods cost that the customer has."""
    rows = rows.filter(history=False, paid__lt=DUE).exclude(status__in=[*PENDING, S.CANCELLED])
    return rows.annotate(delivered=delivered())


def open_orders(rows: QuerySet) -> QuerySet:
    """Those that are agreed on account and not delivered in full, each with what is open of it as `counts`."""
    rows = owing(rows).filter(payment_terms=ON_ACCOUNT, status__in=RUNNING, settled=None)
    agreed = F("total") - F("returned") - F("allowance")
    counts = Greatest(agreed - Greatest(F("delivered"), F("paid"), output_field=MONEY), NONE, output_field=MONEY)
    return rows.annotate(counts=counts).filter(counts__gt=0)


def owed_orders(rows: QuerySet) -> QuerySet:
    """Those of which something was delivered and is not paid, each with what is owed for it as `counts`."""
    return owing(rows).annotate(counts=F("delivered") - F("paid")).filter(counts__gt=0)


def overdue_orders(rows: QuerySet, day: date) -> QuerySet:
    """Those on account of which something should have been paid before `day` by the order's terms, as `counts`."""
    rows = owing(rows).filter(payment_terms=ON_ACCOUNT, status__in=[*RUNNING, *HAD])
    by_handover = Least(F("delivered"), Coalesce(late_by_handover(day), NONE, output_field=MONEY), output_field=MONEY)
    late = Case(When(status__in=HAD, due_on__lt=day, then=F("delivered")), default=by_handover, output_field=MONEY)
    asked: Any = Value(NONE, output_field=MONEY)
    for invoiced in INVOICED:
        asked = asked + Coalesce(invoiced, NONE, output_field=MONEY)
    counts = ExpressionWrapper(late - Greatest(F("paid"), asked, output_field=MONEY), output_field=MONEY)
    return rows.annotate(counts=counts).filter(counts__gt=0)


def overdue_now(rows: QuerySet) -> QuerySet:
    """Those of `rows` that are overdue today."""
    return overdue_orders(rows, clock.today())


def _summed(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("customer").annotate(sum=Sum("counts")).values_list("customer", "sum")


def _of(customers: Any) -> QuerySet:
    return Order.objects.filter(customer__pk__any_of=customers)


OPEN_SUMS = Statement(lambda customers: _summed(open_orders(_of(customers))))
OWED_SUMS = Statement(lambda customers: _summed(owed_orders(_of(customers))))
OVERDUE_SUMS = Statement(lambda customers, day: _summed(overdue_orders(_of(customers), day)), marks=(MARK, BEFORE))


def _list(which: str) -> Any:
    def address(customer: int) -> str:
        return f"{reverse('orders')}?customer={customer}&counts={which}"

    return address


@exposure("open_orders", _("Open orders"), order=10, kind=OPEN, documents=_list(OPEN))
def open_sums(customers: Sequence[int]) -> dict[int, Decimal]:
    """What is agreed on account with each customer and not delivered yet; one query."""
    return dict(OPEN_SUMS(list(customers)))


@exposure("owed", _("Delivered and not paid"), order=20, kind=OWED, documents=_list(OWED))
def owed_sums(customers: Sequence[int]) -> dict[int, Decimal]:
    """What each customer has had and not paid; one query."""
    return dict(OWED_SUMS(list(customers)))


@exposure("overdue", _("Overdue orders"), order=30, kind=OVERDUE, documents=_list(OVERDUE))
def overdue_sums(customers: Sequence[int]) -> dict[int, Decimal]:
    """What each customer should have paid already of orders on account, but for what is invoiced; one query."""
    return dict(OVERDUE_SUMS(list(customers), clock.today()))
