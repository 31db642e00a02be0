"""The list of deadlines, for whoever answers for how they are kept."""

from django.utils.translation import gettext_lazy as _

from crm.deadlines.filters import DeadlineFilter, late
from crm.deadlines.models import Deadline
from crm.listing import Column, Listing, View

DEADLINES = Listing(
    "deadlines",
    Deadline,
    _("Deadlines"),
    [
        Column("rule", _("Time limit"), kind="choice"),
        Column("responsible", _("Responsible"), source="responsible__name", kind="name"),
        Column("department", _("Department"), source="department__name", kind="name"),
        Column("started_at", _("Started"), kind="datetime"),
        Column("due_at", _("Due"), kind="datetime"),
        Column("closed_at", _("Ended"), kind="datetime"),
        Column("outcome", _("How"), kind="choice"),
        Column("customer_id", _("Customer's key"), shown=False),
    ],
    DeadlineFilter,
    tabs=[
        View("late", _("Late"), lambda user: late()),
    ],
    pages=[(_("Reports"), "reports", "deadlines.view_deadline")],
    empty=_("There are no deadlines of yours or of your people."),
)
