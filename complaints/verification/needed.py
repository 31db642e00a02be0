"""Which procedure a complaint's category asks for, and whether it is signed and sealed (KC 5.2.1.3)."""

from django.utils.translation import gettext as _

from complaints.models import Category, Complaint
from complaints.proofs import must_be_proven
from complaints.verification.models import Verification
from crm.refusals import Refused

V, K = Verification.Status, Verification.Kind

KINDS: dict[str, tuple[str, ...]] = {
    Category.QUALITY: (K.QUALITY,),
    Category.APPEARANCE: (K.QUALITY,),
    Category.STRUCTURE: (K.QUALITY,),
    Category.SHORTAGE: (K.PICKUP, K.DELIVERY),
}


def kinds_for(complaint: Complaint) -> tuple[str, ...]:
    """The procedures one of which verifies such a complaint; none where the category asks for none."""
    return KINDS.get(complaint.category, ())


def latest(complaint: Complaint) -> Verification | None:
    """The verification that counts: the newest that was not dropped. A signed one stays valid in later rounds."""
    return complaint.verifications.exclude(status=V.DROPPED).order_by("-pk").first()


@must_be_proven
def unverified(complaint: Complaint) -> Refused | None:
    """Why the verifying department cannot sign yet: its procedure is not opened, or not signed and sealed."""
    if not kinds_for(complaint):
        return None
    found = latest(complaint)
    if found is None:
        return Refused(
            "not_verified",
            _("What the customer complains of is not verified yet."),
            _("Open the verification and carry it through first."),
        )
    if found.status == V.SIGNED:
        return None
    return Refused(
        "verification_open",
        _("The verification %(number)s is not signed and sealed yet.") % {"number": found},
        _("Carry it through first; it stands on the page of the complaint."),
    )
