"""The department answers with a solution in time, or sends back what is not its own (ZT 4.2)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.feedback import forms, telling
from complaints.feedback.actions.receiving import passed
from complaints.feedback.models import Feedback, Passing
from complaints.feedback.people import may_answer
from complaints.feedback.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.actions import action
from crm.deadlines.turn import turn
from crm.refusals import Refused

S, V = Feedback.Status, Feedback.Verdict


def _not_asked(feedback: Feedback, by: User) -> Refused | None:
    """It is for the department's people, its head, or who stands in for him."""
    if may_answer(feedback, by):
        return None
    who = feedback.addressee or feedback.concerned
    return Refused("not_asked", _("Only %(department)s can answer this.") % {"department": who})


def _ended(feedback: Feedback, *, by: User, returned: bool = False, reason: str = "") -> None:
    """Write down how it ended with the department that had it."""
    rows = Passing.objects.filter(feedback=feedback, ended_at=None)
    rows.update(ended_at=clock.now(), ended_by=by, returned=returned, reason=reason)


@action(
    Feedback,
    label=gettext_lazy("Give the solution"),
    source={S.PASSED},
    target=S.ANSWERED,
    form=forms.SolutionForm,
    unless=_not_asked,
)
def answer_feedback(
    feedback: Feedback,
    *,
    by: User,
    verdict: str,
    solution: str,
    reason: str = "",
    promise: str = "",
    due_on: date | None = None,
) -> None:
    """Say what becomes of it, why, and what will be done until when; sales tells the customer (ZT 4.2)."""
    feedback.verdict, feedback.solution, feedback.reason = verdict, solution, reason
    feedback.promise, feedback.due_on = promise, due_on
    feedback.answered_by, feedback.answered_at = by, clock.now()
    _ended(feedback, by=by)
    telling.tell(feedback, News.ANSWERED, [feedback.owner], by=by, words=solution)


@action(
    Feedback,
    label=gettext_lazy("Send back"),
    source={S.PASSED},
    target={S.RECEIVED, S.PASSED},
    form=forms.SendBackForm,
    unless=_not_asked,
)
def send_back_feedback(feedback: Feedback, *, by: User, reason: str, department: Department | None = None) -> str:
    """Give back what was sent here wrongly, or pass it to whose it is; the time begins anew, and it is counted."""
    feedback.returns += 1
    _ended(feedback, by=by, returned=True, reason=reason)
    feedback.passed_at = None
    turn(feedback)  # this department's time is over; what begins below is a deadline of its own
    telling.tell(feedback, News.RETURNED, [feedback.owner], by=by, words=reason)
    if department is None:
        feedback.concerned = feedback.addressee = None
        return S.RECEIVED
    passed(feedback, department, by=by, why=reason)
    return S.PASSED


def _not_simple(feedback: Feedback, by: User) -> Refused | None:
    if feedback.kind in Feedback.SIMPLE and not feedback.confidential:
        return None
    return Refused(
        "department_answers",
        _("A department answers this."),
        _("Pass it on; sales answers only praise and questions by itself."),
    )


@action(
    Feedback,
    label=gettext_lazy("Answer at once"),
    source={S.RECEIVED},
    target=S.ANSWERED,
    form=forms.ReplyForm,
    unless=_not_simple,
)
def reply_at_once(feedback: Feedback, *, by: User, solution: str) -> None:
    """Answer praise, or a question that sales knows the answer to, without a department (ZT 4.2)."""
    feedback.verdict, feedback.solution = V.EXPLAINED, solution
    feedback.answered_by, feedback.answered_at = by, clock.now()


def _nothing_promised(feedback: Feedback, by: User) -> Refused | None:
    if feedback.due_on is None:
        return Refused("nothing_promised", _("Nothing was promised."))
    if feedback.done_at is not None:
        return Refused("done", _("This is done already."))
    return _not_asked(feedback, by)


@action(
    Feedback,
    label=gettext_lazy("Done as promised"),
    source={S.ANSWERED, S.TOLD},
    target={S.ANSWERED, S.CLOSED},
    form=forms.DoneForm,
    unless=_nothing_promised,
)
def finish_promise(feedback: Feedback, *, by: User, outcome: str) -> str:
    """Say that what was promised is done; told to the customer before, it is closed with that (ZT 4.2)."""
    feedback.outcome, feedback.done_by, feedback.done_at = outcome, by, clock.now()
    telling.tell(feedback, News.DONE, [feedback.owner], by=by, words=outcome)
    if feedback.status == S.ANSWERED:
        return S.ANSWERED
    feedback.closed_at = clock.now()
    return S.CLOSED
