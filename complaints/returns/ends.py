"""What of this app ends with a complaint that is withdrawn."""

from django.utils.translation import gettext as _

from complaints.ends import ends_with_complaint
from complaints.models import Complaint
from complaints.returns.actions.receiving import SYSTEM, cancel_return
from complaints.returns.models import ReturnNotice
from crm.accounts.models import User
from crm.refusals import Refused

N = ReturnNotice.Status


@ends_with_complaint
def end_returns(complaint: Complaint, by: User) -> None:
    """No goods come back any more. Raises Refused where some are back already."""
    rows = list(ReturnNotice.objects.filter(complaint=complaint, status__in=ReturnNotice.LIVE).order_by("pk"))
    if came := next((each for each in rows if each.receipts.exists()), None):
        raise Refused(
            "goods_back",
            _("Goods of return %(number)s came back already.") % {"number": came},
            _("Handle the complaint to its end."),
        )
    for notice in rows:
        cancel_return(notice, by=User.objects.system(SYSTEM), reason=_("The complaint was withdrawn."))
