"""Which verification of a complaint is still under way, of whatever round."""

from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.unfinished import keeps_open
from complaints.verification.models import Verification
from crm.refusals import Refused


@keeps_open
def verification_open(complaint: Complaint) -> Refused | None:
    """A verification was opened, and is neither signed and sealed nor dropped."""
    found = Verification.objects.filter(complaint=complaint, status__in=Verification.UNDER_WAY).first()
    if found is None:
        return None
    return Refused(
        "verification_open",
        _("The verification %(number)s is not signed and sealed yet.") % {"number": found},
        _("Carry it through, or drop it with a reason."),
    )
