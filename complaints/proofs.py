"""What must be proven before the verifying department signs its opinion and the lead the finding (KC 5.2.1).

An app above this one that knows of such a proof says so with `must_be_proven`, while the apps are made ready.
"""

from collections.abc import Callable

from complaints.models import Complaint
from crm.refusals import Refused

Question = Callable[[Complaint], Refused | None]
_QUESTIONS: list[Question] = []


def must_be_proven(question: Question) -> Question:
    """Have `question` asked: it answers why the complaint is not proven yet, or None."""
    _QUESTIONS.append(question)
    return question


def unproven(complaint: Complaint) -> Refused | None:
    """Why nobody can say yet whether the customer is right, or None."""
    return next((found for question in _QUESTIONS if (found := question(complaint))), None)
