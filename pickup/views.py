"""The pages of pickups: the pickup, its record, and the counter."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from crm import clock
from crm.accounts.models import User
from crm.accounts.scopes import sees
from crm.days import within
from crm.small import whole
from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from customers.models import Contact
from orders.actions import enter_payment
from orders.leaving import shortfall
from orders.models import Payment
from pickup import actions
from pickup.forms import authorities_of
from pickup.models import Pickup, Record, RecordLine
from pickup.offers import offers
from pickup.verdict import UNPAID, Verdict, due

LAST = 5  # of the clerk's records, beside the queue
COLLECTORS = 20  # of a customer's contacts; a clerk chooses among them with somebody waiting

area(
    "pickup",
    _("Pickup"),
    icon="package",
    order=50,
    listings=["pickups", "pickup-records", "authorities", "windows", "stock", "movements", "warehouses"],
)

PERSON = ("authority", "identity", "vehicle")


class PickupView(RecordView):
    model = Pickup
    related = ("order", "customer", "contact", "warehouse", "window", "owner")
    prints = (
        (_("Pickup notice"), "pickup-notice"),
        (_("Pickup slip"), "pickup-slip"),
        (_("Letter of authority"), "pickup-letter"),
    )
    facts = (
        (_("Pickup"), ("order", "customer", "contact", "window", "warehouse", "code", "owner")),
        (_("When"), ("notified_at", "confirmed_at", "arrived_at", "moves", "reason")),
    )


class PickupRecordView(RecordView):
    model = Record
    related = ("pickup__order", "clerk", "authority")
    prints = ((_("Pickup record"), "record-print"),)
    facts = (
        (_("Handover"), ("pickup", "kind", "reverses", "returns", "at", "clerk", "collector", *PERSON)),
        (_("Remarks"), ("override", "reason", "objection")),
    )


def may_serve(user: Any) -> bool:
    """Whether somebody has business at the counter."""
    return user.has_perm(actions.hand_over.name) or user.has_perm(actions.hand_over_anyway.name)


@login_required
@require_GET
def counter(request: SignedIn) -> HttpResponse:
    """The counter: one input, one verdict, and today's queue beside it (P6)."""
    if not may_serve(request.user):
        raise PermissionDenied
    last = _last_handovers(request.user)
    asked = whole(request.GET.get("pickup", ""))
    wanted = None if asked is None else get_object_or_404(Pickup.objects.visible_to(request.user), pk=asked)
    queue = _queue(request.user)
    context = {"queue": queue, "numbers": _numbers(queue), "last": last, "code": wanted.code if wanted else ""}
    return render(request, "pickup/counter.html", context)


def _last_handovers(user: Any) -> list[dict[str, Any]]:
    """What the clerk recorded last; where something was not as it should be, with what can be done about it."""
    said = Exists(RecordLine.objects.filter(record=OuterRef("pk")).exclude(difference=""))
    rows = Record.objects.filter(clerk=user).select_related("pickup__customer", "pickup__order").annotate(differs=said)
    return [
        {
            "record": row,
            "offers": offers(row.pickup, user) if row.differs or row.objection else [],
        }
        for row in rows[:LAST]
    ]


def _queue(user: Any) -> list[dict[str, Any]]:
    """Today's pickups at the user's counters, by window: expected, at the counter, done."""
    rows = (
        Pickup.objects.visible_to(user)
        .filter(within("window__starts_at", clock.today()))
        .exclude(status=Pickup.Status.CANCELLED)
        .select_related("customer", "window", "order", "warehouse")
        .order_by("window__starts_at", "window_id", "pk")
    )
    several = len({row.warehouse_id for row in rows}) > 1
    return [
        {
            "number": row.number,
            "code": row.code if row.status in Pickup.EXPECTED else "",
            "customer": row.customer.name,
            "window": row.window,
            "place": row.warehouse if several else "",
            "status": {"label": row.get_status_display(), "colour": row.STATUS_COLOURS[row.status]},
            "state": row.status,
            "here": row.status == Pickup.Status.ARRIVED,
        }
        for row in rows
    ]


def _numbers(queue: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How today's queue stands: who is still to come, who is there, who has his goods, who did not come."""
    S = Pickup.Status
    heads = (
        (_("To come"), {S.PLANNED, S.NOTIFIED, S.CONFIRMED}),
        (S.ARRIVED.label, {S.ARRIVED}),
        (S.HANDED_OVER.label, {S.HANDED_OVER}),
        (S.MISSED.label, {S.MISSED}),
    )
    return [(str(label), sum(row["state"] in states for row in queue)) for label, states in heads]


@login_required
@require_POST
def look_up(request: SignedIn) -> HttpResponse:
    """The verdict on a code that was scanned or typed, as the counter's fragment; each look is kept."""
    if not may_serve(request.user):
        raise PermissionDenied
    typed = request.POST.get("code", "").strip()
    pickup, found, scan = actions.scan(typed, by=request.user)
    if pickup is None or found is None:
        return render(request, "pickup/verdict.html", {"unknown": True, "scan": scan, "colour": "red"})
    held = due(pickup)
    lines = [
        {"line": line, "due": held.get(line.pk, 0)}
        for line in pickup.order.lines.select_related("product__unit", "unit").order_by("position")
    ]
    user = request.user
    overridable = found.stops and not any(each.final for each in found.stops)
    verb = actions.hand_over
    if overridable and user.has_perm(actions.hand_over_anyway.name):
        verb = actions.hand_over_anyway
    return render(
        request,
        "pickup/verdict.html",
        {
            "pickup": pickup,
            "scan": scan,
            "verdict": found,
            "colour": found.colour,
            "lines": lines,
            "authorities": [(each, each.holds_on(clock.today())) for each in authorities_of(pickup)],
            "others": _other_collectors(pickup),
            "verb": verb,
            "may": verb.refusal(pickup, user) is None,
            "url": reverse("do", args=[verb.name, pickup.pk]),
            "may_arrive": actions.arrive.refusal(pickup, user) is None,
            "arrive_url": reverse("do", args=[actions.arrive.name, pickup.pk]),
            "pay": _payment(pickup, found, user),
            "offers": offers(pickup, user),
            "identities": Record.Identity.choices,
        },
    )


def _other_collectors(pickup: Pickup) -> list[str]:
    """The customer's other contacts whose part it is to collect, by name; they need no letter of authority."""
    may = pickup.customer.contacts.filter(active=True, roles__contains=[Contact.Role.COLLECTOR])
    rows = may.order_by("name", "pk").values_list("pk", "name")[:COLLECTORS]
    return [name for pk, name in rows if pk != pickup.contact_id]


def _payment(pickup: Pickup, found: Verdict, user: User) -> dict[str, Any] | None:
    """The payment that is missing, for whoever at the counter may enter it; None where nothing is, or he may not."""
    order = pickup.order
    if not any(each.code == UNPAID for each in found.obstacles) or enter_payment.refusal(order, user):
        return None
    short = shortfall(order, due(pickup))
    if short is None or not sees(user, order):
        return None
    return {
        "url": reverse("do", args=[enter_payment.name, order.pk]),
        "label": enter_payment.label,
        "amount": short.amount,
        "methods": Payment.Method.choices,
        "today": clock.today().isoformat(),
    }
