"""The lists of reports and of who is mailed them; for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from pickup.execution.filters import ReportFilter, SubscriptionFilter
from pickup.execution.models import Report, Subscription

S, K = Report.Status, Report.Kind

REPORTS = Listing(
    "execution-reports",
    Report,
    _("Execution reports"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("kind", _("Kind of report"), kind="choice"),
        Column("first", _("First day"), kind="date"),
        Column("last", _("Last day"), kind="date", sortable=True),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("issued_at", _("Issued at"), kind="datetime"),
        Column("issued_by", _("Report issued by"), source="issued_by__name", kind="name"),
        Column("drafted_at", _("Drafted at"), kind="datetime", shown=False),
        Column("remarks", _("Remarks"), shown=False),
    ],
    ReportFilter,
    order="-last",
    tabs=[
        View("issue", _("To be issued"), lambda user: Q(status=S.DRAFT), asks="execution.issue_report"),
        View("daily", _("Daily"), lambda user: Q(kind=K.DAILY)),
        View("monthly", _("Monthly"), lambda user: Q(kind=K.MONTHLY)),
    ],
    creates=["execution.draft_report", "execution.subscribe"],
    empty=_("No reports yet. One is drafted by itself in the evening of each working day."),
)

SUBSCRIPTIONS = Listing(
    "execution-subscriptions",
    Subscription,
    _("Subscriptions to reports"),
    [
        Column("user", _("Subscriber"), source="user__name", kind="name"),
        Column("kind", _("Kind of report"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("since", _("Subscribed since"), kind="datetime"),
        Column("ended_at", _("Ended at"), kind="datetime"),
    ],
    SubscriptionFilter,
    tabs=[View("active", _("Subscribed"), lambda user: Q(status=Subscription.Status.ACTIVE))],
    creates=["execution.subscribe", "execution.subscribe_colleague"],
    bulk=["execution.unsubscribe"],
    empty=_("Nobody is mailed reports yet."),
)
