"""Which returns of a complaint are still open, of whatever round."""

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.returns.models import ReturnNotice
from complaints.unfinished import keeps_open
from crm.refusals import Refused

N = ReturnNotice.Status


@keeps_open
def return_open(complaint: Complaint) -> Refused | None:
    """Goods are still to come, or the notice by which they came is not signed."""
    rows = ReturnNotice.objects.filter(complaint=complaint)
    found = rows.filter(Q(status__in=(N.DRAFT, N.EXPECTED)) | Q(status=N.DONE, signed_at=None)).order_by("pk").first()
    if found is None:
        return None
    if found.status == N.DONE:
        state, remedy = _("not signed"), _("Write the notice and have it signed; the goods are back already.")
    else:
        state, remedy = found.get_status_display(), _("Finish it, or cancel it.")
    return Refused(
        "return_open",
        _("Return %(number)s is not finished: %(state)s.") % {"number": found, "state": state},
        remedy,
    )
