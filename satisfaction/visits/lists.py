"""The list of return visits, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.listing import Column, Listing, View
from satisfaction.visits.filters import VisitFilter
from satisfaction.visits.models import Visit, quarter_of

PLANNED = Visit.Status.PLANNED
QUARTER, DELIVERY = Visit.Occasion

VISITS = Listing(
    "visits",
    Visit,
    _("Return visits"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("occasion", _("Occasion"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("planned_on", _("Planned for"), kind="date", sortable=True),
        Column("attempts", _("Times not reached"), kind="number"),
        Column("level", _("How satisfied he is"), kind="choice"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("delivered_at", _("Delivered at"), kind="datetime", shown=False),
        Column("quarter", _("First day of the quarter"), kind="date", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    VisitFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, status=PLANNED), order="planned_on"),
        View(
            "due",
            _("Due today"),
            lambda user: Q(owner=user, status=PLANNED, planned_on__lte=clock.today()),
            asks="visits.record_visit",
            order="planned_on",
        ),
        View(
            "calls",
            _("Calls after a delivery"),
            lambda user: Q(occasion=DELIVERY, status=PLANNED),
            order="planned_on",
        ),
        View("unreached", _("Not reached yet"), lambda user: Q(attempts__gt=0) & ~Q(status=Visit.Status.DONE)),
        View(
            "missed",
            _("Missed in their quarter"),
            lambda user: Q(status=PLANNED, occasion=QUARTER, quarter__lt=quarter_of(clock.today())),
            order="planned_on",
        ),
        View("low", _("Fair or not satisfied"), lambda user: Q(level__in=["fair", "not_satisfied"])),
    ],
    empty=_(
        "No return visits. They are planned for every pickup customer in each quarter, and as calls after a delivery."
    ),
)
