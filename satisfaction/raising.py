"""What a customer says when he is asked goes on as a complaint or as feedback, in one step and once (S5, C8)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints.actions import receive_complaint
from complaints.actions.receiving import take_in as take_complaint
from complaints.feedback.actions import receive_feedback
from complaints.feedback.actions.receiving import take_in as take_feedback
from complaints.feedback.models import Feedback
from complaints.models import Complaint
from crm.accounts.models import User
from crm.actions import Action
from crm.refusals import Forbidden, Refused


def _cannot(record: Any, by: User, verb: Action) -> Refused | None:
    if not by.has_perm(verb.name):
        return Forbidden(verb.name, verb.label)
    if record.complaint_id is not None:
        return Refused("already_complaint", _("It became complaint %(number)s.") % {"number": record.complaint})
    if record.feedback_id is not None:
        return Refused("already_feedback", _("It became feedback %(number)s.") % {"number": record.feedback})
    return None


def no_complaint(record: Any, by: User) -> Refused | None:
    """Why it cannot become a complaint: he may receive none, or it went on already; `record` has customer and both."""
    return _cannot(record, by, receive_complaint)


def no_feedback(record: Any, by: User) -> Refused | None:
    """Why it cannot become feedback."""
    return _cannot(record, by, receive_feedback)


def make_complaint(record: Any, *, by: User, channel: str, category: str, content: str, at: datetime) -> Complaint:
    """Go on with it as a complaint, also where the customer has become somebody else's; `at` is when he said it."""
    record.complaint = take_complaint(
        record.customer,
        by=by,
        channel=channel,
        category=category,
        content=content,
        contact=record.contact,
        round_at=at,  # from when the customer waits for its result (ZT 4.1)
    )
    return record.complaint


def make_feedback(record: Any, *, by: User, channel: str, content: str, **facts: Any) -> Feedback:
    """Go on with it as feedback, in time from now on; `facts` are its kind, what it is about, and whom."""
    record.feedback = take_feedback(
        record.customer, by=by, channel=channel, content=content, contact=record.contact, **facts
    )
    return record.feedback
