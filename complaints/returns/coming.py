"""What the return notices of a plan wait for: to be written, to be signed, the goods."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from complaints.coming import Coming, also_comes
from complaints.models import Complaint
from complaints.returns.models import ReturnNotice
from complaints.returns.telling import signers

N = ReturnNotice.Status


@also_comes
def of_returns(complaint: Complaint) -> Iterator[Coming]:
    """Each notice that is not finished, with its step and whose turn it is."""
    if complaint.status != Complaint.Status.CARRYING_OUT:
        return
    rows = complaint.returnnotices.filter(round=complaint.round, status__in=ReturnNotice.LIVE)
    for notice in rows.select_related("warehouse").order_by("pk"):
        if notice.written_by_id is None:
            what = _("Check the goods of return notice %(number)s and write it") % {"number": notice}
            yield Coming(what, complaint.owner, page=notice)
        elif notice.signed_at is None:
            people = [str(each) for each in signers(complaint) if each and each.pk != notice.written_by_id]
            what = _("Sign return notice %(number)s") % {"number": notice}
            yield Coming(what, ", ".join(dict.fromkeys(people)), page=notice)
        if notice.status == N.EXPECTED:
            what = _("Receive the goods of return notice %(number)s") % {"number": notice}
            yield Coming(what, notice.warehouse, page=notice)
