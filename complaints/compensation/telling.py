"""Who is told what is to be done about an agreement or a replacement order."""

from collections.abc import Iterable
from enum import StrEnum

from complaints.models import Complaint
from crm.accounts.models import User
from crm.outbox import queue


class Step(StrEnum):
    """What comes next, each with its own words in the message's text."""

    SIGN = "sign"
    SEAL = "seal"
    SEND = "send"
    COPY = "copy"
    IN_FORCE = "in_force"
    REPLACE = "replace"
    CANCELLED = "cancelled"


def tell(complaint: Complaint, step: Step, users: Iterable[User | None], *, by: User, paper: str, key: str) -> None:
    """Ring the bell of these people, once each, but not of who did it; `paper` is the number that it is about."""
    queue.notify_each(
        users,
        "compensation.step",
        by=by,
        about=complaint,
        context={
            "number": complaint.number,
            "customer": complaint.customer.name,
            "paper": paper,
            "step": str(step),
        },
        key=f"compensation-{step}-{key}",
    )
