"""The life of an advance: applied for, granted, used by handovers, paid as promised, or the promise broken (O10)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.approvals.declare import Approval
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused, only_the_system
from crm.words import money
from customers.credit.actions import lower_rating
from orders.actions.payments import TOLD
from orders.advances import forms
from orders.advances.accounts import account_of, release_of
from orders.advances.deciding import GENERAL, USUAL, advance_facts, route_of
from orders.advances.models import Advance, AdvanceUse
from orders.leaving import MOVED, PAID_FIRST, RELEASES
from orders.models import Order

S, OS = Advance.Status, Order.Status
NOTHING = Decimal(0)
TO_LEAVE = {OS.ACCEPTED, OS.CONFIRMED, OS.SHORT, OS.READY}  # the owner has it, and goods are still to leave


# Applied for and decided.


def _cannot_apply(order: Order, by: User) -> Refused | None:
    if order.payment_terms not in PAID_FIRST:
        return Refused("not_paid_first", _("The goods of this order may leave before they are paid."))
    if order.open_amount <= 0:
        return Refused("paid", _("This order is paid in full."))
    return _in_the_way(order)


def _in_the_way(order: Order, but: int = 0) -> Refused | None:
    """Another advance: of the order, as long as it is open; of the customer, where a promise was broken."""
    here = Q(order=order.pk, status__in=[*Advance.LIVE, S.EXPIRED, S.REVOKED, S.BROKEN])
    there = Q(customer=order.customer_id, status=S.BROKEN, lifted_at=None)
    found = list(Advance.objects.filter(here | there).exclude(pk=but).order_by("pk"))
    for each in found:
        if each.blocks:
            return Refused(
                "promise_broken",
                _("The customer broke the promise of advance %(number)s to pay until %(day)s.")
                % {"number": each.number, "day": f"{each.promised_on:%Y-%m-%d}"},
                _("He pays first, or an executive lifts the block with the reason."),
            )
    live = next((each for each in found if each.order_id == order.pk and each.status in Advance.LIVE), None)
    if live is not None:
        return Refused(
            "advance_open",
            _("There is advance %(number)s for this order already: %(state)s.")
            % {"number": live.number, "state": live.get_status_display()},
        )
    ended = (each for each in found if each.order_id == order.pk and each.status in (S.EXPIRED, S.REVOKED))
    used = next((each for each in ended if each.used_at), None)
    if used is not None:
        return Refused(
            "advance_owes",
            _("What was shipped under advance %(number)s is not paid yet.") % {"number": used.number},
            _("Enter the payment first."),
        )
    return None


def _write(advance: Advance, **facts: Any) -> None:
    """Write the application down, with how the order stands. Raises ValidationError for more than is unpaid."""
    account = account_of(advance.order)
    if facts["ceiling"] > account.unpaid:
        message = _("Only %(amount)s of this order is unpaid.") % {"amount": money(account.unpaid)}
        raise ValidationError({"ceiling": ValidationError(message, code="too_high")})
    for name, value in facts.items():
        setattr(advance, name, value)
    advance.order_total, advance.paid_then, advance.left_then = account.total, account.paid, account.left


@action(
    Order,
    label=gettext_lazy("Apply for advance shipping"),
    source=TO_LEAVE,
    form=forms.AdvanceForm,
    unless=_cannot_apply,
)
def apply_advance(
    order: Order,
    *,
    by: User,
    ceiling: Decimal,
    expires_on: date,
    promised_on: date,
    situation: str,
    why: str,
    route: str = Advance.Route.USUAL,
) -> Advance:
    """Apply for goods to leave before they are paid: how much, until when, for which promise, and why (KC 5.1.11.1)."""
    advance = Advance(number=next_number("AD"), order=order, customer_id=order.customer_id, applied_by=by)
    facts = {"ceiling": ceiling, "expires_on": expires_on, "promised_on": promised_on}
    _write(advance, **facts, situation=situation, why=why, route=route)
    advance.save()
    return advance


@action(Advance, label=gettext_lazy("Revise the application"), source={S.APPLIED}, form=forms.AdvanceForm)
def revise_advance(
    advance: Advance,
    *,
    by: User,
    ceiling: Decimal,
    expires_on: date,
    promised_on: date,
    situation: str,
    why: str,
    route: str = Advance.Route.USUAL,
) -> None:
    """Write the application anew, with the figures of now; who was asked about the former one is asked anew."""
    facts = {"ceiling": ceiling, "expires_on": expires_on, "promised_on": promised_on}
    _write(advance, **facts, situation=situation, why=why, route=route)


def _cannot_be_granted(advance: Advance, by: User) -> Refused | None:
    order = advance.order
    if order.status not in TO_LEAVE:
        return Refused(
            "order_not_open",
            _("Order %(number)s is “%(state)s”.") % {"number": order, "state": order.get_status_display()},
        )
    if order.open_amount <= 0:
        return Refused("paid", _("This order is paid in full."))
    if min(advance.expires_on, advance.promised_on) < clock.today():
        return Refused("past", _("A day of this application is past."), _("Revise it, then ask again."))
    return _in_the_way(order, but=advance.pk)


@action(
    Advance,
    label=gettext_lazy("Let the goods leave"),
    source={S.APPLIED},
    target=S.GRANTED,
    unless=_cannot_be_granted,
    approval=Approval(
        facts=advance_facts,
        amount=lambda advance, inputs: advance.ceiling,
        kind=route_of,
        kinds=dict(Advance.Route.choices),
        default=USUAL,
        defaults={Advance.Route.GENERAL: GENERAL},
        label=gettext_lazy("Send to approval"),
    ),
)
def grant_advance(advance: Advance, *, by: User) -> None:
    """Follow the last yes: goods may leave beyond what is paid, up to the ceiling and the last day (KC 5.1.11.1)."""
    advance.granted_at = clock.now()


@action(
    Advance,
    label=gettext_lazy("Withdraw the application"),
    source={S.APPLIED},
    target=S.WITHDRAWN,
    form=ReasonForm,
)
def withdraw_advance(advance: Advance, *, by: User, reason: str) -> None:
    """Do without an advance that is not granted, with the reason."""
    advance.reason, advance.ended_at = reason, clock.now()


@action(Advance, label=gettext_lazy("Revoke the advance"), source={S.GRANTED}, target=S.REVOKED, form=ReasonForm)
def revoke_advance(advance: Advance, *, by: User, reason: str) -> None:
    """Let nothing more leave under it, from this moment on; what has left is still to be paid as promised."""
    advance.reason, advance.ended_at = reason, clock.now()
    owner = advance.owner
    if owner is not None and owner.pk != by.pk:
        _tell([owner], "advances.revoked", advance, reason=reason, by=by.name)


def _tell(people: list[User], template: str, advance: Advance, **facts: Any) -> None:
    context = {
        "number": advance.number,
        "order": advance.order.number,
        "customer": advance.customer.name,
        "promised_on": advance.promised_on,
        **facts,
    }
    for user in people:
        queue.notify(user, template, about=advance, context=context, key=f"{template}-{advance.pk}-{advance.version}")


# Used by handovers.


@action(
    Advance,
    label=gettext_lazy("Goods shipped under this advance"),
    source=set(Advance.PROMISED),
    unless=only_the_system,
)
def note_use(advance: Advance, *, by: User, paper: Model, amount: Decimal) -> None:
    """Keep which record of goods was covered by the advance, and how much of it; below nothing where they came back."""
    AdvanceUse.objects.create(advance=advance, paper=paper, reference=str(paper), amount=amount)
    there = taken(advance) > 0
    advance.used_at = (advance.used_at or clock.now()) if there else None


def taken(advance: Advance) -> Decimal:
    """What has left under the advance, and has not come back."""
    found: Decimal | None = advance.uses.aggregate(found=Sum("amount"))["found"]
    return found or NOTHING


def follow_goods(order: Order, paper: Model, before: Decimal, now: Decimal) -> None:
    """Note what of a movement an advance covered (a part of orders.leaving); what an override let leave it did not."""
    if now > before:
        advance = next(
            (each for each in Advance.objects.filter(order=order.pk, status=S.GRANTED) if each.releases), None
        )
    else:
        advance = Advance.objects.filter(order=order.pk, status__in=Advance.PROMISED, used_at__isnull=False).first()
    if advance is not None:
        amount = min(now, advance.ceiling) - min(before, advance.ceiling)
        if amount < 0:
            amount = max(amount, -taken(advance))
        if amount:
            note_use(advance, by=system_user("advances"), paper=paper, amount=amount)
    if now < before:
        follow_payment(order)  # what came back is owed no more


RELEASES.append(release_of)
MOVED.append(follow_goods)


# The promise.


@action(
    Advance,
    label=gettext_lazy("Paid as promised"),
    source=set(Advance.PROMISED),
    target=S.SETTLED,
    unless=only_the_system,
)
def settle_advance(advance: Advance, *, by: User) -> None:
    """Note that all that has left is paid; the advance ends with it, and so does what a broken promise blocked."""
    advance.settled_at = clock.now()
    advance.ended_at = advance.ended_at or clock.now()


@action(
    Advance,
    label=gettext_lazy("The payment was taken back"),
    source={S.SETTLED},
    target={S.GRANTED, S.EXPIRED, S.REVOKED, S.BROKEN},
    unless=only_the_system,
)
def reopen_advance(advance: Advance, *, by: User) -> str:
    """Take it up again where the payment that settled it was entered wrongly: what has left is still to be paid."""
    advance.settled_at = None
    if advance.broken_at:
        return S.BROKEN
    if advance.reason:
        return S.REVOKED
    if advance.expires_on < clock.today() or Advance.objects.filter(order=advance.order_id, status__in=Advance.LIVE):
        return S.EXPIRED
    advance.ended_at = None
    return S.GRANTED


def follow_payment(order: Order) -> None:
    """Settle advances whose goods are paid now, or take one up again whose payment was taken back."""
    rows = Advance.objects.filter(order=order.pk).exclude(status__in=[S.APPLIED, S.WITHDRAWN])
    settled = [each for each in rows if each.status == S.SETTLED]
    open_ones = [each for each in rows if each.status != S.SETTLED]
    if not open_ones and not settled:
        return
    account, by = account_of(order), system_user("advances")
    for each in open_ones:
        used = each.used_at or each.broken_at  # where the goods came back, the broken promise is what is left of it
        if account.owed <= 0 and (used or (each.status == S.GRANTED and account.unpaid <= 0)):
            settle_advance(each, by=by)
    newest, last = next((each for each in settled if each.used_at), None), order.payments.order_by("-pk").first()
    another = any(each.used_at or each.status == S.GRANTED for each in open_ones)
    if newest and not another and account.owed > 0 and last and last.amount < 0:
        reopen_advance(newest, by=by)


TOLD.append(follow_payment)


@action(
    Advance,
    label=gettext_lazy("The promise is broken"),
    source={S.GRANTED, S.EXPIRED, S.REVOKED},
    target={S.BROKEN, S.SETTLED},
    unless=only_the_system,
)
def break_promise(advance: Advance, *, by: User) -> str:
    """Note that the promised day went by without the money: everybody concerned hears of it, the rating falls.

    Where all that has left is paid in some other way it is settled instead.
    """
    account = account_of(advance.order)
    advance.ended_at = advance.ended_at or clock.now()
    if account.owed <= 0:
        advance.settled_at = clock.now()
        return S.SETTLED
    advance.broken_at, advance.broken_amount = clock.now(), account.owed
    _tell(_concerned(advance), "advances.broken", advance, amount=account.owed)
    told = {"number": advance.number, "day": f"{advance.promised_on:%Y-%m-%d}", "amount": money(account.owed)}
    reason = _("Advance %(number)s: the payment promised for %(day)s did not come, %(amount)s is missing.") % told
    lower_rating(advance.customer, by=system_user("advances"), reason=reason)
    return S.BROKEN


def _concerned(advance: Advance) -> list[User]:
    """The owner, finance, and who leads sales where he works."""
    found = {user.pk: user for user in User.objects.working().in_role("finance")}
    owner = advance.owner
    managers = User.objects.working().in_role("sales_manager")
    if owner is not None:
        found[owner.pk] = owner
        managers = managers.filter(department=owner.department_id)
    return list((found | {user.pk: user for user in managers}).values())


@action(
    Advance, label=gettext_lazy("Its last day is over"), source={S.GRANTED}, target=S.EXPIRED, unless=only_the_system
)
def expire_advance(advance: Advance, *, by: User) -> None:
    """Follow the last day: nothing leaves under it any more; what has left is still to be paid as promised."""
    advance.ended_at = clock.now()


def _lifted(advance: Advance, by: User) -> Refused | None:
    return None if advance.blocks else Refused("lifted", _("The block was lifted already."))


@action(Advance, label=gettext_lazy("Lift the block"), source={S.BROKEN}, form=ReasonForm, unless=_lifted)
def lift_block(advance: Advance, *, by: User, reason: str) -> None:
    """Let the customer get a further advance in spite of the broken promise, with the reason."""
    advance.lifted_by, advance.lifted_at, advance.lift_reason = by, clock.now(), reason
