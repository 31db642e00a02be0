"""What invoices say of a customer's exposure: what is overdue of them, and the balances taken over (JD 7.1).

What is invoiced of an order is overdue as its invoices are; the rest is by the order's terms, as orders say. An invoice
of an order that is paid first, or was given up, is a debt only as far as goods were delivered without being paid.
Of orders taken over as history orders say nothing: what is owed of those is what their invoices say, the opening
balances.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Case, F, OuterRef, Subquery, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from customers.credit.exposure import OVERDUE, OWED, exposure
from orders.exposure import INVOICED, MONEY
from orders.payments.models import Invoice
from orders.payments.models.invoice import owed_in_full, owed_of_order
from orders.payments.spreading import COUNTING

NONE = Decimal("0.00")
COUNTING_OF_ORDER = (
    Invoice.objects.filter(order=OuterRef("pk"), status__in=(*COUNTING, Invoice.Status.CREDIT))
    .order_by()
    .values("order")
)
INVOICED.append(Subquery(COUNTING_OF_ORDER.annotate(sum=Sum("amount")).values("sum"), output_field=MONEY))


def documents(customer: int) -> str:
    """The list of the customer's overdue invoices."""
    return f"{reverse('invoices')}?tab=overdue&customer={customer}"


@exposure(
    "overdue_invoices",
    _("Overdue invoices"),
    order=35,
    kind=OVERDUE,
    documents=documents,
    right="payments.view_invoice",
)
def overdue(customers: Sequence[int]) -> dict[int, Decimal]:
    """What of each customer's invoices should have been paid already; one query. Whoever owes nothing is left out.

    The invoices of one order are no larger a debt together than what was delivered of it and is not paid.
    """
    rows = Invoice.objects.overdue(clock.today()).filter(customer__in=list(customers)).order_by()
    most = Case(When(owed_in_full(), then=Value(None)), default=owed_of_order(), output_field=MONEY)
    by_order = rows.annotate(most=most).values("customer", "order", "most").annotate(left=Sum(F("amount") - F("paid")))
    found: dict[int, Decimal] = {}
    for customer, most_of_it, left in by_order.values_list("customer", "most", "left"):
        found[customer] = found.get(customer, NONE) + (left if most_of_it is None else min(left, most_of_it))
    return found


def balances(customer: int) -> str:
    """The list of what the customer still owes of orders taken over as history."""
    return f"{reverse('invoices')}?tab=open&history=true&customer={customer}"


@exposure(
    "opening_balances",
    _("Opening balances"),
    order=25,
    kind=OWED,
    documents=balances,
    right="payments.view_invoice",
)
def opening(customers: Sequence[int]) -> dict[int, Decimal]:
    """What is open of each customer's invoices over orders taken over as history, whether due or not; one query."""
    rows = Invoice.objects.open().filter(customer__in=list(customers), order__history=True).order_by()
    return dict(rows.values("customer").annotate(left=Sum(F("amount") - F("paid"))).values_list("customer", "left"))
