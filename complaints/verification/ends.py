"""What of this app ends with a complaint that is withdrawn."""

from django.utils.translation import gettext as _

from complaints.ends import ends_with_complaint
from complaints.models import Complaint
from complaints.verification.actions import drop_verification
from complaints.verification.models import Verification
from crm.accounts.models import User


@ends_with_complaint
def end_verification(complaint: Complaint, by: User) -> None:
    """Nobody tests, samples or weighs any more."""
    for each in Verification.objects.filter(complaint=complaint, status__in=Verification.UNDER_WAY):
        system = User.objects.system("verification")
        drop_verification(each, by=system, reason=_("The complaint was withdrawn."))
