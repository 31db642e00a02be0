"""The time limits of settlement."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.deadlines.rules import Rule
from customers.models import Customer
from orders.contracts.models import Contract
from orders.exposure import HAD
from orders.models import Order
from pickup.settlement.models import Statement


def is_reconciled_in_writing(order: Order) -> bool:
    """Whether what left is to be agreed on in writing: under a contract, and wherever it is paid afterwards.

    Who has paid before he collects has the pickup record that both signed.
    """
    if order.history or order.settled is not None:
        return False
    if order.payment_terms == Customer.Terms.CREDIT:
        return True
    if hasattr(order, "has_contract"):
        return bool(order.has_contract)
    return Contract.objects.filter(order=order.pk, status__in=Contract.BINDING).exists()


# It begins as the order is wholly collected, or its rest waived: with the last pickup; and anew with a refused memo.
Rule(
    "settlement.reconcile",
    "KC 5.1.11.5, ZT 3.5",
    label=_("Reconcile with the customer in writing"),
    on=Order,
    during=set(HAD),
    when=is_reconciled_in_writing,
    met_by="settlement.settle_order",
    limit="5 wd",
    asks={"has_contract": Exists(Contract.objects.filter(order=OuterRef("pk"), status__in=Contract.BINDING))},
)
Rule(
    "settlement.invoice",
    "KC 5.1.11.6-8",
    label=_("Have the invoice issued, and post it"),
    on=Statement,
    during={Statement.Status.RECONCILED},
    when=lambda statement: bool(statement.total),
    since="reconciled_at",
    who="order.owner",
    met_by="settlement.note_invoiced",
    limit="2 wd",
)
