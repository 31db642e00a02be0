"""Which supplementary agreements of a complaint are still open, of whatever round."""

from django.utils.translation import gettext as _

from complaints.compensation.models import Agreement
from complaints.models import Complaint
from complaints.unfinished import keeps_open
from crm.refusals import Refused


@keeps_open
def agreement_open(complaint: Complaint) -> Refused | None:
    """One is still to be signed or sealed by us or by the customer."""
    found = Agreement.objects.filter(complaint=complaint, status__in=Agreement.OPEN).order_by("pk").first()
    if found is None:
        return None
    return Refused(
        "agreement_open",
        _("Agreement %(number)s is not in force yet.") % {"number": found},
        _("Sign and seal it, send it to the customer, and enter his signed copy."),
    )
