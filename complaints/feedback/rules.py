"""The time limits of feedback (ZT 4.1, 4.2)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.feedback.models import Feedback
from complaints.inbox.rules import also_met_by
from crm.deadlines.rules import Rule

S = Feedback.Status


def who_answers(feedback: Feedback) -> Any:
    """The department that has it, or its head alone where it is about one of our people."""
    return feedback.addressee or feedback.concerned


def with_a_department(feedback: Feedback) -> bool:
    """Whether a department has it now; not at the moment at which it changes hands."""
    return feedback.passed_at is not None


def still_promised(feedback: Feedback) -> bool:
    """Whether the department must still do what it promised."""
    return feedback.promised


Rule(
    "feedback.answer",
    "ZT 4.2, KF 3.4.1",
    label=_("Answer feedback of a customer with a solution"),
    on=Feedback,
    during={S.PASSED},
    when=with_a_department,
    since="passed_at",
    who=who_answers,
    met_by="feedback.answer_feedback",
    limit="5 wd",
    reads=("addressee", "concerned"),
)
Rule(
    "feedback.result",
    "ZT 4.1",
    label=_("Tell the customer the answer to his feedback"),
    on=Feedback,
    during=set(Feedback.UNTOLD),
    since="received_at",
    met_by="feedback.tell_answer",
    limit="10 wd",
)
Rule(
    "feedback.promise",
    "ZT 4.2",
    label=_("Do what was promised to a customer"),
    on=Feedback,
    during={S.ANSWERED, S.TOLD},
    when=still_promised,
    due="due_on",
    who=who_answers,
    met_by="feedback.finish_promise",
    warn="1 wd",
    reads=("addressee", "concerned"),
)
also_met_by("feedback.make_feedback")
