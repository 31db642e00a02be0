"""What this app shows on the page of a complaint, of a verification and of a scale."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Complaint
from complaints.verification import actions
from complaints.verification.models import Scale, ScaleCertificate, Verification
from complaints.verification.needed import kinds_for
from complaints.verification.told import brought_up
from complaints.verification.who import NEXT, whose_turn
from crm import clock
from crm.accounts.models import User
from crm.records.entries import talking
from crm.web.panels import panel, step
from pickup.models import Record

SHOWN = 10
talking(actions.record_word, actions.name_laboratory)


def _may_see(user: User) -> bool:
    return user.has_perm("verification.view_verification")


def _shown(verification: Verification) -> dict[str, Any]:
    return {
        "verification": verification,
        "next": NEXT.get((verification.kind, verification.status), ""),
        "whose": whose_turn(verification),
        **(brought_up(verification) if verification.status != Verification.Status.DROPPED else {}),
    }


@panel(Complaint, "verification", _("Verification"), "verification/panels/of_complaint.html", order=15)
def of_complaint(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The procedure that the category asks for: what is next and by whom, and what was brought up, newest first."""
    if not kinds_for(complaint) or not _may_see(user):
        return None
    rows = complaint.verifications.select_related(
        "complaint__owner", "complaint__customer", "scale__owner", "stated_by", "explained_by", "signed_by"
    )
    found = list(rows.order_by("-pk")[:SHOWN])
    action = step("verification.open_verification", complaint, user)
    if not found and complaint.status in (Complaint.Status.RECEIVED, Complaint.Status.REGISTERED):
        return None
    return {"rows": found, "shown": [_shown(each) for each in found], "count": len(found), "action": action}


@panel(Complaint, "weighed", _("How it was weighed"), "verification/panels/weighed.html", order=12)
def weighed(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Of a shortage: the scales where the goods left, and whether each had a certificate that held then (K2)."""
    if (
        complaint.category != Category.SHORTAGE
        or complaint.pickup is None
        or not user.has_perm("verification.view_scale")
    ):
        return None
    record = Record.objects.filter(pickup=complaint.pickup, kind=Record.Kind.HANDOVER).order_by("-pk").first()
    day = timezone.localdate(record.at) if record else clock.today()
    scales = Scale.objects.visible_to(user).filter(warehouse=complaint.pickup.warehouse_id).order_by("number")
    found = list(scales[:SHOWN])
    held = ScaleCertificate.objects.filter(scale__in=found, issued_on__lte=day, valid_until__gte=day)
    certificates = {each.scale_id: each for each in held.order_by("valid_until")}  # the last one holds longest
    rows = [{"scale": each, "certificate": certificates.get(each.pk)} for each in found]
    return {"scales": rows, "day": day, "count": len(rows)} if rows else None


@panel(Verification, "brought_up", _("What was brought up"), "verification/panels/brought_up.html", order=10)
def of_verification(verification: Verification, user: User) -> dict[str, Any] | None:
    """Tests item by item, samples, weighings, and what was lost."""
    found = brought_up(verification)
    count = len(found["reports"]) + len(found["samples"]) + len(found["weighings"])
    return {**found, "count": count} if count else None


@panel(Scale, "certificates", _("Certificates"), "verification/panels/certificates.html", order=10)
def certificates(scale: Scale, user: User) -> dict[str, Any] | None:
    """All certificates of the scale, the one that holds longest first."""
    rows = list(scale.certificates.select_related("file", "entered_by"))
    action = step("verification.enter_certificate", scale, user)
    return {"certificates": rows, "today": clock.today(), "count": len(rows), "action": action}


@panel(Scale, "verifications", _("Verifications"), "verification/panels/of_scale.html", order=20)
def of_scale(scale: Scale, user: User) -> dict[str, Any] | None:
    """The verifications in which this scale was stated to meet the standard or not."""
    if not _may_see(user):
        return None
    rows = Verification.objects.visible_to(user).filter(scale=scale).select_related("complaint__customer")
    found = list(rows.order_by("-pk")[:SHOWN])
    return {"rows": found, "count": len(found)} if found else None
