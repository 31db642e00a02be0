"""What follows when a complaint is closed: its file is to be reviewed, and the order desk hears how it ended (K1)."""

from typing import Any

from complaints import telling
from complaints.filing import reviewer
from complaints.models import Complaint
from complaints.telling import News
from crm import via
from crm.accounts.models import Department, User
from crm.actions import WATCHERS

ORDER_DESK = "order_desk"


def follow(record: Any) -> None:
    """Tell the department manager, and of a complaint about an order the head of the order desk, once a round."""
    running = via.running()
    if not isinstance(record, Complaint) or record.status not in Complaint.ENDED or running is None:
        return
    by, once = User.objects.get(pk=running.actor), f"round-{record.round}"
    manager = reviewer(record)
    if manager is not None:
        telling.let_see(record, users=[manager])
        telling.tell(record, News.TO_REVIEW, [manager], by=by, once=once)
    if record.order_id is None:
        return
    desk = Department.objects.filter(code=ORDER_DESK).select_related("head").first()
    if desk is not None and desk.head is not None:
        telling.let_see(record, users=[desk.head])
        telling.tell(record, News.HANDLED, [desk.head], by=by, words=record.result, once=once)


def listen() -> None:
    """Be told of what verbs do to complaints."""
    WATCHERS.append(follow)
