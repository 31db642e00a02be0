"""Reserved goods are given free: to be checked again, or because the customer does not want them any more."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.refusals import Refused
from orders.actions import CANCELLED_BY, give_up, kept_going, note_delivered
from orders.models import Order
from pickup.actions.planning import cancel_pickup, still_expected
from pickup.models import Pickup
from pickup.stock import ledger

OS = Order.Status


def _stand_down(order: Order, *, by: User, reason: str) -> None:
    """Call the expected pickup off and give the reserved goods free."""
    for pickup in order.pickups.filter(status__in=Pickup.EXPECTED):
        cancel_pickup(pickup, by=by, reason=reason)
    ledger.release(order)


@action(
    Order,
    label=gettext_lazy("Check the stock again"),
    source={OS.READY},
    target=OS.CONFIRMED,
    form=ReasonForm,
    unless=still_expected,
)
def release_stock(order: Order, *, by: User, reason: str) -> None:
    """Give goods free that were reserved but are not there or not sound; the stock is checked again (ZT 3.2)."""
    ledger.release(order)


@action(
    Order,
    label=gettext_lazy("Call the order off"),
    source={OS.READY},
    target=OS.CANCELLED,
    form=ReasonForm,
    unless=kept_going,
)
def call_off(order: Order, *, by: User, reason: str) -> None:
    """Give an order up whose goods are prepared: they are free again, the pickup is called off."""
    _stand_down(order, by=by, reason=reason)
    give_up(order, by=by, reason=reason)


CANCELLED_BY[OS.READY] = call_off


def _nothing_left(order: Order, by: User) -> Refused | None:
    if order.lines.filter(collected__gt=0).exists():
        return None
    return Refused("nothing_collected", _("Nothing of this order was collected."), _("Cancel the order instead."))


@action(
    Order,
    label=gettext_lazy("Do without the rest"),
    source={OS.CONFIRMED, OS.SHORT, OS.READY},
    target=OS.COLLECTED,
    form=ReasonForm,
    unless=_nothing_left,
)
def waive_rest(order: Order, *, by: User, reason: str) -> None:
    """Agree with the customer that the rest of a partly collected order is not needed; it can then be signed off."""
    _stand_down(order, by=by, reason=reason)
    order.reason = reason
    note_delivered(order)
