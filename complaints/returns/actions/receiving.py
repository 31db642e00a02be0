"""The goods come back: counted, booked in, taken off what is due; and how a return ends (KC 5.2.3.2)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.measures import note_if_all_is_done
from complaints.models import Complaint
from complaints.returns import forms, telling
from complaints.returns.models import NoticeLine, ReceiptLine, ReturnNotice, ReturnReceipt
from complaints.returns.telling import News
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import only_its_owner, stands_for
from crm.accounts.system import system_user
from crm.actions import action
from crm.inputs import ReasonForm
from crm.outbox import queue
from crm.records.attachments import attach
from crm.records.numbers import next_number
from crm.refusals import Refused
from crm.statements import hold
from orders.actions import note_return
from orders.leaving import note_moved, worth_of
from orders.models import Order
from pickup.models import Delivery, DeliveryLine, Record, RecordLine
from pickup.settlement.stating import priced, unstated
from pickup.stock import ledger

N = ReturnNotice.Status
NONE = Decimal(0)
SYSTEM = "returns"
ANY_WAREHOUSE = ("order_desk", "order_desk_manager", "administrator")  # the roles that take goods in wherever they come


def _not_to_be_received(notice: ReturnNotice, by: User) -> Refused | None:
    """Goods are taken in where they come: by a clerk of the warehouse or who stands in for him, or the slip desk."""
    here = notice.warehouse.clerks.filter(pk__in=stands_for(by)).exists()
    if here or by.is_superuser or by.groups.filter(name__in=ANY_WAREHOUSE).exists():
        return _reversed(notice)
    return Refused(
        "other_warehouse",
        _("These goods come back to %(warehouse)s.") % {"warehouse": notice.warehouse},
        _("A clerk of that warehouse or the slip desk takes them in."),
    )


def _reversed(notice: ReturnNotice) -> Refused | None:
    """Of a handover that was taken back altogether nothing comes back any more."""
    if notice.record_id is None or not Record.objects.filter(reverses=notice.record_id).exists():
        return None
    return Refused(
        "taken_back",
        _("The handover %(number)s was taken back altogether.") % {"number": notice.record},
        _("Cancel the return."),
    )


def _counted(notice: ReturnNotice, lines: Iterable[dict[str, Any]]) -> list[tuple[NoticeLine, Decimal, Decimal]]:
    """What came of each line: so much in good order, so much defective. Raises Refused naming the line."""
    known = {each.pk: each for each in notice.lines.select_related("line__product__unit", "notice")}
    found: dict[int, tuple[NoticeLine, Decimal, Decimal]] = {}
    for each in lines:
        row = known.get(each["line"].pk)
        if row is None:
            raise Refused("other_line", _("This line belongs to another return notice."))
        if row.pk in found:
            raise Refused("line_twice", _("%(line)s stands here twice.") % {"line": row}, _("Leave one."))
        good, defective = each.get("good") or NONE, each.get("defective") or NONE
        if good + defective > row.open_quantity:
            raise Refused(
                "too_much",
                _("%(line)s: %(open)s are still to come, and %(came)s were counted.")
                % {
                    "line": row,
                    "open": f"{row.open_quantity.normalize():f} {row.line.product.unit}",
                    "came": f"{(good + defective).normalize():f}",
                },
                _("Take in what the notice says; what is more needs another notice."),
            )
        if good + defective:
            found[row.pk] = row, good, defective
    if not found:
        raise Refused("nothing_came", _("Nothing came back."), _("Enter what came."))
    return list(found.values())


def _paper(
    notice: ReturnNotice, number: str, came: dict[int, Decimal], *, by: User, brought_by: str, vehicle: str
) -> Record | Delivery:
    """The record or delivery below nothing by which statements and days to pay see what came back."""
    reason = (notice.why or notice.urgent)[:300]
    if notice.record is not None:
        record = Record.objects.create(
            number=number,
            kind=Record.Kind.RETURN,
            pickup_id=notice.record.pickup_id,
            returns=notice.record,
            clerk=by,
            collector=brought_by,
            identity=Record.Identity.KNOWN,
            vehicle=vehicle,
            reason=reason,
        )
        rows = [RecordLine(record=record, line_id=line, due=-came[line], quantity=-came[line]) for line in came]
        RecordLine.objects.bulk_create(rows)
        return record
    delivery = Delivery.objects.create(
        number=number,
        order_id=notice.order_id,
        returns=notice.delivery,
        place=str(notice.warehouse),
        receiver=by.display_name,
        vehicle=vehicle,
        remarks=reason,
        by=by,
    )
    DeliveryLine.objects.bulk_create(
        [DeliveryLine(delivery=delivery, line_id=line, quantity=-came[line]) for line in came]
    )
    return delivery


def _taken_off(order: Order, came: dict[int, Decimal]) -> Decimal:
    """What the customer owes less: as it was reconciled with him where it was, else by the order's prices."""
    if order.settled is not None:
        return -sum((row["amount"] for row in priced(order.pk, unstated(order.pk))), NONE)
    return worth_of(order.pk, came) - worth_of(order.pk)


@action(
    ReturnNotice,
    label=gettext_lazy("Take the goods in"),
    source={N.EXPECTED},
    target={N.EXPECTED, N.DONE},
    form=forms.ReceiveForm,
    unless=_not_to_be_received,
)
def receive_return(
    notice: ReturnNotice,
    *,
    by: User,
    lines: list[dict[str, Any]],
    brought_by: str,
    vehicle: str = "",
    remarks: str = "",
    customer_signature: Any = None,
    clerk_signature: Any = None,
    paper: Any = None,
) -> str:
    """Count what came back, book it in, and take it off what the customer owes; both sign (KC 5.2.3.2).

    What is in good order is stock again; what is defective comes in as well, and a movement of its own writes it off.
    """
    hold(Order, notice.order_id)
    order = Order.objects.select_related("customer").get(pk=notice.order_id)
    counted = _counted(notice, lines)
    came: dict[int, Decimal] = {}
    for row, good, defective in counted:
        came[row.line_id] = came.get(row.line_id, NONE) + good + defective
    number = next_number("RR")
    record = _paper(notice, number, came, by=by, brought_by=brought_by, vehicle=vehicle)
    back = [ledger.Back(row.line, row.batch, good + defective, defective) for row, good, defective in counted]
    ledger.come_back(back, notice.warehouse, by=by, reason=str(notice.complaint), reference=number)
    note_moved(order, record, {line: -quantity for line, quantity in came.items()})
    before = order.due
    note_return(order, by=system_user(SYSTEM), amount=_taken_off(order, came), reference=number)
    order.refresh_from_db()
    receipt = ReturnReceipt.objects.create(
        number=number,
        notice=notice,
        clerk=by,
        brought_by=brought_by,
        vehicle=vehicle,
        remarks=remarks,
        amount=before - order.due,
        **{"record" if isinstance(record, Record) else "delivery": record},
        **_files(notice, by, customer_signature=customer_signature, clerk_signature=clerk_signature, paper=paper),
    )
    for row, good, defective in counted:
        ReceiptLine.objects.create(receipt=receipt, line=row, good=good, defective=defective)
        row.good, row.defective = row.good + good, row.defective + defective
        row.save(update_fields=["good", "defective"])
    telling.tell(notice, News.CAME, [notice.complaint.owner], by=by, words=number)
    if any(row.open_quantity > 0 for row in notice.lines.all()):
        return N.EXPECTED
    _end(notice)
    return N.DONE


def _files(notice: ReturnNotice, by: User, **given: Any) -> dict[str, Any]:
    return {
        name: attach(notice, file, by=by, kind="return_receipt" if name == "paper" else "signature")
        for name, file in given.items()
        if file
    }


def _end(notice: ReturnNotice, reason: str = "") -> None:
    """Let the notice be done with, and the complaint go on where nothing else of its plan is open."""
    notice.status, notice.ended_at, notice.reason = N.DONE, clock.now(), reason
    notice.save()
    queue.withdraw(notice)
    note_if_all_is_done(Complaint.objects.get(pk=notice.complaint_id))


def _not_to_be_given_up(notice: ReturnNotice, by: User) -> Refused | None:
    if refused := only_its_owner(notice.complaint, by):
        return refused
    if any(row.came for row in notice.lines.all()):
        return None
    return Refused("nothing_came", _("Nothing of this return has come back."), _("Cancel the return instead."))


@action(
    ReturnNotice,
    label=gettext_lazy("The rest does not come"),
    source={N.EXPECTED},
    target=N.DONE,
    form=ReasonForm,
    unless=_not_to_be_given_up,
)
def give_up_return(notice: ReturnNotice, *, by: User, reason: str) -> None:
    """End a return of which not all came, with the reason; what did not come stays with the customer (KC 5.2.3.2)."""
    telling.tell(notice, News.GIVEN_UP, telling.takers(notice), by=by, words=reason)
    _end(notice, reason)


def _came(notice: ReturnNotice, by: User) -> Refused | None:
    if any(row.came for row in notice.lines.all()):
        return Refused(
            "goods_back", _("Goods of this return came back already."), _("Say that the rest does not come.")
        )
    return None if by.is_system else only_its_owner(notice.complaint, by)


@action(
    ReturnNotice,
    label=gettext_lazy("Cancel the return"),
    source={N.DRAFT, N.EXPECTED},
    target=N.CANCELLED,
    form=ReasonForm,
    unless=_came,
)
def cancel_return(notice: ReturnNotice, *, by: User, reason: str) -> None:
    """Call a return off of which nothing came yet; the slip desk and the counter are told (KC 5.2.3.2)."""
    told = telling.takers(notice) if notice.status == N.EXPECTED else []
    telling.tell(notice, News.CANCELLED, [notice.complaint.owner, notice.signed_by, *told], by=by, words=reason)
    notice.reason, notice.ended_at = reason, clock.now()
    queue.withdraw(notice)
