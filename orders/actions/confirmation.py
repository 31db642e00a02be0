"""Confirming an order with the customer, by phone or by a link of his own (ZT 3.1)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.links.mailing import mail_link
from crm.outbox import queue
from crm.refusals import only_the_customer
from crm.words import money
from customers.actions import keep_contact
from customers.models import Contact
from orders import forms
from orders.models import Order, OrderVersion
from orders.versions import keep_version

S = Order.Status
LINK_LASTS = timedelta(days=14)


@action(Order, label=gettext_lazy("Ask the customer to confirm"), source={S.ACCEPTED}, form=forms.AskToConfirmForm)
def ask_to_confirm(order: Order, *, by: User) -> None:
    """Mail the contact a link under which he confirms lines, prices and date, or asks for changes (ZT 3.1)."""
    mail_link(
        order,
        "orders.confirm",
        "orders.confirm",
        order.contact,
        {"number": order.number, "total": money(order.total), "wanted_on": order.wanted_on},
        by=by,
        valid_for=LINK_LASTS,
        remedy=_("Add one to the contact, or confirm by phone."),
    )


@action(
    Order,
    label=gettext_lazy("Confirm with the customer"),
    source={S.ACCEPTED},
    target=S.CONFIRMED,
    form=forms.ConfirmForm,
)
def confirm_order(order: Order, *, by: User, channel: str, contact: Contact | None = None, remarks: str = "") -> None:
    """Check every line, price and date with the customer; the call stands in his contact log (ZT 3.1)."""
    order.confirmed_at = clock.now()
    order.contact = contact or order.contact
    keep_version(order, OrderVersion.Cause.CONFIRMED, by=by)
    if not by.is_system:  # what he does under his link is in the log as his own
        said = _("Confirmed order %(number)s.") % {"number": order.number}
        keep_contact(order.customer, by=by, channel=channel, what=f"{said} {remarks}".strip(), contact=order.contact)


@action(
    Order,
    label=gettext_lazy("Ask for changes"),
    source={S.ACCEPTED},
    form=forms.AskForChangesForm,
    unless=only_the_customer,
)
def ask_for_changes(order: Order, *, by: User, wishes: str) -> None:
    """Take down what the customer wants to be different before he confirms (ZT 3.1)."""
    if order.owner:
        queue.notify(
            order.owner,
            "orders.changes",
            about=order,
            context={"number": order.number, "customer": order.customer.name, "wishes": wishes},
            key=f"order-changes-{order.pk}-{order.version}",
        )
