"""The list of what came in, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.inbox.filters import IncomingFilter
from complaints.inbox.models import Incoming
from crm import clock
from crm.listing import Column, Listing, View

S = Incoming.Status

INBOX = Listing(
    "inbox",
    Incoming,
    _("Inbox"),
    [
        Column("number", _("Number"), kind="code"),
        Column("name", _("Who wrote")),
        Column("subject", _("Subject")),
        Column("channel", _("How it came"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("received_at", _("Received"), kind="datetime", sortable=True),
        Column("customer", _("Customer"), source="customer__name"),
        Column("complaint", _("Complaint"), source="complaint__number", kind="code"),
        Column("automatic", _("Automatic"), kind="choice", shown=False),
        Column("owner", _("Owner"), source="owner__name", kind="name", shown=False),
        Column("done_by", _("Looked at by"), source="done_by__name", kind="name", shown=False),
    ],
    IncomingFilter,
    tabs=[
        View("new", _("To be looked at"), lambda user: Q(status=S.NEW), asks="inbox.make_complaint"),
        View("today", _("Received today"), lambda user: Q(received_at__gte=clock.midnight())),
        View("done", _("Done"), lambda user: Q(status__in=[S.COMPLAINT, S.FEEDBACK, S.ADDED])),
        View("aside", _("Set aside"), lambda user: Q(status=S.ASIDE)),
        View("automatic", _("Automatic"), lambda user: Q(status=S.AUTOMATIC)),
    ],
    opens="new",
    bulk=["inbox.set_aside"],
    empty=_("Nothing here. Mail to the mailbox for complaints and the public form come in here."),
)
