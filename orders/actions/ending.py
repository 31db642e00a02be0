"""How an order ends: collected, signed off and closed, or cancelled before its goods are prepared (JD 2.5, ZT 3.5)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm import clock
from crm.accounts.models import User
from crm.actions import Action, action
from crm.inputs import ReasonForm
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_system
from crm.statements import Statement
from customers.models import Customer
from orders import forms
from orders.actions.follow_up import drop_milestone
from orders.actions.payments import write_amounts
from orders.desk import desk
from orders.held import held
from orders.models import Allowance, Handover, Line, Milestone, Order

S = Order.Status
NONE = Decimal("0.00")
# By state: the verb of an app above that cancels an order there, because it holds something for it.
CANCELLED_BY: dict[str, Action] = {}
LINES = Statement(lambda order: Line.objects.filter(order=order).order_by())


def note_delivered(order: Order) -> None:
    """All that is to be delivered is: days to pay on account are counted from now on (JD 7.1)."""
    if order.payment_terms == Customer.Terms.CREDIT:
        order.due_on = clock.today() + timedelta(days=order.payment_days)


@action(
    Order,
    label=gettext_lazy("Note what was collected"),
    source={S.READY},
    target={S.COLLECTED, S.READY, S.CONFIRMED},
    unless=only_the_system,
)
def note_collection(order: Order, *, by: User, rest_ready: bool = False) -> str:
    """Follow a handover: all collected, or the rest stays open, ready or to be checked again (ZT 3.5)."""
    if not any(line.open_quantity for line in LINES(order.pk)):
        note_delivered(order)
        return S.COLLECTED
    return S.READY if rest_ready else S.CONFIRMED


@action(
    Order,
    label=gettext_lazy("Open the collection again"),
    source={S.READY, S.CONFIRMED, S.SHORT, S.COLLECTED},
    target=S.READY,
    unless=only_the_system,
)
def reopen_collection(order: Order, *, by: User) -> None:
    """Follow a handover that was taken back: its goods are reserved again (ZT 3.5).

    What was reconciled with the customer counts no more; it is reconciled anew once the goods are with him.
    """
    order.due_on = None
    if order.settled is not None:
        write_amounts(order, settled=None)


@action(
    Order,
    label=gettext_lazy("Note what came back for good"),
    source={S.CONFIRMED, S.SHORT, S.READY, S.COLLECTED, S.SIGNED_OFF, S.CLOSED},
    unless=only_the_system,
)
def note_return(order: Order, *, by: User, amount: Decimal, reference: str) -> None:
    """Follow goods that the customer gave back and does not get again: he owes so much less (KC 5.2.3.2).

    What was reconciled with him counts no more: until it is reconciled anew, he owes what he did less `amount`. What
    was taken off by agreement goes back with the goods as far as they cost more than he owes; it stands in the next
    statement beside them. `reference` is the paper of what came. The order stays what it is, also signed off or
    closed; its lines know how much came back.
    """
    back = min(amount - order.due, order.allowance)
    if back > 0:
        with override(settings.LANGUAGE_CODE):  # the reason is kept, and read by others than who acts
            reason = _("Taken back with the goods that it was taken off")
        Allowance.objects.create(order=order, amount=-back, reason=reason, reference=reference, granted_by=by)
    allowance = order.allowance - max(back, NONE)
    due = max(order.due + order.allowance - allowance - amount, NONE)
    write_amounts(order, allowance=allowance, settled=None, returned=order.total - allowance - due)


@action(
    Order,
    label=gettext_lazy("Hand in the sign-off sheet"),
    source={S.COLLECTED},
    target=S.SIGNED_OFF,
    form=forms.SheetForm,
)
def hand_in_sheet(order: Order, *, by: User, sheet: Any = None, remarks: str = "") -> None:
    """Give the sheet that the customer signed (客户签收单) to the order desk, which then closes the order (JD 2.5)."""
    if sheet:
        attach(order, sheet, by=by, kind="sign_off")
    order.sheet_received_at = clock.now()
    Handover.objects.create(order=order, what=Handover.What.SHEET, remarks=remarks, giver=by, department=desk())


@action(Order, label=gettext_lazy("Close the order"), source={S.SIGNED_OFF}, target=S.CLOSED)
def close_order(order: Order, *, by: User) -> None:
    """Archive the order's papers together (JD 2.5); what was still planned is asked for no more."""
    order.closed_at = clock.now()
    _drop_plan(order, by=by, reason="")


def goods_left(order: Order, by: User) -> Refused | None:
    """Why an order of which goods have left cannot be cancelled."""
    if order.lines.filter(collected__gt=0).exists():
        return Refused("collected", _("Goods of this order were handed over already."))
    return None


def kept_going(order: Order, by: User) -> Refused | None:
    """Why an order cannot be cancelled: goods of it have left, or a signed paper holds it."""
    return goods_left(order, by) or held(order, by)


@action(
    Order,
    label=gettext_lazy("Cancel the order"),
    source=set(S.values) - {S.READY, S.COLLECTED, S.SIGNED_OFF, S.CLOSED, S.CANCELLED},
    target=S.CANCELLED,
    form=ReasonForm,
    unless=kept_going,
)
def cancel_order(order: Order, *, by: User, reason: str) -> None:
    """Give the order up before its goods are prepared; what was paid for it stays to be given back."""
    give_up(order, by=by, reason=reason)


def canceller(order: Order) -> Action:
    """The verb that cancels the order in its present state, with all that is held for it."""
    return CANCELLED_BY.get(order.status, cancel_order)


def give_up(order: Order, *, by: User, reason: str) -> None:
    """What every end without goods has in common: the reason, and a plan that asks for nothing more."""
    order.reason = reason
    _drop_plan(order, by=by, reason=reason)


def _drop_plan(order: Order, *, by: User, reason: str) -> None:
    for milestone in order.milestones.filter(status=Milestone.Status.OPEN):
        drop_milestone(milestone, by=by, reason=reason)
