"""The lists of quotations and samples, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from orders.quotations.filters import QuotationFilter, SampleFilter
from orders.quotations.models import Quotation, Sample

S, A = Quotation.Status, Sample.Status
ENDED = [S.WITHDRAWN, S.EXPIRED, S.DECLINED]

QUOTATIONS = Listing(
    "quotations",
    Quotation,
    _("Quotations"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("latest", _("Version"), kind="number"),
        Column("valid_until", _("Valid until"), kind="date", sortable=True),
        Column("total", _("Total with tax"), kind="money", sortable=True),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("offered_at", _("First sent"), kind="datetime", shown=False),
        Column("answered_at", _("Answered at"), kind="datetime", shown=False),
        Column("low_price", _("Below the lowest price"), kind="bool", shown=False),
        Column("project", _("Project"), shown=False),
        Column("tax", _("Tax in it"), kind="money", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("inquiry_id", _("Inquiry's key"), shown=False),
        Column("sample_id", _("Sample's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    QuotationFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, order=None) & ~Q(status__in=ENDED)),
        View("drafts", _("Drafts"), lambda user: Q(status=S.DRAFT)),
        View("sent", _("Waits for an answer"), lambda user: Q(status=S.SENT)),
        View("wishes", _("Changes wished"), lambda user: Q(status=S.WISHES), asks="quotations.revise_quotation"),
        View(
            "order",
            _("To be ordered"),
            lambda user: Q(status=S.ACCEPTED, order=None),
            asks="quotations.order_quotation",
        ),
        View("expired", _("Expired"), lambda user: Q(status=S.EXPIRED)),
    ],
    creates=["quotations.draft_quotation"],
    empty=_("No quotations yet. Make one here, on a customer, or from an inquiry."),
)

SAMPLES = Listing(
    "samples",
    Sample,
    _("Samples"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("round", _("Round"), kind="number"),
        Column("wanted_on", _("Wanted by"), kind="date", sortable=True),
        Column("maker", _("Who makes it"), source="maker__name", kind="name"),
        Column("owner", _("Owner"), source="owner__name", kind="name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("expected_on", _("Expected completion"), kind="date", shown=False),
        Column("requested_at", _("Requested at"), kind="datetime", shown=False),
        Column("told_at", _("Customer last told"), kind="datetime", shown=False),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("inquiry_id", _("Inquiry's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    SampleFilter,
    tabs=[
        View("mine", _("Mine"), lambda user: Q(owner=user, order=None) & ~Q(status=A.CANCELLED)),
        View(
            "make",
            _("To be made"),
            lambda user: Q(status__in=[A.REQUESTED, A.MAKING, A.DECLINED]),
            asks="quotations.finish_sample",
        ),
        View("made", _("To be sent"), lambda user: Q(status=A.MADE), asks="quotations.send_sample"),
        View("out", _("Sent to the customer"), lambda user: Q(status__in=Sample.HIS)),
        View("approved", _("Approved in writing"), lambda user: Q(status=A.APPROVED)),
    ],
    empty=_("No samples yet. One is requested on a customer, or from an inquiry."),
)
