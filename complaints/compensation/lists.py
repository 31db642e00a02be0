"""The list of agreements, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.compensation.filters import AgreementFilter
from complaints.compensation.models import Agreement
from crm.listing import Column, Listing, View

A = Agreement.Status

AGREEMENTS = Listing(
    "agreements",
    Agreement,
    _("Agreements on compensations"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("complaint", _("Complaint"), source="complaint__number", kind="code"),
        Column("customer", _("Customer"), source="complaint__customer__name"),
        Column("order", _("Order"), source="order__number", kind="code"),
        Column("amount", _("Amount"), kind="money"),
        Column("status", _("State"), kind="status"),
        Column("drafted_at", _("Drafted at"), kind="datetime"),
        Column("copy_at", _("Signed copy handed in"), kind="datetime"),
        Column("in_force_at", _("In force since"), kind="datetime"),
        Column("complaint_id", _("Complaint's key"), shown=False),
        Column("order_id", _("Order's key"), shown=False),
    ],
    AgreementFilter,
    tabs=[
        View("sign", _("To be signed"), lambda user: Q(status=A.DRAFTED), asks="compensation.sign_agreement"),
        View("seal", _("To be sealed"), lambda user: Q(status=A.SIGNED), asks="compensation.seal_agreement"),
        View("customer", _("With the customer"), lambda user: Q(status=A.SEALED)),
        View(
            "copy",
            _("Signed copy is here"),
            lambda user: Q(status=A.SEALED, copy_at__isnull=False),
            asks="compensation.return_agreement",
        ),
    ],
    empty=_("No agreements yet. One is drawn up when a plan that compensates is approved."),
)
