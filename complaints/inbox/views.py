"""The page of a message that came in."""

from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import Incoming
from crm.web.areas import join_area
from crm.web.recordpage import RecordView

join_area("complaints", "inbox")


class IncomingView(RecordView):
    """One message: who claims to have sent it, what it says, and what became of it."""

    model = Incoming
    related = ("customer", "contact__customer", "named", "complaint", "owner", "department", "done_by", "entry")
    facts = (
        (_("Who wrote"), ("name", "company", "phone", "email", "language")),
        (_("As it came in"), ("channel", "received_at", "subject", "category", "said_number", "automatic")),
        (_("What became of it"), ("customer", "complaint", "reason", "done_by", "done_at")),
    )
