"""Giving an order to its owner, who takes it or lets it go on to the next (JD 2.3)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.deputies import stand_in
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.opposites import opposite
from crm.outbox import queue
from crm.refusals import Refused
from crm.words import money
from orders import forms
from orders.allocation import candidates
from orders.models import Allocation, Order
from orders.news import News, tell

S = Order.Status


def _allocate(order: Order, *, by: User, owner: User | None, reason: str) -> None:
    """Give the order to `owner`, or to the best candidate, and keep how all of them stood."""
    found = candidates(order)
    best = next((each for each in found if not each.obstacle), None)
    if owner is None and best is None:
        raise Refused(
            "nobody",
            _("Nobody can take this order now."),
            _("Choose an owner yourself, or change who takes orders."),
        )
    chosen = owner or best.user  # type: ignore[union-attr]
    if order.status == S.ALLOCATED and order.owner_id == chosen.pk:
        raise Refused("has_it", _("%(owner)s has this order already.") % {"owner": chosen})
    by_hand = owner is not None and (best is None or owner != best.user)
    if by_hand and not reason:
        raise Refused("reason", _("Say why this is not the best candidate."))
    order.allocations.filter(ended="").update(ended=Allocation.Ended.REALLOCATED)
    Allocation.objects.create(
        order=order,
        owner=chosen,
        by=by,
        chosen_by_hand=by_hand,
        reason=reason,
        candidates=[each.kept() for each in found],
    )
    order.owner, order.department, order.allocated_at = chosen, chosen.department, clock.now()
    queue.notify(
        chosen,
        "orders.allocated",
        about=order,
        context={"number": order.number, "customer": order.customer.name, "total": money(order.total)},
        key=f"order-allocated-{order.pk}-{order.version}",
    )
    tell(order, News.ALLOCATED, chosen.display_name, by=by)


@action(
    Order,
    label=gettext_lazy("Allocate"),
    source={S.REVIEWED, S.ALLOCATED},
    target=S.ALLOCATED,
    form=forms.AllocateForm,
)
def allocate_order(order: Order, *, by: User, owner: User | None = None, reason: str = "") -> None:
    """Give the order to the owner who fits best, or to another with a reason (JD 2.3)."""
    _allocate(order, by=by, owner=owner, reason=reason)


_TAKEN_BACK = gettext_lazy("The bulk action was taken back")
opposite(allocate_order, restores=["owner"], follows=["department"], also={"reason": _TAKEN_BACK})


def _not_mine(order: Order, by: User) -> Refused | None:
    if order.owner_id == by.pk or (order.owner and stand_in(order.owner) == by):
        return None
    return Refused("not_owner", _("Only %(owner)s can do this.") % {"owner": order.owner})


@action(
    Order,
    label=gettext_lazy("Accept"),
    source={S.ALLOCATED},
    target=S.ACCEPTED,
    unless=_not_mine,
)
def accept_order(order: Order, *, by: User) -> None:
    """Take the order that one was given (JD 2.3)."""
    order.accepted_at = clock.now()


@action(
    Order,
    label=gettext_lazy("Give back"),
    source={S.ALLOCATED},
    target={S.ALLOCATED, S.REVIEWED},
    form=ReasonForm,
    unless=_not_mine,
)
def decline_order(order: Order, *, by: User, reason: str) -> str:
    """Say that one cannot take it; it goes to the next candidate, or back to the order desk (JD 2.3)."""
    return _next_owner(order, by=by, ended=Allocation.Ended.DECLINED, reason=reason)


@action(Order, label=gettext_lazy("Pass on to the next"), source={S.ALLOCATED}, target={S.ALLOCATED, S.REVIEWED})
def pass_on_order(order: Order, *, by: User) -> str:
    """Take an order that was not accepted in time to the next candidate, or back to the order desk (JD 2.3)."""
    return _next_owner(order, by=by, ended=Allocation.Ended.NOT_ACCEPTED)


def _next_owner(order: Order, *, by: User, ended: str, reason: str = "") -> str:
    order.allocations.filter(ended="").update(ended=ended, ended_reason=reason)
    try:
        _allocate(order, by=by, owner=None, reason="")
    except Refused:
        order.owner = None
        return S.REVIEWED
    return S.ALLOCATED
