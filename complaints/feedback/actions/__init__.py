"""The life of feedback; one file per subject, imported in the order of their buttons."""

# isort: off
from complaints.feedback.actions.receiving import (
    drop_feedback,
    pass_on_feedback,
    receive_feedback,
    take_as_feedback,
)
from complaints.feedback.actions.incoming import make_feedback
from complaints.feedback.actions.answering import (
    answer_feedback,
    finish_promise,
    reply_at_once,
    send_back_feedback,
)
from complaints.feedback.actions.ending import send_feedback_link, tell_answer, turn_into_complaint

# isort: on

__all__ = [
    "answer_feedback",
    "drop_feedback",
    "finish_promise",
    "make_feedback",
    "pass_on_feedback",
    "receive_feedback",
    "reply_at_once",
    "send_back_feedback",
    "send_feedback_link",
    "take_as_feedback",
    "tell_answer",
    "turn_into_complaint",
]
