"""The preliminary review: complete and right, or sent back; then the papers change hands (JD 2.2)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.approvals.declare import Approval
from crm.approvals.facts import Fact
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.refusals import Refused
from orders import forms
from orders.credit import pass_within_limit
from orders.desk import desk
from orders.findings import stops
from orders.models import Handover, Order
from orders.pricing import low_price_facts

S = Order.Status


def _must_be_mended(order: Order, by: User) -> Refused | None:
    found = stops(order) if order.status == S.SUBMITTED else []
    if not found:
        return None
    return Refused("findings", " ".join(each.sentence for each in found), _("Send it back, saying what to correct."))


def _no_low_price(order: Order, by: User) -> Refused | None:
    return None if order.low_price else Refused("no_low_price", _("No price is below the lowest one."))


def low_prices(order: Order, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is approved: whose order it is, each price below the lowest, what it all comes to, and why."""
    yield Fact("customer", gettext_lazy("Customer"), order.customer)
    yield from low_price_facts(order.lines)
    yield Fact("total", gettext_lazy("Total with tax"), order.total, "money")
    yield Fact("reason", gettext_lazy("Reason"), inputs["reason"])


@action(
    Order,
    label=gettext_lazy("Allow the low price"),
    source={S.DRAFT, S.SUBMITTED, S.RETURNED},
    form=ReasonForm,
    unless=_no_low_price,
    approval=Approval(
        facts=low_prices,
        amount=lambda order, inputs: order.total,
        label=gettext_lazy("Ask for the low price"),
    ),
)
def allow_price(order: Order, *, by: User, reason: str) -> None:
    """Let the order have prices below the lowest of the list, once the asker's manager agrees (JD 2.2)."""
    order.price_reason = reason


@action(
    Order,
    label=gettext_lazy("Pass the review"),
    source={S.SUBMITTED},
    target=S.REVIEWED,
    form=forms.ReviewForm,
    unless=_must_be_mended,
)
def pass_review(order: Order, *, by: User, remarks: str = "") -> None:
    """Find the application complete and right, and hand it with its papers to the order desk (JD 2.2, 3.1)."""
    pass_within_limit(order)
    Handover.objects.create(order=order, what=Handover.What.APPLICATION, remarks=remarks, giver=by, department=desk())


@action(
    Order,
    label=gettext_lazy("Send back"),
    source={S.SUBMITTED},
    target=S.RETURNED,
    form=forms.SendBackForm,
)
def send_back(order: Order, *, by: User, mend: str) -> None:
    """Give the application back to whoever made it, with what to mend (JD 2.2)."""
    order.mend = mend
    queue.notify(
        order.applied_by,
        "orders.sent_back",
        about=order,
        context={"number": order.number, "customer": order.customer.name, "mend": mend},
        key=f"order-sent-back-{order.pk}-{order.version}",
    )


@action(
    Handover, label=gettext_lazy("Confirm receipt"), source={Handover.Status.GIVEN}, target=Handover.Status.RECEIVED
)
def receive_handover(handover: Handover, *, by: User) -> None:
    """Sign for papers that were handed over (JD 2.2)."""
    handover.receiver, handover.received_at = by, clock.now()
