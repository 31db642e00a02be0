"""Who is told of a complaint: colleagues by the bell, the customer by mail with his links."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from complaints.models import AGREE_PURPOSE, FOLLOW_PURPOSE, Complaint
from complaints.parties import SALES
from crm.accounts.models import Department, User
from crm.accounts.scopes import involve
from crm.links.mailing import mail_link
from crm.outbox import queue
from customers.models import Contact

FOLLOWED_FOR = timedelta(days=180)
AGREED_WITHIN = timedelta(days=14)


class News(StrEnum):
    """What is told to colleagues; each has its own words in the message's text."""

    RECEIVED = "received"
    SOLUTION = "solution"
    REGISTERED = "registered"
    TEAM = "team"
    LEAD = "lead"
    OPINION = "opinion"
    FINDING = "finding"
    PLAN = "plan"
    HAND_IN = "hand_in"
    AGREED = "agreed"
    DECLINED = "declined"
    MEASURE = "measure"
    DONE = "done"
    REPORTED = "reported"
    SETTLED = "settled"
    WROTE = "wrote"
    REOPENED = "reopened"
    RAISED = "raised"
    INEFFECTIVE = "ineffective"
    WITHDRAWN = "withdrawn"
    TO_REVIEW = "to_review"
    INCOMPLETE = "incomplete"
    REVIEWED = "reviewed"


def let_see(complaint: Complaint, *, users: Iterable[User] = (), departments: Iterable[Department] = ()) -> None:
    """Let people and departments see the complaint from now on, a head also where he works in another one.

    Sales is in every team: of it only the head sees each complaint, and who is named.
    """
    why = str(complaint._meta.verbose_name)
    for department in departments:
        if department.code != SALES:
            involve(complaint, department=department, why=why)
        if department.head and (department.code == SALES or department.head.department_id != department.pk):
            involve(complaint, user=department.head, why=why)
    for user in users:
        involve(complaint, user=user, why=why)


def tell(complaint: Complaint, news: News, users: Iterable[User | None], *, by: User, words: str = "") -> None:
    """Ring the bell of these people, once each, but not of who did it."""
    queue.notify_each(
        users,
        "complaints.news",
        by=by,
        about=complaint,
        context={
            "number": complaint.number,
            "customer": complaint.customer.name,
            "content": complaint.content,
            "news": str(news),
            "words": words,
        },
        key=f"complaint-{news}-{complaint.pk}-{complaint.version}",
    )


def who_reads_mail(complaint: Complaint, contact: Contact | None = None) -> Contact | None:
    """The contact who can be mailed, or None."""
    found = contact or complaint.contact
    return found if found is not None and found.email else None


def _mail(
    complaint: Complaint,
    contact: Contact | None,
    purpose: str,
    template: str,
    by: User,
    remedy: str = "",
    **context: Any,
) -> None:
    mail_link(
        complaint,
        purpose,
        template,
        contact or complaint.contact,
        {"number": complaint.number, **context},
        by=by,
        valid_for=AGREED_WITHIN if purpose == AGREE_PURPOSE else FOLLOWED_FOR,
        remedy=remedy,
    )


def mail_number(complaint: Complaint, *, by: User, contact: Contact | None = None) -> bool:
    """Mail the customer the number and the link that shows how far it is; answers whether it was possible."""
    found = who_reads_mail(complaint, contact)
    if found is None:
        return False
    _mail(complaint, found, FOLLOW_PURPOSE, "complaints.number", by)
    return True


def mail_plan(complaint: Complaint, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer the link by which he agrees to the plan. Raises Refused where he has no address."""
    remedy = _("Call him, and record what he says to the plan.")
    _mail(complaint, contact, AGREE_PURPOSE, "complaints.plan", by, remedy)


def mail_result(complaint: Complaint, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer the result with a link. Raises Refused where he has no address."""
    remedy = _("Tell him, and choose how you did it.")
    _mail(complaint, contact, FOLLOW_PURPOSE, "complaints.told", by, remedy, result=complaint.result)


def mail_withdrawal(complaint: Complaint, *, by: User) -> None:
    """Mail the customer that his complaint was withdrawn and why, with the link that says so, where he has a mail."""
    found = who_reads_mail(complaint)
    if found is not None:
        same = str(complaint.double_of or "")
        _mail(complaint, found, FOLLOW_PURPOSE, "complaints.withdrawn", by, why=complaint.withdrawn_why, same=same)
