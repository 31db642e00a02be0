"""The lists of changes, extensions and customers' requests, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from orders.changes.filters import ChangeFilter, ExtensionFilter, RequestFilter
from orders.changes.models import Acknowledgement, Change, CustomerRequest, Extension

C, E, R = Change.Status, Extension.Status, CustomerRequest.Status


def _unacknowledged(paper: str) -> Q:
    """Papers that some department has not acknowledged yet."""
    waiting = Acknowledgement.objects.filter(status=Acknowledgement.Status.WAITING, **{f"{paper}__isnull": False})
    return Q(pk__in=waiting.values(paper))


CHANGES = Listing(
    "changes",
    Change,
    _("Order changes"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("kind", _("What changes"), kind="choice"),
        Column("wish", _("Initiated by"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("why", _("Why")),
        Column("wanted_on", _("Wanted on"), kind="date"),
        Column("total_before", _("Total before"), kind="money", shown=False),
        Column("total", _("Total with tax"), kind="money"),
        Column("drafted_by", _("Drafted by"), source="drafted_by__name", kind="name"),
        Column("drafted_at", _("Drafted at"), kind="datetime", sortable=True),
        Column("confirmed_at", _("Confirmed"), kind="datetime", shown=False),
        Column("applied_at", _("Applied at"), kind="datetime", shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    ChangeFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(drafted_by=user, status__in=Change.OPEN)),
        View("customer", _("Waits for an answer"), lambda user: Q(status=C.ASKED)),
        View("confirmed", _("To be approved"), lambda user: Q(status=C.CONFIRMED)),
        View("acknowledge", _("To be acknowledged"), lambda user: _unacknowledged("change")),
    ],
    empty=_("No changes yet. One is drafted on an order that the customer has confirmed."),
)

EXTENSIONS = Listing(
    "extensions",
    Extension,
    _("Extension requests"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("cause", _("Cause"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("wanted_before", _("Wanted on, before"), kind="date"),
        Column("new_on", _("New date"), kind="date"),
        Column("planner", _("Production planning"), source="planner__name", kind="name"),
        Column("reported_by", _("Reported by"), source="reported_by__name", kind="name"),
        Column("reported_at", _("Reported"), kind="datetime", sortable=True),
        Column("what", _("What has happened"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    ExtensionFilter,
    tabs=[
        View("planning", _("With production planning"), lambda user: Q(status=E.PLANNING), asks="changes.answer_delay"),
        View("stays", _("To be agreed on"), lambda user: Q(status__in=[E.STAYS, E.COUNTERED, E.DECLINED])),
        View("customer", _("Waits for an answer"), lambda user: Q(status=E.ASKED)),
        View("acknowledge", _("To be acknowledged"), lambda user: _unacknowledged("extension")),
    ],
    empty=_("No extension requests yet. One begins on an order, where a delay is reported."),
)

REQUESTS = Listing(
    "customer-requests",
    CustomerRequest,
    _("Customers' requests"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("customer", _("Customer"), source="order__customer__name"),
        Column("text", _("What he asks for")),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Who answers"), source="owner__name", kind="name"),
        Column("noted_at", _("Noted"), kind="datetime", sortable=True),
        Column("answer", _("Answer and reason"), shown=False),
        Column("answered_at", _("Answered"), kind="datetime", shown=False),
        Column("channel", _("Channel"), kind="choice", shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    RequestFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, status=R.OPEN)),
        View("open", _("To be answered"), lambda user: Q(status=R.OPEN), asks="changes.answer_request"),
    ],
    empty=_("No requests yet. Whoever hears of one notes it on the order."),
)
