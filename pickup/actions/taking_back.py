"""A wrong handover is undone by a record of its own with the opposite movements (ZT 3.5)."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.inputs import ReasonForm
from crm.records.numbers import next_number
from crm.refusals import Refused
from orders.actions import reopen_collection
from orders.leaving import note_moved
from orders.models import Order
from pickup.models import Pickup, Record, RecordLine
from pickup.stock import ledger

S = Pickup.Status
UNDO_WITHIN = timedelta(minutes=15)


def _given_back(record: Record | None) -> Refused | None:
    """Of a handover of which the customer gave goods back the rest comes back in the same way."""
    if record is None or not getattr(record, "given_back", False):
        return None
    return Refused(
        "given_back",
        _("The customer gave goods of handover %(number)s back.") % {"number": record},
        _("Take the rest in by a return notice, too."),
    )


def _too_late(pickup: Pickup, by: User) -> Refused | None:
    record = _last_handover(pickup)
    if refused := _given_back(record):
        return refused
    if record and (record.clerk_id != by.pk or clock.now() - record.at > UNDO_WITHIN):
        return Refused(
            "too_late",
            _("Only %(clerk)s can take this back, within 15 minutes.") % {"clerk": record.clerk},
            _("Ask a supervisor."),
        )
    return None


def _last_handover(pickup: Pickup) -> Record | None:
    """The handover to take back, with whether the customer gave goods of it back since (`given_back`)."""
    rows = pickup.records.filter(kind=Record.Kind.HANDOVER).select_related("clerk").order_by("-pk")
    return rows.annotate(given_back=Exists(Record.objects.filter(returns=OuterRef("pk")))).first()


@action(
    Pickup,
    label=gettext_lazy("Take the handover back"),
    source={S.HANDED_OVER},
    target=S.REVERSED,
    form=ReasonForm,
    unless=_too_late,
)
def reverse_handover(pickup: Pickup, *, by: User, reason: str) -> Record:
    """Undo one's own wrong handover at once, by a record with the opposite movements (ZT 3.5)."""
    return _reverse(pickup, by=by, reason=reason)


@action(
    Pickup,
    label=gettext_lazy("Take the handover back as supervisor"),
    source={S.HANDED_OVER},
    target=S.REVERSED,
    form=ReasonForm,
)
def reverse_later(pickup: Pickup, *, by: User, reason: str) -> Record:
    """Undo anybody's handover at any time, by a record with the opposite movements (ZT 3.5)."""
    return _reverse(pickup, by=by, reason=reason)


def _reverse(pickup: Pickup, *, by: User, reason: str) -> Record:
    record = _last_handover(pickup)
    if record is None:
        raise Refused("no_record", _("There is no handover to take back."))
    if refused := _given_back(record):
        raise refused
    opposite = Record.objects.create(
        number=next_number("PR"),
        kind=Record.Kind.REVERSAL,
        pickup=pickup,
        reverses=record,
        clerk=by,
        collector=record.collector,
        identity=record.identity,
        reason=reason,
    )
    rows = [
        RecordLine(record=opposite, line_id=row.line_id, due=-row.due, quantity=-row.quantity)
        for row in record.lines.all()
    ]
    RecordLine.objects.bulk_create(rows)
    ledger.take_back(record.number, by=by, reason=reason, into=opposite.number)
    order = Order.objects.get(pk=pickup.order_id)
    note_moved(order, opposite, {row.line_id: row.quantity for row in rows})
    reopen_collection(order, by=system_user("pickup"))
    return opposite
