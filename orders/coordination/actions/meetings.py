"""The order meeting: called with an agenda of what is open, held, and its minutes filed (JD 5.1)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.accounts.standing import speakers
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.coordination import forms
from orders.coordination.actions.tasks import assign_task
from orders.coordination.agenda import build
from orders.coordination.models import AgendaItem, OrderMeeting
from orders.models import Order

S = OrderMeeting.Status


@action(None, label=gettext_lazy("Call an order meeting"), form=forms.CallForm)
def call_meeting(*, by: User, meets_at: datetime, place: str, departments: Iterable[Department]) -> OrderMeeting:
    """Call sales, marketing, service and the owners of what is on the agenda, which is made of open orders (JD 5.1)."""
    departments = list(departments)
    meeting = OrderMeeting.objects.create(
        number=next_number("OM"), meets_at=meets_at, place=place, convener=by, called_at=clock.now()
    )
    meeting.departments.set(departments)
    owners = _owners(build(meeting))
    _invite(meeting, [*speakers(departments), *owners], by=by)
    return meeting


@action(OrderMeeting, label=gettext_lazy("Look for what is new"), source={S.CALLED})
def refresh_agenda(meeting: OrderMeeting, *, by: User) -> None:
    """Put on the agenda what has become a problem since, and what an earlier meeting left open (JD 5.1).

    What is on it stays. Where it follows from the end of another meeting, it is the convener who invites.
    """
    _invite(meeting, _owners(build(meeting)), by=meeting.convener if by.is_system else by)


@action(OrderMeeting, label=gettext_lazy("Add to the agenda"), source={S.CALLED}, form=forms.ItemForm)
def add_item(meeting: OrderMeeting, *, by: User, topic: str, order: Order | None = None) -> AgendaItem:
    """Put a topic on the agenda, of an order or of none."""
    last = meeting.items.order_by("-position").values_list("position", flat=True).first() or 0
    item = AgendaItem.objects.create(
        meeting=meeting, position=last + 1, order=order, topic=topic, reasons=[AgendaItem.Reason.ADDED]
    )
    _invite(meeting, _owners([item]), by=by)
    return item


def _closed(item: AgendaItem, by: User) -> Refused | None:
    if item.meeting.status != S.CALLED:
        return Refused("closed", _("The minutes of this meeting are filed, or it was cancelled."))
    if item.struck:
        return Refused("struck", _("This item was struck off: %(reason)s") % {"reason": item.reason})
    return None


@action(AgendaItem, label=gettext_lazy("Settle"), form=forms.SettleForm, unless=_closed)
def settle_item(
    item: AgendaItem,
    *,
    by: User,
    settled: str,
    what: str = "",
    owner: User | None = None,
    due_on: date | None = None,
) -> None:
    """Write down what was settled of an item, and who does what until when."""
    item.settled = settled
    if what and due_on:
        owner = owner or (item.order.owner if item.order else None) or by
        assign_task(item.meeting, by=by, what=what, owner=owner, due_on=due_on, item=item)


@action(AgendaItem, label=gettext_lazy("Strike off"), form=ReasonForm, unless=_closed)
def strike_item(item: AgendaItem, *, by: User, reason: str) -> None:
    """Take an item off the agenda, with the reason."""
    item.struck, item.reason = True, reason


@action(OrderMeeting, label=gettext_lazy("Invite somebody"), source={S.CALLED}, form=forms.InviteForm)
def invite_colleague(meeting: OrderMeeting, *, by: User, user: User) -> None:
    """Call one more to the meeting."""
    if meeting.invited.filter(pk=user.pk).exists():
        raise Refused("invited", _("%(name)s is invited already.") % {"name": user})
    _invite(meeting, [user], by=by)


@action(OrderMeeting, label=gettext_lazy("Move"), source={S.CALLED}, form=forms.MoveForm)
def move_meeting(meeting: OrderMeeting, *, by: User, meets_at: datetime, place: str, reason: str) -> None:
    """Hold it at another time or place; everybody who was invited is told."""
    meeting.meets_at, meeting.place, meeting.reason = meets_at, place, reason
    _tell(meeting, "coordination.moved", by=by)


@action(OrderMeeting, label=gettext_lazy("Cancel"), source={S.CALLED}, target=S.CANCELLED, form=ReasonForm)
def cancel_meeting(meeting: OrderMeeting, *, by: User, reason: str) -> None:
    """Hold it not at all; everybody who was invited is told."""
    meeting.reason = reason
    _tell(meeting, "coordination.cancelled", by=by)


@action(OrderMeeting, label=gettext_lazy("File the minutes"), source={S.CALLED}, target=S.FILED, form=forms.MinutesForm)
def file_minutes(
    meeting: OrderMeeting, *, by: User, meets_at: datetime, present: Iterable[User], minutes: str = ""
) -> None:
    """File who was there and what was settled; what was not goes to the next meeting, all invited are told (JD 5.1)."""
    meeting.meets_at, meeting.minutes = meets_at, minutes
    meeting.filed_by, meeting.filed_at = by, clock.now()
    meeting.present.set(present)
    counts: dict[str, Any] = {
        "settled": meeting.items.exclude(settled="").count(),
        "left": meeting.items.filter(settled="", struck=False).count(),
        "tasks": meeting.tasks.count(),
    }
    _tell(meeting, "coordination.minutes", by=by, **counts)


def _owners(items: Iterable[AgendaItem]) -> list[User]:
    orders = [item.order_id for item in items if item.order_id]
    return list(User.objects.working().filter(pk__in=Order.objects.filter(pk__in=orders).values("owner")))


def _invite(meeting: OrderMeeting, users: Iterable[User], *, by: User) -> None:
    """Invite those who are not yet; they see the meeting from then on, and are told."""
    known = {by.pk, *meeting.invited.values_list("pk", flat=True)}
    fresh = {user.pk: user for user in users if user.pk not in known}
    meeting.invited.add(*fresh.values())
    for user in fresh.values():
        involve(meeting, user=user, why=str(_("invited")))
    _tell(meeting, "coordination.invited", by=by, users=fresh.values())


def _tell(
    meeting: OrderMeeting, template: str, *, by: User, users: Iterable[User] | None = None, **context: Any
) -> None:
    queue.notify_each(
        meeting.invited.all() if users is None else users,
        template,
        by=by,
        about=meeting,
        context={
            "number": meeting.number,
            "meets_at": meeting.meets_at,
            "place": meeting.place,
            "reason": meeting.reason,
            "by": by.display_name,
            **context,
        },
        key=f"{template}-{meeting.pk}-{meeting.version}",
    )
