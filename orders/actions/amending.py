"""Changing an order that the customer has agreed to: by change, extension or supplement (KF 3.2.4, KC 5.1.10)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused, only_the_system
from orders.actions.payments import write_amounts
from orders.amending import morning_before, refuse_below_delivered, write_lines
from orders.credit import pass_raised
from orders.models import Order
from orders.models.lines import AmendedLine
from orders.versions import keep_first, keep_version

S = Order.Status
# Where nothing of the order is reserved, waits to be fetched, or is all fetched: its lines may change.
OPEN_ORDERS = frozenset({S.SUBMITTED, S.REVIEWED, S.ALLOCATED, S.ACCEPTED, S.CONFIRMED, S.SHORT})
DATED_ORDERS = OPEN_ORDERS | {S.READY}  # its date may also change while the goods lie ready


def lines_are_fixed(order: Order) -> Refused | None:
    """Why the lines of an order cannot be changed in its present state, or None where they can."""
    if order.status in OPEN_ORDERS:
        return None
    return Refused(
        "order_not_open",
        _("The lines of order %(number)s cannot be changed while it is “%(state)s”.")
        % {"number": order, "state": order.get_status_display()},
        _("Let the warehouse release the reserved goods first; what is all collected needs a new order."),
    )


@action(
    Order,
    label=gettext_lazy("Let the order be as agreed anew"),
    source=DATED_ORDERS,
    target={str(each) for each in DATED_ORDERS},
    unless=only_the_system,
)
def amend_order(
    order: Order,
    *,
    by: User,
    cause: str,
    reference: str = "",
    lines: Sequence[AmendedLine] = (),
    wanted_on: date | None = None,
) -> str:
    """Let lines and date of the order be as agreed anew, and keep it as a version; `cause` is a version's.

    Nothing goes below what is delivered, and a total that is raised is asked about as at the review (JD 7.1). An order
    that was short of stock is checked again, at once or, for a later date, on the working day before it; one that waits
    for such a check has it in time for what was agreed anew.
    """
    keep_first(order)
    before = order.total
    if lines:
        if refused := lines_are_fixed(order):
            raise refused
        refuse_below_delivered(order.pk, lines)
        write_lines(order, lines)
        pass_raised(order, before)
        if order.total != before:
            write_amounts(order, total=order.total, tax=order.tax)
    later = wanted_on is not None and wanted_on > order.wanted_on
    order.wanted_on = wanted_on or order.wanted_on
    keep_version(order, cause, by=by, reference=reference)
    if order.status != S.SHORT:
        if order.status == S.CONFIRMED and order.check_from is not None and order.check_from > clock.now():
            order.check_from = clock.now() if lines else max(clock.now(), morning_before(order.wanted_on))
        return order.status
    order.check_from = max(clock.now(), morning_before(order.wanted_on)) if later and not lines else None
    return S.CONFIRMED
