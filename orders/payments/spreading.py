"""What of an order's invoices is paid: the order's payments and credit notes, spread over them, the oldest due first.

The sum of what is paid of the invoices is always the smaller of what is paid and credited of the order and what the
invoices come to. It is kept on the invoices, so that lists and the ageing ask one table, and brought up to date under
the order's lock whenever a payment or an invoice comes or goes. `disagreements()` says where it is not so; a job asks
each night.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Case, ExpressionWrapper, F, Q, Sum, Value, When, Window
from django.db.models.functions import Greatest, Least

from crm.accounts.models import User
from orders.exposure import MONEY
from orders.models import Order
from orders.payments.models import Invoice

S = Invoice.Status
NONE = Decimal("0.00")
COUNTING = (S.OPEN, S.PAID)


def invoiced(order: Order) -> Decimal:
    """What the order's invoices come to, less its credit notes."""
    rows = Invoice.objects.filter(order=order, status__in=(*COUNTING, S.CREDIT)).order_by()
    return rows.aggregate(whole=Sum("amount"))["whole"] or NONE


def shares(paid: Decimal, invoices: Iterable[Invoice]) -> dict[int, Decimal]:
    """How much of `paid` falls to each of the invoices, by key: the oldest due first, each until it is paid in full."""
    left, found = max(paid, NONE), {}
    for invoice in sorted(invoices, key=lambda each: (each.due_on, each.pk)):
        found[invoice.pk] = min(left, invoice.amount)
        left -= found[invoice.pk]
    return found


def spread(order: Order, *, without: Invoice | None = None) -> None:
    """Let the order's invoices know what is paid of them; the order is locked, and `order.paid` is what counts now.

    `without` is an invoice that is just being cancelled.
    """
    from orders.payments.actions import count_payment, pay_off  # they are what invoices are changed by
    from orders.payments.cases import end_what_is_paid

    rows = [each for each in Invoice.objects.filter(order=order, status__in=(*COUNTING, S.CREDIT)) if each != without]
    invoices = [each for each in rows if each.status != S.CREDIT]
    if not invoices and without is None:
        return
    by = User.objects.system("payments")
    found = shares(order.paid + _credited(rows), invoices)
    for invoice in invoices:
        paid = found[invoice.pk]
        if paid != invoice.paid or (paid == invoice.amount) != (invoice.status == S.PAID):
            verb = pay_off if paid == invoice.amount else count_payment
            verb(invoice, by=by, paid=paid)
    end_what_is_paid(order.customer_id, without=without)


def disagreements() -> list[tuple[Invoice, Decimal]]:
    """Invoices of which something else is paid than follows from their order's payments, with what would follow.

    The same sum as `shares`, by the database over all invoices in one query; answers by order, the oldest due first.
    """
    counts = Case(When(status__in=COUNTING, then=F("amount")), default=Value(NONE), output_field=MONEY)
    credit = Case(When(status=S.CREDIT, then=-F("amount")), default=Value(NONE), output_field=MONEY)
    until = Window(Sum(counts), partition_by=["order"], order_by=["due_on", "pk"], output_field=MONEY)
    credited = Window(Sum(credit), partition_by=["order"], output_field=MONEY)
    left = ExpressionWrapper(F("order__paid") + credited - (until - counts), output_field=MONEY)
    share = Greatest(Least(left, F("amount"), output_field=MONEY), Value(NONE), output_field=MONEY)
    follows = Case(When(status__in=COUNTING, then=share), default=F("paid"), output_field=MONEY)
    rows = Invoice.objects.filter(status__in=(*COUNTING, S.CREDIT)).annotate(follows=follows)
    wrong = rows.filter(~Q(paid=F("follows"))).order_by("order_id", "due_on", "pk")
    return [(each, each.follows) for each in wrong]


def _credited(rows: Iterable[Invoice]) -> Decimal:
    return -sum((each.amount for each in rows if each.status == S.CREDIT), NONE)
