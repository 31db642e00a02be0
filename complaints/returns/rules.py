"""The time limit of returns (KC 5.2.3.2)."""

from django.utils.translation import gettext_lazy as _

from complaints.returns.models import ReturnNotice
from crm.deadlines.rules import Rule

N = ReturnNotice.Status

Rule(
    "complaint.paperwork",
    "KC 5.2.3.2",
    label=_("Follow an urgent return with its signed notice"),
    first=True,
    on=ReturnNotice,
    during={N.EXPECTED, N.DONE},
    when=lambda notice: notice.phoned_at is not None and notice.signed_at is None,
    since="phoned_at",
    who="complaint.owner",
    met_by="returns.sign_return",
    limit="1 wd",
)
