"""Who carries a complaint on: its owner and the lead of its team, not everybody who has a part in it (ZT 5)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.models import Complaint
from crm.accounts.models import User
from crm.accounts.standing import holders, owns, stands_for
from crm.refusals import Refused


def carries(complaint: Complaint, by: User) -> bool:
    """Whether somebody owns the complaint or leads its team, or stands in for one of them, or leads the owner."""
    return complaint.lead_id in stands_for(by) or owns(complaint, by)


def people(complaint: Complaint) -> str:
    """Who carries it on, by name."""
    return ", ".join(dict.fromkeys(str(each) for each in (complaint.owner, complaint.lead) if each))


def only_who_carries_it(complaint: Complaint, by: User) -> Refused | None:
    """Why somebody does not move the complaint on, who only has a part in it; None where it is his."""
    if carries(complaint, by):
        return None
    return Refused(
        "not_carrying",
        _("Only %(people)s can do this.") % {"people": people(complaint)},
        _("Who stands in for them, or leads %(owner)s, can do it as well.") % {"owner": complaint.owner},
    )


def only_sales(complaint: Complaint, by: User) -> Refused | None:
    """Why somebody does not register the complaint: it is for who carries it, and for who received it."""
    return None if complaint.received_by_id in stands_for(by) else only_who_carries_it(complaint, by)


def may_lead() -> QuerySet[User]:
    """Everybody at work who has the right to sign a finding, and so can lead a team."""
    return holders("complaints.sign_finding")
