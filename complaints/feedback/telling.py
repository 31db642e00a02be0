"""Who is told of feedback: colleagues by the bell, the customer by mail with his link."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from complaints.feedback.models import FOLLOW_PURPOSE, Feedback
from crm import clock
from crm.accounts.models import Department, Participant, User
from crm.accounts.scopes import involve
from crm.links.mailing import mail_link
from crm.outbox import queue
from customers.models import Contact

FOLLOWED_FOR = timedelta(days=180)


class News(StrEnum):
    """What is told to colleagues; each has its own words in the message's text."""

    RECEIVED = "received"
    PASSED = "passed"
    RETURNED = "returned"
    ANSWERED = "answered"
    DONE = "done"


def let_see(feedback: Feedback, *, user: User | None = None, department: Department | None = None) -> None:
    """Let a person, or a department with its head, see it from now on."""
    why = str(feedback._meta.verbose_name)
    if department is not None:
        involve(feedback, department=department, why=why)
        user = department.head
    if user is not None:
        involve(feedback, user=user, why=why)


def hide(feedback: Feedback) -> None:
    """Let nobody see it any more who only had it for a while, now that it is said of one of our people."""
    rows = Participant.objects.filter(subject_type=ContentType.objects.get_for_model(feedback), subject_pk=feedback.pk)
    rows.update(until=clock.now())


def tell(feedback: Feedback, news: News, users: Iterable[User | None], *, by: User, words: str = "") -> None:
    """Ring the bell of these people, once each, but not of who did it; what is confidential stays on its page."""
    queue.notify_each(
        users,
        "feedback.news",
        by=by,
        about=feedback,
        context={
            "number": feedback.number,
            "customer": feedback.customer.name,
            "content": "" if feedback.confidential else feedback.content,
            "news": str(news),
            "words": "" if feedback.confidential else words,
        },
        key=f"feedback-{news}-{feedback.pk}-{feedback.version}",
    )


def _mail(
    feedback: Feedback, contact: Contact | None, template: str, *, by: User, remedy: str = "", **context: str
) -> None:
    mail_link(
        feedback,
        FOLLOW_PURPOSE,
        template,
        contact or feedback.contact,
        {"number": feedback.number, **context},
        by=by,
        valid_for=FOLLOWED_FOR,
        remedy=remedy,
    )


def mail_number(feedback: Feedback, *, by: User, contact: Contact | None = None) -> bool:
    """Mail the customer the number and the link that shows how far it is; answers whether it was possible."""
    found = contact or feedback.contact
    if found is None or not found.email:
        return False
    _mail(feedback, found, "feedback.number", by=by)
    return True


def mail_answer(feedback: Feedback, *, by: User, contact: Contact | None = None) -> None:
    """Mail the customer the answer with his link. Raises Refused where he has no address.

    What is confidential stands under the link only: whoever sees the customer reads the mails to him.
    """
    solution = "" if feedback.confidential else feedback.solution
    remedy = _("Tell him, and choose how you did it.")
    _mail(feedback, contact, "feedback.told", by=by, remedy=remedy, solution=solution)
