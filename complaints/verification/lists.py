"""The lists of verifications and scales (地磅台账), declared once for page, REST and export."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.verification.filters import ScaleFilter, VerificationFilter
from complaints.verification.models import Scale, Verification
from crm import clock
from crm.listing import Column, Listing, View

V, SOON = Verification.Status, timedelta(days=30)

VERIFICATIONS = Listing(
    "verifications",
    Verification,
    _("Verifications"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("kind", _("Procedure"), kind="choice"),
        Column("complaint", _("Complaint"), source="complaint__number", kind="code"),
        Column("customer", _("Customer"), source="complaint__customer__name"),
        Column("status", _("State"), kind="status"),
        Column("opened_at", _("When opened"), kind="datetime"),
        Column("round", _("Round"), kind="number"),
        Column("signed_by", _("Signed by"), source="signed_by__name", kind="name"),
        Column("signed_at", _("Time of signing"), kind="datetime"),
        Column("laboratory", _("Laboratory"), shown=False),
        Column("scale", _("Scale"), source="scale__number", kind="code", shown=False),
        Column("complaint_id", _("Complaint's key"), shown=False),
    ],
    VerificationFilter,
    tabs=[
        View("open", _("Under way"), lambda user: Q(status__in=Verification.UNDER_WAY)),
        View("sign", _("To be signed"), lambda user: Q(status=V.READY), asks="verification.sign_verification"),
    ],
    empty=_("No verifications. One is opened on the page of a complaint."),
)

SCALES = Listing(
    "scales",
    Scale,
    _("Scales"),
    [
        Column("number", _("Number"), kind="code", sortable=True),
        Column("place", _("Place of the scale")),
        Column("warehouse", _("Warehouse"), source="warehouse__name", kind="name"),
        Column("kind", _("Kind"), kind="choice"),
        Column("capacity", _("Capacity in kg"), kind="quantity"),
        Column("division", _("Division in kg"), kind="quantity"),
        Column("accuracy", _("Accuracy"), kind="choice"),
        Column("certificate_number", _("Certificate"), kind="code"),
        Column("valid_until", _("Valid until"), kind="date"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("status", _("State"), kind="status"),
        Column("owner", _("Weighbridge head"), source="owner__name", kind="name"),
        Column("registered_on", _("In the register since"), kind="date", shown=False),
    ],
    ScaleFilter,
    order="number",
    tabs=[
        View("in_use", _("In use"), lambda user: Q(status=Scale.Status.IN_USE)),
        View(
            "expiring",
            _("Certificate expires soon"),
            lambda user: (
                Q(status=Scale.Status.IN_USE) & (Q(valid_until=None) | Q(valid_until__lte=clock.today() + SOON))
            ),
        ),
    ],
    creates=["verification.register_scale"],
    empty=_("No scales in the register yet."),
)
