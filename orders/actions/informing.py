"""What the customer is told while his order runs: how far it is, and when and how it ships (KF 3.2.3, 3.2.7)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.outbox import queue
from crm.refusals import Refused
from customers.models import Contact
from orders import forms
from orders.actions.follow_up import IN_FOLLOW_UP
from orders.models import Order, ShippingAdvice

S = Order.Status


@action(
    Order, label=gettext_lazy("Send the customer a progress update"), source=IN_FOLLOW_UP, form=forms.TellProgressForm
)
def tell_progress(
    order: Order, *, by: User, text: str, contact: Contact | None = None, expected_on: Any = None
) -> None:
    """Keep the customer informed of his order, by mail, or by a call where he has no address (KF 3.2.3, JD 5.2)."""
    _tell(order, contact, "orders.progress", {"progress": text, "expected_on": expected_on}, by=by)


def _collected_by_himself(order: Order, by: User) -> Refused | None:
    if order.fulfilment == Order.Fulfilment.DELIVERY:
        return None
    return Refused("pickup", _("The customer collects this order himself."), _("The pickup notice tells him."))


@action(
    Order,
    label=gettext_lazy("Send the shipping advice"),
    source={S.CONFIRMED, S.READY},
    form=forms.AdviseShippingForm,
    unless=_collected_by_himself,
)
def advise_shipping(order: Order, *, by: User, contact: Contact | None = None, **facts: Any) -> ShippingAdvice:
    """Tell the customer date, quantity, documents and vehicle or vessel of his shipment beforehand (KF 3.2.7)."""
    advice = ShippingAdvice.objects.create(order=order, by=by, at=clock.now(), **facts)
    _tell(
        order,
        contact,
        "orders.shipping",
        {
            "ships_on": advice.ships_on,
            "goods": advice.goods,
            "documents": advice.documents,
            "transport": advice.transport,
            "place": order.place,
        },
        by=by,
    )
    return advice


def _tell(order: Order, contact: Contact | None, template: str, facts: Mapping[str, Any], *, by: User) -> None:
    """One message about the order to its contact: a mail, or a call task of the owner's where there is no address."""
    contact = contact or order.contact
    if contact is None:
        raise Refused("no_contact", _("There is nobody to tell."), _("Add a contact to the order."))
    context = {"number": order.number, **facts}
    key = f"{template}-{order.pk}-{order.version}"
    queue.reach(contact, template=template, about=order, context=context, key=key, assignee=order.owner or by)
