"""What invoices say of a customer's exposure: what is overdue of them, and the balances taken over (JD 7.1).

An order that has an invoice is overdue as its invoices are; one without is by its own day, as orders say.
Of orders taken over as history orders say nothing: what is owed of those is what their invoices say, the opening
balances.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import clock
from customers.credit.exposure import OVERDUE, OWED, exposure
from orders.exposure import NARROWED
from orders.payments.models import Invoice
from orders.payments.spreading import COUNTING


def without_invoice(orders: QuerySet) -> QuerySet:
    """Those of the orders that have no invoice that counts."""
    return orders.exclude(Exists(Invoice.objects.filter(order=OuterRef("pk"), status__in=COUNTING)))


NARROWED.append(without_invoice)


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
    """What of each customer's invoices should have been paid already; one query. Whoever owes nothing is left out."""
    rows = Invoice.objects.overdue(clock.today()).filter(customer__in=list(customers)).order_by()
    return dict(rows.values("customer").annotate(left=Sum(F("amount") - F("paid"))).values_list("customer", "left"))


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
