"""Evidence with verdicts, the opinions in their order, and the finding that the lead signs (ZT 5.2, KC 5.2.1)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan
from complaints.models import Cause, Complaint, Evidence, Finding, Opinion, TeamTask
from complaints.parties import next_column
from complaints.proofs import unproven
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import speakers, speaks_for, stands_for
from crm.actions import action
from crm.records.attachments import attach
from crm.refusals import Refused

S = Complaint.Status


@action(
    Complaint,
    label=gettext_lazy("Add evidence"),
    source=set(Complaint.UNTOLD) - {S.RECEIVED},
    form=forms.EvidenceForm,
)
def add_evidence(
    complaint: Complaint, *, by: User, what: str, source: str, taken_by: str, taken_at: datetime, file: Any = None
) -> Evidence:
    """Put a piece of evidence to the complaint: source, who took it when, and its file with the hash (ZT 5.2)."""
    kept = attach(complaint, file, by=by, kind="evidence") if file is not None else None
    return Evidence.objects.create(
        complaint=complaint,
        round=complaint.round,
        what=what,
        source=source,
        taken_by=taken_by,
        taken_at=taken_at,
        file=kept,
        added_by=by,
    )


def _judges(evidence: Evidence, by: User) -> Refused | None:
    """Who carries the complaint judges, never his own piece; what a finding stands on is not judged anew after it."""
    complaint = evidence.complaint
    if evidence.added_by_id == by.pk:
        return Refused(
            "own_evidence",
            _("Nobody judges what he added himself."),
            _("The owner or the lead of the team does, whoever of them did not add it."),
        )
    found = evidence.round < complaint.round or complaint.found_at is not None
    if found and evidence.status != Evidence.Status.UNJUDGED:
        return Refused(
            "found", _("The finding that stands on this evidence is signed."), _("Evidence is judged before it.")
        )
    if by.is_system:  # what a head signed and sealed is accepted by the house itself, which carries no complaint
        return None
    return only_who_carries_it(complaint, by)


@action(
    Evidence,
    label=gettext_lazy("Judge the evidence"),
    target={Evidence.Status.ACCEPTED, Evidence.Status.DOUBTFUL, Evidence.Status.REJECTED},
    form=forms.VerdictForm,
    unless=_judges,
)
def judge_evidence(evidence: Evidence, *, by: User, verdict: str, reason: str) -> str:
    """Accept the evidence, doubt or reject it, always with the reason (ZT 5.2)."""
    evidence.reason, evidence.judged_by, evidence.judged_at = reason, by, clock.now()
    return verdict


def _his_turn(complaint: Complaint, by: User) -> Refused | None:
    """The heads sign in their turn, none before it is proven: verifying, production; sales on the plan agreed on."""
    turn_ = next_column(complaint)
    if turn_ is None:
        return Refused(
            "nobodys_turn",
            _("No opinion is to be signed now."),
            _("Sales signs its own once the customer has agreed to the plan."),
        )
    _column, department = turn_
    if speaks_for(by, department):
        return unproven(complaint)
    return Refused(
        "not_your_turn",
        _("It is the turn of %(department)s.") % {"department": department},
        _("Its head signs, or who stands in for him."),
    )


@action(
    Complaint,
    label=gettext_lazy("Sign the opinion"),
    source={S.INVESTIGATING, S.FOUND},
    form=forms.OpinionForm,
    unless=_his_turn,
)
def sign_opinion(complaint: Complaint, *, by: User, text: str) -> Opinion:
    """Sign the opinion of one's department in the handling report, in its turn (KC 5.2.1.2)."""
    turn_ = next_column(complaint)
    assert turn_ is not None  # the guard was asked under the lock
    column, department = turn_
    plan = current_plan(complaint) if column == Opinion.Column.SALES else None
    opinion = Opinion.objects.create(
        complaint=complaint,
        round=complaint.round,
        column=column,
        of_plan=plan.version if plan else 0,
        department=department,
        text=text,
        by=by,
        on_behalf_of=department.head if department.head_id not in (None, by.pk) else None,
    )
    following = next_column(complaint)
    if following:
        telling.tell(complaint, News.OPINION, speakers([following[1]]), by=by, words=text)
    elif plan is not None:
        telling.tell(complaint, News.HAND_IN, [complaint.owner], by=by, words=text)
    else:
        telling.tell(complaint, News.FINDING, [complaint.lead], by=by, words=text)
    return opinion


def _not_ripe(complaint: Complaint, by: User) -> Refused | None:
    """The lead signs when tasks are done, it is proven, evidence is judged, and all have given their opinion."""
    if complaint.lead_id not in stands_for(by):
        return Refused("not_lead", _("Only %(lead)s can do this, who leads the team.") % {"lead": complaint.lead})
    if complaint.teamtasks.filter(status=TeamTask.Status.OPEN).exists():
        return Refused("tasks_open", _("Not all tasks of the team are done."))
    if found := unproven(complaint):
        return found
    if complaint.evidences.filter(status=Evidence.Status.UNJUDGED).exists():
        return Refused("not_judged", _("Not all evidence is judged."), _("Accept, doubt or reject each piece."))
    if turn_ := next_column(complaint):
        return Refused("opinion_missing", _("The opinion of %(department)s is missing.") % {"department": turn_[1]})
    return None


@action(
    Complaint,
    label=gettext_lazy("Sign the finding"),
    source={S.INVESTIGATING},
    target=S.FOUND,
    form=forms.FindingForm,
    unless=_not_ripe,
)
def sign_finding(
    complaint: Complaint,
    *,
    by: User,
    facts: str,
    cause: Cause,
    fault: str,
    responsible: Department,
    explanation: str = "",
) -> None:
    """Close the investigation by the written finding: facts, cause, responsibility; the plan is due now (ZT 5.2)."""
    Finding.objects.create(
        complaint=complaint,
        round=complaint.round,
        facts=facts,
        cause=cause,
        explanation=explanation,
        fault=fault,
        responsible=responsible,
        signed_by=by,
        on_behalf_of=complaint.lead if complaint.lead_id != by.pk else None,
    )
    complaint.cause, complaint.responsible = cause, responsible
    complaint.found_at = complaint.plan_from = clock.now()
    telling.let_see(complaint, departments=[responsible])
    telling.tell(complaint, News.PLAN, [complaint.owner, *speakers([responsible])], by=by, words=str(cause))
