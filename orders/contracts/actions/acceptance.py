"""The customer's oral acceptance, and which class of contract it makes (KC 5.1.2)."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from customers.models import Contact
from orders.contracts import forms
from orders.contracts.models import Contract
from orders.contracts.support import support_of
from orders.models import Order

S, OS = Contract.Status, Order.Status


def _has_one(order: Order, by: User) -> Refused | None:
    found = Contract.objects.of(order)
    if found is None:
        return None
    return Refused(
        "has_contract", _("There is a contract about this order already: %(number)s.") % {"number": found.number}
    )


@action(
    Order,
    label=gettext_lazy("Accepted verbally"),
    source={OS.REVIEWED, OS.ALLOCATED, OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY},
    form=forms.AcceptanceForm,
    unless=_has_one,
)
def record_acceptance(
    order: Order,
    *,
    by: User,
    accepted_by: str,
    accepted_at: datetime | None = None,
    contact: Contact | None = None,
    accepted_words: str = "",
) -> Contract:
    """Note that the customer accepts by word of mouth: who, when, how; that begins his contract (KC 5.1.2).

    Sales support is told at once, and classifies it.
    """
    contract = Contract.objects.create(
        number=next_number("CT"),
        order=order,
        customer=order.customer,
        contact=contact or order.contact,
        accepted_by=accepted_by,
        accepted_at=accepted_at or clock.now(),
        accepted_words=accepted_words,
        recorded_by=by,
        owner=order.owner or order.applied_by,
        department=order.department or by.department,
        payment_terms=order.payment_terms,
        payment_days=order.payment_days,
        delivery_on=order.wanted_on,
        place=order.place,
        quantity=sum((line.base_quantity for line in order.lines.all()), Decimal(0)),
        total=order.total,
        tax=order.tax,
    )
    for user in support_of(contract):
        if user != by:
            queue.notify(
                user,
                "contracts.accepted",
                about=contract,
                context={"number": contract.number, "customer": contract.customer.name, "order": order.number},
                key=f"contract-accepted-{contract.pk}",
            )
    return contract


@action(
    Contract,
    label=gettext_lazy("Classify"),
    source={S.ACCEPTED, S.CLASSIFIED},
    target=S.CLASSIFIED,
    form=forms.ClassifyForm,
)
def classify_contract(contract: Contract, *, by: User, kind: str, class_reason: str = "") -> None:
    """Judge whether stock or usual ability suffices (regular) or the contract asks more (special) (KC 5.1.2)."""
    contract.kind, contract.class_reason, contract.classified_by = kind, class_reason, by
    queue.notify(
        contract.owner,
        "contracts.classified",
        about=contract,
        context={
            "number": contract.number,
            "customer": contract.customer.name,
            "special": kind == Contract.Kind.SPECIAL,
        },
        key=f"contract-classified-{contract.pk}-{contract.version}",
    )
