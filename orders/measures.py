"""What orders and their payments say of a customer: value, frequency, recency, growth, loyalty, payment (KH 2.2).

Each measure is one query for many customers. Orders that were given up and drafts count nowhere; those taken over from
before count with the day on which they were received then.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Least, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.tiers.measures import MONEY, Span, measure
from orders.models import Order
from orders.models.order import DUE

S = Order.Status
LOYAL_MONTHS = 24
FEN, TENTH = Decimal("0.01"), Decimal("0.1")


def _orders(customers: list[int], span: Span) -> QuerySet:
    rows = Order.objects.filter(customer__in=customers, received_at__lt=span.until)
    rows = rows.exclude(status__in=[S.DRAFT, S.CANCELLED])
    return rows.order_by().values_list("customer_id")


def _decimals(rows: Any) -> dict[int, Decimal]:
    return {customer: Decimal(value) for customer, value in rows}


@measure(
    "value",
    _("Value contribution"),
    definition=_("The total with tax of the orders received in the months looked at."),
    unit=MONEY,
    weight=25,
    steps=(5_000, 20_000, 80_000, 200_000, 500_000),
)
def value(customers: list[int], span: Span) -> dict[int, Decimal]:
    """What was ordered in the span, as reconciled where it was."""
    return _decimals(_orders(customers, span).filter(received_at__gte=span.since).annotate(figure=Sum(DUE)))


@measure(
    "frequency",
    _("Frequency"),
    definition=_("How many orders were received in the months looked at."),
    unit=_("times"),
    weight=15,
    steps=(1, 3, 6, 12, 24),
)
def frequency(customers: list[int], span: Span) -> dict[int, Decimal]:
    """How often he ordered in the span."""
    return _decimals(_orders(customers, span).filter(received_at__gte=span.since).annotate(figure=Count("pk")))


@measure(
    "recency",
    _("Last order"),
    definition=_("How many days ago the last order was received; fewer are better."),
    unit=_("days ago"),
    weight=10,
    steps=(180, 90, 60, 30, 14),
)
def recency(customers: list[int], span: Span) -> dict[int, Decimal]:
    """How long ago he ordered last, whenever that was."""
    zone = timezone.get_default_timezone()
    rows = _orders(customers, span).annotate(last=Max("received_at"))
    return {pk: Decimal((span.today - timezone.localdate(last, zone)).days) for pk, last in rows}


@measure(
    "growth",
    _("Growth"),
    definition=_(
        "By how much more was ordered in the months looked at than in as many before them; 100 % where nothing was"
        " ordered before."
    ),
    unit="%",
    weight=10,
    steps=(-20, 0, 10, 25, 50),
)
def growth(customers: list[int], span: Span) -> dict[int, Decimal]:
    """The change in percent, to a tenth; none for who ordered in neither time."""
    rows = _orders(customers, span).filter(received_at__gte=span.before)
    now, earlier = Sum(DUE, filter=Q(received_at__gte=span.since)), Sum(DUE, filter=Q(received_at__lt=span.since))
    found = {}
    for customer, new, old in rows.annotate(new=now, old=earlier):
        if old:
            found[customer] = (100 * ((new or 0) - old) / Decimal(old)).quantize(TENTH, ROUND_HALF_UP)
        elif new:
            found[customer] = Decimal(100)
    return found


@measure(
    "loyalty",
    _("Loyalty"),
    definition=_("In how many months of the last 24 he ordered."),
    unit=_("months"),
    weight=10,
    steps=(1, 3, 6, 12, 18),
)
def loyalty(customers: list[int], span: Span) -> dict[int, Decimal]:
    """The months with an order, of the last two years."""
    month = TruncMonth("received_at", tzinfo=timezone.get_default_timezone())
    rows = _orders(customers, span).filter(received_at__gte=span.ago(LOYAL_MONTHS))
    return _decimals(rows.annotate(figure=Count(month, distinct=True)))


@measure(
    "payment",
    _("Payment behaviour"),
    definition=_("How much of what had to be paid by now, of the orders received in the months looked at, is paid."),
    unit="%",
    weight=15,
    steps=(60, 80, 90, 95, 100),
)
def payment(customers: list[int], span: Span) -> dict[int, Decimal]:
    """The share in percent, to a tenth and never rounded up to a hundred; none where nothing had to be paid yet."""
    rows = _orders(customers, span).filter(received_at__gte=span.since, due_on__lt=span.today)
    found = {}
    for customer, due, paid in rows.annotate(due=Sum(DUE), paid_of=Sum(Least("paid", DUE))):
        if due:
            share = (100 * paid / Decimal(due)).quantize(TENTH)
            found[customer] = share if paid == due else min(share, Decimal("99.9"))
    return found
