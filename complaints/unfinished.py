"""What is still open in the file of a complaint beside what the complaint itself knows, of whatever round.

An app above this one that keeps work open on complaints says so with `keeps_open`, in a file `unfinished.py`.
"""

from collections.abc import Callable

from complaints.models import Complaint
from crm.refusals import Refused

Question = Callable[[Complaint], Refused | None]
_QUESTIONS: list[Question] = []


def keeps_open(question: Question) -> Question:
    """Have `question` asked: it answers what of its app is still open on the complaint, or None."""
    _QUESTIONS.append(question)
    return question


def unfinished(complaint: Complaint) -> Refused | None:
    """Why the complaint can be neither closed nor archived yet, or None."""
    return next((found for question in _QUESTIONS if (found := question(complaint))), None)
