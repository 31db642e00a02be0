"""The list of return notices, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.returns.filters import ReturnFilter
from complaints.returns.models import ReturnNotice
from crm.listing import Column, Listing, View

N = ReturnNotice.Status
PHONED = (N.EXPECTED, N.DONE)

RETURNS = Listing(
    "returns",
    ReturnNotice,
    _("Returns"),
    [
        Column("number", _("Number"), kind="code"),
        Column("customer", _("Customer"), source="complaint__customer__name"),
        Column("status", _("State"), kind="status"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("complaint", _("Complaint"), source="complaint__number", kind="code"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("warehouse", _("Comes back to"), source="warehouse__name", kind="name"),
        Column("owner", _("Owner"), source="complaint__owner__name", kind="name"),
        Column("drafted_at", _("Drafted at"), kind="datetime", shown=False),
        Column("phoned_at", _("Ordered by telephone"), kind="datetime"),
        Column("signed_at", _("Signed"), kind="datetime"),
        Column("ended_at", _("Ended"), kind="datetime", shown=False),
        Column("reason", _("Reason"), shown=False),
    ],
    ReturnFilter,
    tabs=[
        View(
            "sign",
            _("To be signed"),
            lambda user: (
                Q(signed_at=None) & (Q(status=N.DRAFT) | Q(phoned_at__isnull=False, status__in=[N.EXPECTED, N.DONE]))
            ),
            asks="returns.sign_return",
        ),
        View("to_come", _("Goods to come"), lambda user: Q(status=N.EXPECTED), asks="returns.receive_return"),
        View("come", _("Come back"), lambda user: Q(status=N.DONE)),
    ],
    empty=_("No returns. They follow from a complaint whose plan says that goods come back."),
)
