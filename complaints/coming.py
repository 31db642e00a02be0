"""What comes next on a complaint, by whom and until when: the line under its head that nobody has to search for.

An app above this one that has steps of its own on a complaint says so with `also_comes`, in a file `coming.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import outcomes
from complaints.carrying import people
from complaints.facts import current_plan, measures_of
from complaints.filing import may_be_archived, whose_turn
from complaints.models import Complaint, Evidence, Measure, Plan, TeamTask
from complaints.parties import next_column
from complaints.proofs import unproven
from complaints.unfinished import unfinished
from crm.accounts.models import Department
from crm.approvals.models import ApprovalRequest, Task

S, R = Complaint.Status, ApprovalRequest.Status


@dataclass(frozen=True)
class Coming:
    """One step that is waited for: what, who does it, until when, and the verb that does it, with its record."""

    what: Any
    who: Any = ""
    until: date | datetime | None = None
    verb: str = ""
    on: Any = None  # None: the complaint itself
    page: Any = None  # the record on whose page it is done, where that is another one


Steps = Callable[[Complaint], Iterable[Coming]]
_ALSO: list[Steps] = []


def also_comes(steps: Steps) -> Steps:
    """Have `steps(complaint)` asked what of its app is waited for in the investigation or while it is carried out."""
    _ALSO.append(steps)
    return steps


def coming(complaint: Complaint) -> list[Coming]:
    """What is waited for now; the first is what the complaint waits for most."""
    found = _STEPS.get(complaint.status)
    return list(found(complaint)) if found else []


def _head(department: Department) -> str:
    return f"{department} · {department.head}" if department.head_id else str(department)


def _also(complaint: Complaint) -> list[Coming]:
    return [step for steps in _ALSO for step in steps(complaint)]


def _register(complaint: Complaint) -> Iterator[Coming]:
    yield Coming(_("Register the complaint"), complaint.owner, verb="complaints.register_complaint")


def _team(complaint: Complaint) -> Iterator[Coming]:
    yield Coming(
        _("Name the investigation team and give each department its task"),
        complaint.owner,
        verb="complaints.form_team",
    )


def _investigation(complaint: Complaint) -> Iterator[Coming]:
    """Tasks, verification and evidence side by side; then the opinions in their turn, then the finding."""
    tasks = complaint.teamtasks.filter(status=TeamTask.Status.OPEN).select_related("department", "owner")
    found = [
        Coming(each.what, f"{each.department} · {each.owner}", each.due_on, "complaints.finish_task", each)
        for each in tasks.order_by("due_on", "pk")
    ]
    turn_ = next_column(complaint)
    if proof := unproven(complaint):
        who = _head(turn_[1]) if turn_ else ""
        found += _also(complaint) or [Coming(f"{proof.sentence} {proof.remedy}".strip(), who)]
    elif turn_ is not None:
        what = _("Sign the opinion of %(department)s") % {"department": turn_[1]}
        found.append(Coming(what, turn_[1].head or turn_[1], verb="complaints.sign_opinion"))
    if unjudged := complaint.evidences.filter(status=Evidence.Status.UNJUDGED).count():
        what = ngettext("Judge %(number)s piece of evidence", "Judge %(number)s pieces of evidence", unjudged) % {
            "number": unjudged
        }
        found.append(Coming(what, people(complaint)))
    yield from found or [Coming(_("Sign the finding"), complaint.lead, verb="complaints.sign_finding")]


def _plan(complaint: Complaint) -> Iterator[Coming]:
    plan = current_plan(complaint)
    who = people(complaint)
    if plan is None:
        yield Coming(_("Write the handling plan"), who, verb="complaints.write_plan")
        return
    last = _decided(complaint, plan)
    if last is not None and last.status == R.DONE:
        yield Coming(_("The approved plan was taken back: write it anew"), who, verb="complaints.write_plan")
    elif last is not None:
        what = _("The plan was sent back: “%(reason)s” Write it anew") % {"reason": last.reason}
        yield Coming(what, who, verb="complaints.write_plan")
    elif plan.agreed_at is None and plan.answer:
        what = _("The customer wants something else: “%(answer)s” Write the plan anew") % {"answer": plan.answer}
        yield Coming(what, who, verb="complaints.write_plan")
    elif plan.agreed_at is None and plan.sent_at:
        yield Coming(
            _("The plan is with the customer; record his answer if he gives it in another way"),
            complaint.customer,
            verb="complaints.record_agreement",
        )
    elif plan.agreed_at is None:
        yield Coming(
            _("Send the plan to the customer, or record that he agrees to it"), who, verb="complaints.send_plan"
        )
    elif turn_ := next_column(complaint):
        what = _("Sign the opinion of %(department)s") % {"department": turn_[1]}
        yield Coming(what, turn_[1].head or turn_[1], verb="complaints.sign_opinion")
    else:
        yield Coming(_("Hand the plan in for approval"), complaint.owner, verb="complaints.ask_approve_plan")


def _decided(complaint: Complaint, plan: Plan) -> ApprovalRequest | None:
    """The request by which the plan, as it still is written, was sent back or rejected, or approved and taken back."""
    rows = ApprovalRequest.objects.about(complaint).filter(verb="complaints.approve_plan")
    last = rows.order_by("-pk").first()
    if last is None or last.status not in (R.SENT_BACK, R.REJECTED, R.DONE) or plan.written_at > last.asked_at:
        return None
    return last


def _decision(complaint: Complaint) -> Iterator[Coming]:
    rows = Task.objects.filter(status=Task.Status.WAITING, request__verb="complaints.approve_plan")
    requests = ApprovalRequest.objects.about(complaint).filter(status=R.WAITING)
    for each in rows.filter(request__in=requests).select_related("approver", "request").order_by("pk"):
        yield Coming(_("Decide on the plan"), each.approver, page=each.request)


def _carrying_out(complaint: Complaint) -> Iterator[Coming]:
    plan = current_plan(complaint)
    if plan is None:
        return
    for each in measures_of(plan):
        if each.status == Measure.Status.OPEN:
            yield Coming(each.what, each.owner, each.due_on, "complaints.finish_measure", each)
    if missing := outcomes.missing(plan):
        yield from _also(complaint) or [Coming(f"{missing.sentence} {missing.remedy}".strip(), complaint.owner)]


def _report(complaint: Complaint) -> Iterator[Coming]:
    plan = current_plan(complaint)
    who = f"{plan.department} · {plan.person}" if plan else ""
    yield Coming(_("Report to sales what was done and what came of it"), who, verb="complaints.report_result")


def _tell(complaint: Complaint) -> Iterator[Coming]:
    yield Coming(_("Tell the customer the result"), people(complaint), verb="complaints.tell_customer")


def _visit(complaint: Complaint) -> Iterator[Coming]:
    what = _("Ask the customer whether he is satisfied")
    yield Coming(what, people(complaint), verb="complaints.record_return_visit")


def _close(complaint: Complaint) -> Iterator[Coming]:
    if not complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, round=complaint.round).exists():
        who = ", ".join(dict.fromkeys(map(str, filter(None, (complaint.owner, complaint.responsible)))))
        what = _("Say what is improved so that it happens no more")
        yield Coming(what, who, verb="complaints.plan_improvement")
    elif left := unfinished(complaint):
        yield Coming(f"{left.sentence} {left.remedy}".strip(), people(complaint))
    else:
        yield Coming(_("Close the complaint"), people(complaint), verb="complaints.close_complaint")


def _afterwards(complaint: Complaint) -> Iterator[Coming]:
    """Improvements, then whether they worked; the file is reviewed, completed and archived beside that."""
    rows = complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, status=Measure.Status.OPEN).select_related("owner")
    improvements = [Coming(each.what, each.owner, each.due_on, "complaints.finish_measure", each) for each in rows]
    yield from improvements
    if not improvements and not complaint.effective:
        yield Coming(
            _("Look whether the improvements worked"),
            people(complaint),
            complaint.check_on,
            "complaints.check_effect",
        )
    if may_be_archived(complaint):
        words, verb = _FILE[complaint.file_state]
        yield Coming(words(), whose_turn(complaint), verb=verb)


_FILE: dict[str, tuple[Callable[[], str], str]] = {
    "": (lambda: _("Review the file"), "complaints.review_file"),
    Complaint.FileState.INCOMPLETE: (lambda: _("Complete the file"), "complaints.complete_file"),
    Complaint.FileState.REVIEWED: (lambda: _("Archive the file"), "complaints.archive_complaint"),
}
_STEPS: dict[str, Steps] = {
    S.RECEIVED: _register,
    S.REGISTERED: _team,
    S.INVESTIGATING: _investigation,
    S.FOUND: _plan,
    S.DECIDING: _decision,
    S.CARRYING_OUT: _carrying_out,
    S.CARRIED_OUT: _report,
    S.REPORTED: _tell,
    S.TOLD: _visit,
    S.SATISFIED: _close,
    S.CLOSED: _afterwards,
}
