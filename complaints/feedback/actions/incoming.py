"""What came into the inbox and is no complaint is taken as feedback (ZT 4.1, 4.2)."""

from typing import Any

from django.utils.translation import gettext_lazy

from complaints.feedback import forms
from complaints.feedback.actions.receiving import take_in
from complaints.feedback.models import Feedback
from complaints.inbox.actions import copies_of, prospect_of, sender_of
from complaints.inbox.models import Incoming
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from customers.actions import add_contact
from customers.models import Contact, Customer
from orders.models import Order

S, Way = Incoming.Status, Feedback.Way
WAYS = {Incoming.Channel.MAIL: Way.MAIL, Incoming.Channel.WEB: Way.WEB}


@action(
    Incoming,
    label=gettext_lazy("Make feedback of it"),
    source={S.NEW},
    target=S.FEEDBACK,
    form=forms.IncomingForm,
)
def make_feedback(
    item: Incoming,
    *,
    by: User,
    kind: str,
    about: str,
    content: str,
    staff: User | None = None,
    customer: Customer | None = None,
    new_customer: str = "",
    contact: Contact | None = None,
    keep_sender: bool = False,
    order: Order | None = None,
) -> Feedback:
    """Take it as feedback, received when it came, with its files; a stranger becomes a prospect (ZT 4.1, 4.2)."""
    if customer is None:
        customer = prospect_of(item, new_customer, by=by)
        contact = customer.contacts.first()
    elif keep_sender and contact is None:
        contact = add_contact(customer, by=User.objects.system("complaints"), **sender_of(item))
    facts: dict[str, Any] = {"kind": kind, "about": about, "staff": staff, "content": content, "order": order}
    feedback = take_in(
        customer,
        by=by,
        files=copies_of(item),
        channel=WAYS.get(Incoming.Channel(item.channel), Way.OTHER),
        contact=contact,
        received_at=item.received_at,
        **facts,
    )
    item.customer, item.done_by, item.done_at = customer, by, clock.now()
    return feedback
