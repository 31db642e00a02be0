"""What belongs on the agenda of an order meeting, found in open orders and their problems (JD 5.1)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from crm import clock
from crm.deadlines.models import Deadline
from orders.coordination.models import AgendaItem, HelpRequest, JointHandling, OrderMeeting
from orders.models import Order, ProgressReport

S, R = Order.Status, AgendaItem.Reason
TALKED_OF = (S.REVIEWED, S.ALLOCATED, S.ACCEPTED, S.CONFIRMED, S.SHORT, S.READY)
BY_STATE = {S.REVIEWED: R.ALLOCATE, S.ALLOCATED: R.ACCEPT, S.SHORT: R.SHORT}
RECENT = timedelta(days=14)  # a problem that was reported longer ago is one that the report after it speaks of
MOST = 60  # orders that one meeting can speak of
WORDS = 300


@dataclass
class Found:
    """An order and why it belongs on the agenda; `words` are those of its problem or of the help asked for."""

    order: int
    reasons: list[str] = field(default_factory=list)
    words: str = ""


def found() -> list[Found]:
    """Those with the most reasons first, then those wanted first; as many queries whatever their number."""
    today = clock.today()
    reasons: dict[int, list[str]] = defaultdict(list)
    words: dict[int, str] = {}
    breached = Deadline.objects.late_at(clock.now()).filter(subject_type=ContentType.objects.get_for_model(Order))
    for order in breached.values_list("subject_pk", flat=True):
        _add(reasons, order, R.BREACHED)
    talked_of = Order.objects.filter(status__in=TALKED_OF)
    for order in talked_of.filter(wanted_on__lt=today).values_list("pk", flat=True):
        _add(reasons, order, R.LATE)
    for order, status in talked_of.filter(status__in=BY_STATE).values_list("pk", "status"):
        _add(reasons, order, BY_STATE[S(status)])
    latest = ProgressReport.objects.filter(at__gte=clock.now() - RECENT, order__status__in=TALKED_OF)
    for order, problems in latest.order_by("order_id", "-pk").distinct("order_id").values_list("order", "problems"):
        if problems:
            _add(reasons, order, R.PROBLEM)
            words[order] = problems
    asked = HelpRequest.objects.filter(status__in=HelpRequest.OPEN).order_by("-pk")
    for order, what in asked.values_list("order", "what"):
        _add(reasons, order, R.HELP)
        words.setdefault(order, what)
    for order in JointHandling.objects.filter(status=JointHandling.Status.RUNNING).values_list("order", flat=True):
        _add(reasons, order, R.JOINT)
    open_ones = Order.objects.filter(pk__in=reasons).exclude(status__in=[S.DRAFT, S.CLOSED, S.CANCELLED])
    wanted = dict(open_ones.values_list("pk", "wanted_on"))
    ranked = sorted(wanted, key=lambda pk: (-len(reasons[pk]), wanted[pk], pk))
    return [Found(pk, reasons[pk], words.get(pk, "")[:WORDS]) for pk in ranked[:MOST]]


def _add(reasons: dict[int, list[str]], order: int | None, reason: str) -> None:
    if order is not None and reason not in reasons[order]:
        reasons[order].append(reason)


def build(meeting: OrderMeeting) -> list[AgendaItem]:
    """Put on the agenda what was found and is not on it yet, and what earlier meetings left open; answers the new."""
    there: set[int | None] = set(meeting.items.exclude(order=None).values_list("order", flat=True))
    last = meeting.items.order_by("-position").values_list("position", flat=True).first() or 0
    fresh = [
        AgendaItem(meeting=meeting, order_id=each.order, reasons=each.reasons, topic=each.words)
        for each in found()
        if each.order not in there
    ]
    fresh += _carried_over(meeting, there | {each.order_id for each in fresh})
    for position, item in enumerate(fresh, start=last + 1):
        item.position = position
    return AgendaItem.objects.bulk_create(fresh)


def left_over() -> QuerySet[AgendaItem]:
    """What was on the agenda of a meeting that is over, was not settled, and is on no later agenda yet.

    Of one that was cancelled only what people put on it: the rest is found again as far as it is still so.
    """
    by_hand = Q(meeting__status=OrderMeeting.Status.CANCELLED, reasons__overlap=[R.ADDED, R.POSTPONED])
    rows = AgendaItem.objects.filter(carried=False, struck=False, settled="")
    rows = rows.filter(by_hand | Q(meeting__status=OrderMeeting.Status.FILED))
    return rows.exclude(order__status__in=[S.CLOSED, S.CANCELLED])


def _carried_over(meeting: OrderMeeting, there: set[int | None]) -> list[AgendaItem]:
    """What earlier meetings left open, unless it is on this agenda anyway; from now on it is this meeting's."""
    rows = list(left_over().select_for_update(of=("self",)).order_by("meeting", "position"))
    AgendaItem.objects.filter(pk__in=[row.pk for row in rows]).update(carried=True)
    topics = set(meeting.items.filter(order=None).values_list("topic", flat=True))
    fresh = []
    for row in rows:
        if row.order_id in there if row.order_id else row.topic in topics:
            continue
        there.add(row.order_id)
        topics |= set() if row.order_id else {row.topic}
        fresh.append(AgendaItem(meeting=meeting, order_id=row.order_id, reasons=[R.POSTPONED], topic=row.topic))
    return fresh
