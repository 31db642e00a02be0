"""The lists of pickups, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.days import within
from crm.listing import Column, Listing, View
from orders.lists import ORDERS
from orders.models import Order
from pickup.filters import AuthorityFilter, PickupFilter, RecordFilter, WindowFilter
from pickup.models import Authority, Pickup, Record, Window

S = Pickup.Status

ORDERS.tabs = [
    *ORDERS.tabs,
    View("check", _("Stock to be checked"), lambda user: Q(status=Order.Status.CONFIRMED), asks="pickup.check_stock"),
]

PICKUPS = Listing(
    "pickups",
    Pickup,
    _("Pickups"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("starts_at", _("Window"), source="window__starts_at", kind="datetime"),
        Column("warehouse", _("Place"), source="warehouse__name", kind="name"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("order_id", _("Order's key"), shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    PickupFilter,
    tabs=[
        View(
            "today",
            _("Today"),
            lambda user: within("window__starts_at", clock.today()) & Q(status__in=Pickup.EXPECTED),
            asks="pickup.hand_over",
        ),
        View("unanswered", _("Not answered"), lambda user: Q(status=S.NOTIFIED), asks="pickup.confirm_pickup"),
        View("missed", _("Did not come"), lambda user: Q(status=S.MISSED), asks="pickup.move_pickup"),
        View("mine", _("Mine"), lambda user: Q(owner=user, status__in=Pickup.EXPECTED)),
    ],
    pages=[
        (_("Calendar"), "pickup-calendar", "pickup.view_pickup"),
        (_("Counter"), "counter", "pickup.hand_over"),
    ],
    empty=_("No pickups. One is planned from an order whose goods are ready."),
)

RECORDS = Listing(
    "pickup-records",
    Record,
    _("Pickup records"),
    [
        Column("number", _("Number"), kind="code"),
        Column("at", _("When"), kind="datetime", sortable=True),
        Column("kind", _("Kind"), kind="choice"),
        Column("customer", _("Customer"), source="pickup__customer__name"),
        Column("order", _("Order"), source="pickup__order__number", kind="code"),
        Column("collector", _("Collected by")),
        Column("clerk", _("Clerk"), source="clerk__name", kind="name"),
        Column("override", _("Overridden because")),
        Column("objection", _("Objection")),
    ],
    RecordFilter,
    order="-at",
    tabs=[
        View("today", _("Today"), lambda user: within("at", clock.today())),
        View("overridden", _("Overridden"), lambda user: ~Q(override="")),
    ],
)

AUTHORITIES = Listing(
    "authorities",
    Authority,
    _("Letters of authority"),
    [
        Column("person", _("Who may collect")),
        Column("customer", _("Customer"), source="customer__name"),
        Column("pickup", _("Pickup"), source="pickup__number", kind="code"),
        Column("id_number", _("ID number"), source="id_number_tail", kind="masked"),
        Column("vehicle", _("Vehicle")),
        Column("status", _("State"), kind="status"),
        Column("valid_from", _("From"), kind="date"),
        Column("valid_until", _("Until"), kind="date"),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("pickup_id", _("Pickup's key"), shown=False),
    ],
    AuthorityFilter,
    tabs=[
        View("standing", _("Standing"), lambda user: Q(pickup=None, status="valid", valid_until__gte=clock.today())),
        View("expired", _("Expired"), lambda user: Q(status="valid", valid_until__lt=clock.today())),
    ],
)

WINDOWS = Listing(
    "windows",
    Window,
    _("Pickup windows"),
    [
        Column("starts_at", _("From"), kind="datetime"),
        Column("ends_at", _("Until"), kind="datetime"),
        Column("warehouse", _("Place"), source="warehouse__name", kind="name"),
        Column("warehouse_id", _("Warehouse's key"), shown=False),
        Column("taken", _("Taken"), kind="number"),
        Column("capacity", _("Pickups at most"), kind="number"),
    ],
    WindowFilter,
    tabs=[View("open", _("With room"), lambda user: Q(pk__in=Window.objects.open().values("pk")))],
)
