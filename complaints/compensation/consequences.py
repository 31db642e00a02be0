"""What follows for a complaint when its replacement order is handed over or cancelled."""

from django.db import models

from complaints.actions.measures import note_if_all_is_done
from complaints.compensation.models import Replacement
from complaints.compensation.telling import Step, tell
from complaints.models import Complaint
from crm import actions as gate
from crm.accounts.models import User
from orders.exposure import HAD
from orders.models import Order

CANCELLED = Order.Status.CANCELLED


def follow_order(obj: models.Model) -> None:
    """Let a complaint go on once what replaces its goods is handed over; its owner is told where it was cancelled."""
    if not isinstance(obj, Order) or obj.status not in (*HAD, CANCELLED):
        return
    found = Replacement.objects.filter(order=obj.pk).first()
    if found is None:
        return
    # Without its key, which rows about it share: who makes one of them and waits for the order is not waited for here.
    held = Complaint.objects.select_for_update(of=("self",), no_key=True)
    complaint = held.select_related("customer").get(pk=found.complaint_id)
    if obj.status != CANCELLED:
        note_if_all_is_done(complaint)
    elif complaint.status == Complaint.Status.CARRYING_OUT:
        by = User.objects.system("complaints")
        tell(complaint, Step.CANCELLED, [complaint.owner], by=by, paper=obj.number, key=str(obj.pk))


def listen() -> None:
    """Be told of every order that a verb changes."""
    gate.WATCHERS.append(follow_order)
