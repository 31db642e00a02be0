"""The list of inquiries, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.listing import Column, Listing, View
from customers.models import Customer
from orders.inquiries.filters import InquiryFilter
from orders.inquiries.models import Inquiry

S = Inquiry.Status
UNANSWERED = Q(status__in=[S.OPEN, S.PASSED])

INQUIRIES = Listing(
    "inquiries",
    Inquiry,
    _("Inquiries"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("name", _("Who asks"), kind="link"),
        Column("matter", _("What is asked")),
        Column("status", _("State"), kind="status"),
        Column("urgent", _("Urgent"), kind="bool"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("owner", _("Who answers"), source="owner__name", kind="name"),
        Column("received_at", _("Received"), kind="datetime", sortable=True),
        Column("channel", _("Channel"), kind="choice", shown=False),
        Column("tier", _("Tier"), source="customer__tier", kind="choice"),
        Column("priority", _("Priority"), kind="number", sortable=True, shown=False),
        Column("customer", _("Customer"), source="customer__name", shown=False),
        Column("customer_id", _("Customer's key"), shown=False),
        Column("received_by", _("Received by"), source="received_by__name", kind="name", shown=False),
    ],
    InquiryFilter,
    tabs=[
        View("open", _("To be answered"), lambda user: UNANSWERED, asks="inquiries.answer_inquiry"),
        View("mine", _("Mine"), lambda user: UNANSWERED & Q(owner=user)),
        View("received", _("Received by me"), lambda user: Q(received_by=user)),
        View("nobody", _("Nobody's yet"), lambda user: UNANSWERED & Q(owner=None), asks="inquiries.pass_on_inquiry"),
        View(
            "vip",
            _("VIP and key"),
            lambda user: UNANSWERED & Q(customer__tier__in=[Customer.Tier.VIP, Customer.Tier.KEY]),
        ),
        View(
            "today",
            _("Received today"),
            lambda user: Q(received_at__gte=clock.midnight()),
            asks="inquiries.record_inquiry",
        ),
    ],
    creates=["inquiries.record_inquiry"],
    bulk=["inquiries.take_inquiry", "inquiries.pass_on_inquiry"],
    empty=_("No inquiries. Whoever takes a call or reads a mail records it here."),
)
