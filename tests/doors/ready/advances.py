"""Something that each verb on advances can be done to, and what it is told."""

from typing import Any

from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from orders import actions as orders
from orders.advances import actions as advances
from orders.advances.models import Advance
from tests.doors.ready.house import NEXT_WEEK, Ready
from tests.world import World

APPLICATION = {
    "ceiling": "500.00",
    "expires_on": "2026-11-27",
    "promised_on": NEXT_WEEK,
    "situation": "合作三年，回款正常",
    "why": "工地停工待料",
    "route": "general",
}
REASON = {"reason": "客户涉诉"}


def _order(world: World) -> Any:
    """An order that is paid first, and of which nothing is paid."""
    world.customer.payment_terms = "prepay"
    world.customer.save()
    return world.accepted()


def _applied(world: World) -> Advance:
    order = _order(world)
    verb = advances.apply_advance
    form = verb.bind(by=world.root, obj=order, data=APPLICATION)
    assert form.is_valid(), form.errors
    return verb(order, by=world.root, **form.cleaned_data)


def _granted(world: World) -> Advance:
    """The general manager has agreed."""
    signer = world.person("general", "executive")
    request = ACTIONS["advances.ask_grant_advance"](_applied(world), by=world.root)
    approvals.approve(request.tasks.get(), by=signer)
    return Advance.objects.get(pk=request.subject_pk)


def _paid(world: World) -> Advance:
    advance = _granted(world)
    orders.enter_payment(advance.order, by=world.root, amount=advance.order.total)
    return Advance.objects.get(pk=advance.pk)


def _broken(world: World) -> Advance:
    advance = _granted(world)
    Advance.objects.filter(pk=advance.pk).update(status=Advance.Status.BROKEN, broken_at=advance.granted_at)
    return Advance.objects.get(pk=advance.pk)


READY: dict[str, Ready] = {
    "advances.apply_advance": lambda w: (_order(w), APPLICATION),
    "advances.revise_advance": lambda w: (_applied(w), {**APPLICATION, "ceiling": "600.00"}),
    "advances.ask_grant_advance": lambda w: (_applied(w), {}),
    "advances.grant_advance": lambda w: (_applied(w), {}),
    "advances.withdraw_advance": lambda w: (_applied(w), REASON),
    "advances.revoke_advance": lambda w: (_granted(w), REASON),
    "advances.note_use": lambda w: (_granted(w), {}),
    "advances.settle_advance": lambda w: (_granted(w), {}),
    "advances.reopen_advance": lambda w: (_paid(w), {}),
    "advances.break_promise": lambda w: (_granted(w), {}),
    "advances.expire_advance": lambda w: (_granted(w), {}),
    "advances.lift_block": lambda w: (_broken(w), REASON),
}
