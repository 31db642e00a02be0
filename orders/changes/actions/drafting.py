"""A change is written down: what, why, whose wish; revised, or given up (KF 3.2.4, 3.2.8)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Department, User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.links.making import end_links
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.actions import goods_left
from orders.changes import forms
from orders.changes.drafting import write
from orders.changes.models import LINK_PURPOSE, Change, CustomerRequest
from orders.changes.telling import let_departments_see
from orders.contracts.models import Contract
from orders.models import Order

S, OS = Change.Status, Order.Status


def _cannot_be_changed(order: Order, by: User) -> Refused | None:
    """One change at a time; and what the customer has not agreed to yet is simply revised."""
    found = Change.objects.filter(order=order, status__in=Change.OPEN).first()
    if found is not None:
        return Refused("change_open", _("Change %(number)s is under way: %(state)s.") % _named(found))
    if order.status == OS.ACCEPTED:
        contract = Contract.objects.of(order)
        if contract is None or contract.status != Contract.Status.IN_FORCE:
            return Refused(
                "not_confirmed", _("The customer has not confirmed this order yet."), _("Revise the application.")
            )
    return None


def _named(change: Change) -> dict[str, Any]:
    return {"number": change, "state": change.get_status_display()}


def _draft(
    order: Order,
    *,
    by: User,
    wish: str,
    why: str,
    lines: Iterable[dict[str, Any]] | None,
    wanted_on: date | None,
    shift_plan: bool,
    cancels: bool,
    departments: Iterable[Department],
    request: CustomerRequest | None = None,
) -> Change:
    if cancels and (refused := goods_left(order, by)):
        raise refused
    change = Change(
        number=next_number("OC"),
        order=order,
        wish=wish,
        why=why,
        shift_plan=shift_plan,
        request=request,
        drafted_by=by,
        contact=request.contact if request else None,
    )
    write(change, lines or (), wanted_on, cancels)
    let_departments_see(change, departments)
    return change


@action(
    Order,
    label=gettext_lazy("Draft a change"),
    source={OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY},
    form=forms.ChangeForm,
    unless=_cannot_be_changed,
)
def draft_change(
    order: Order,
    *,
    by: User,
    wish: str,
    why: str,
    lines: list[dict[str, Any]] | None = None,
    wanted_on: date | None = None,
    shift_plan: bool = False,
    cancels: bool = False,
    departments: Iterable[Department] = (),
) -> Change:
    """Write down what of the order changes, line by line, why, and whose wish it is (KF 3.2.4)."""
    return _draft(
        order,
        by=by,
        wish=wish,
        why=why,
        lines=lines,
        wanted_on=wanted_on,
        shift_plan=shift_plan,
        cancels=cancels,
        departments=departments,
    )


def _order_cannot_be_changed(request: CustomerRequest, by: User) -> Refused | None:
    return draft_change.refusal(request.order, by)


@action(
    CustomerRequest,
    label=gettext_lazy("Begin a change of the order"),
    source={CustomerRequest.Status.ACCEPTED},
    form=forms.ChangeForm,
    unless=_order_cannot_be_changed,
)
def change_as_requested(
    request: CustomerRequest,
    *,
    by: User,
    wish: str,
    why: str,
    lines: list[dict[str, Any]] | None = None,
    wanted_on: date | None = None,
    shift_plan: bool = False,
    cancels: bool = False,
    departments: Iterable[Department] = (),
) -> Change:
    """Begin the change that an accepted request leads to; its text is filled in (KF 3.2.9)."""
    return _draft(
        request.order,
        by=by,
        wish=wish,
        why=why,
        lines=lines,
        wanted_on=wanted_on,
        shift_plan=shift_plan,
        cancels=cancels,
        departments=departments,
        request=request,
    )


@action(
    Change,
    label=gettext_lazy("Revise the change"),
    source=set(Change.OPEN),
    target=S.DRAFTED,
    form=forms.ChangeForm,
)
def revise_change(
    change: Change,
    *,
    by: User,
    wish: str,
    why: str,
    lines: list[dict[str, Any]] | None = None,
    wanted_on: date | None = None,
    shift_plan: bool = False,
    cancels: bool = False,
    departments: Iterable[Department] = (),
) -> None:
    """Write the change anew, beside the order as it is now; the customer is asked again, an approval is void."""
    if cancels and (refused := goods_left(change.order, by)):
        raise refused
    change.wish, change.why, change.shift_plan = wish, why, shift_plan
    change.confirmed_at, change.confirmed_how, change.answer = None, "", ""
    end_links(change, LINK_PURPOSE)
    write(change, lines or (), wanted_on, cancels)
    let_departments_see(change, departments)


@action(
    Change,
    label=gettext_lazy("Withdraw the change"),
    source=set(Change.OPEN),
    target=S.WITHDRAWN,
    form=ReasonForm,
)
def withdraw_change(change: Change, *, by: User, reason: str) -> None:
    """Give the change up, with the reason; the order stays as it is."""
    change.reason = reason
    end_links(change, LINK_PURPOSE)
