"""What orders say of a customer's exposure: agreed and not delivered, delivered and not paid, and overdue (JD 7.1).

Of an order on account that passed its review the whole price counts until it is paid: as open what is not delivered,
as owed what is. Of orders that are paid before or on pickup only what was delivered without being paid counts. What was
reconciled with the customer takes the place of what was counted. Orders taken over as history count for nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest, Round
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
PART = Round(F("amount") * F("collected") / BASE, precision=2, output_field=MONEY)
LEFT = Case(When(collected__gte=BASE, then=F("amount")), default=PART, output_field=MONEY)  # as pickup.verdict has it
DELIVERED = Subquery(
    Line.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(left=Sum(LEFT)).values("left"),
    output_field=MONEY,
)
BEFORE = date(1971, 2, 3)  # stands in the statement where the day belongs


def owing(rows: QuerySet) -> QuerySet:
    """Those of `rows` that may count, each with `delivered`: what the goods cost that the customer has."""
    rows = rows.filter(history=False, paid__lt=DUE).exclude(status__in=[*PENDING, S.CANCELLED])
    return rows.annotate(delivered=Coalesce(F("settled"), DELIVERED, NONE, output_field=MONEY))


def open_orders(rows: QuerySet) -> QuerySet:
    """Those that are agreed on account and not delivered in full, each with what is open of it as `counts`."""
    rows = owing(rows).filter(payment_terms=ON_ACCOUNT, status__in=RUNNING, settled=None)
    counts = Greatest(F("total") - Greatest(F("delivered"), F("paid"), output_field=MONEY), NONE, output_field=MONEY)
    return rows.annotate(counts=counts).filter(counts__gt=0)


def owed_orders(rows: QuerySet) -> QuerySet:
    """Those of which something was delivered and is not paid, each with what is owed for it as `counts`."""
    return owing(rows).annotate(counts=F("delivered") - F("paid")).filter(counts__gt=0)


NARROWED: list[Callable[[QuerySet], QuerySet]] = []  # by apps that know better when something of an order is due


def overdue_orders(rows: QuerySet, day: date) -> QuerySet:
    """Those of the owed ones that were collected on account and should have been paid before `day`."""
    for narrowed in NARROWED:
        rows = narrowed(rows)
    return owed_orders(rows).filter(payment_terms=ON_ACCOUNT, status__in=HAD, due_on__lt=day)


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
    """What each customer should have paid already, of orders that were collected on account; one query."""
    return dict(OVERDUE_SUMS(list(customers), clock.today()))
