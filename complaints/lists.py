"""The list of complaints, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.filters import ComplaintFilter
from complaints.models import Complaint, TeamTask
from crm.listing import Column, Listing, View

S = Complaint.Status

COMPLAINTS = Listing(
    "complaints",
    Complaint,
    _("Complaints"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="customer__name"),
        Column("category", _("Category"), kind="choice"),
        Column("severity", _("Severity"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("received_at", _("Received"), kind="datetime", sortable=True),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("round", _("Round"), kind="number"),
        Column("lead", _("Lead of the team"), source="lead__name", kind="name", shown=False),
        Column("product", _("Product"), source="product__name", shown=False),
        Column("batch", _("Batch"), shown=False),
        Column("cause", _("Cause"), source="cause__name", kind="name", shown=False),
        Column("responsible", _("Responsible department"), source="responsible__name", kind="name", shown=False),
        Column("order", _("Order"), source="order__number", kind="code", shown=False),
        Column("content", _("What he complains of"), shown=False),
        Column("closed_at", _("Closed"), kind="datetime", shown=False),
        Column("file_state", _("File"), kind="choice", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
        Column("pickup_id", _("Pickup's key"), shown=False),
    ],
    ComplaintFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, status__in=Complaint.OPEN)),
        View(
            "tasks",
            _("My tasks"),
            lambda user: Q(pk__in=TeamTask.objects.filter(owner=user, status="open").values("complaint")),
            asks="complaints.finish_task",
        ),
        View(
            "register",
            _("To be registered"),
            lambda user: Q(status=S.RECEIVED),
            asks="complaints.register_complaint",
        ),
        View("open", _("Open"), lambda user: Q(status__in=Complaint.OPEN)),
        View("reopened", _("Reopened"), lambda user: Q(round__gt=1)),
        View("archive", _("To be archived"), lambda user: Q(status__in=Complaint.ENDED) & ~Q(file_state="archived")),
    ],
    pages=[(_("Analysis"), "complaints-analysis", "deadlines.view_deadline")],
    empty=_("No complaints. One is opened on the page of a pickup or of a customer."),
)
