"""Measures are carried out and proven, and improvements planned so that it happens no more (ZT 5.3-5.4)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, outcomes, telling
from complaints.carrying import only_who_carries_it
from complaints.facts import current_plan
from complaints.models import Complaint, Measure
from complaints.telling import News
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import belongs_to, only_its_owner, speakers
from crm.actions import action
from crm.deadlines.turn import turn
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_system

S, M = Complaint.Status, Measure.Status


def _not_now(measure: Measure, by: User) -> Refused | None:
    """Not before its plan is approved; by whoever carries it out, stands in for him or leads him."""
    if not measure.running:
        return Refused("not_approved", _("The plan of this measure is not approved."))
    return only_its_owner(measure, by)


@action(
    Measure,
    label=gettext_lazy("Done, with proof"),
    source={M.OPEN},
    target=M.DONE,
    form=forms.ProofForm,
    unless=_not_now,
)
def finish_measure(measure: Measure, *, by: User, outcome: str, proof: Any) -> None:
    """Tick a measure off with what came of it, and what proves it; after the last one the result is due (ZT 5.3)."""
    complaint = measure.complaint
    measure.outcome, measure.done_by, measure.done_at = outcome, by, clock.now()
    measure.proof = attach(complaint, proof, by=by, kind="proof")
    if measure.plan_id is not None:
        note_if_all_is_done(complaint, but=measure)


def note_if_all_is_done(complaint: Complaint, *, but: Measure | None = None) -> None:
    """Go on to the result where no measure of the plan is open and its outcome is carried out; `but` is being done now.

    To be called under the complaint's lock, by whoever has done the last of it.
    """
    plan = current_plan(complaint)
    if plan is None or complaint.status != S.CARRYING_OUT:
        return
    open_ = plan.measures.filter(status=M.OPEN)
    if but is not None:
        open_ = open_.exclude(pk=but.pk)
    if not open_.exists() and outcomes.missing(plan) is None:
        note_measures_done(complaint, by=User.objects.system("complaints"))


@action(
    Complaint,
    label=gettext_lazy("All measures are done"),
    source={S.CARRYING_OUT},
    target=S.CARRIED_OUT,
    unless=only_the_system,
)
def note_measures_done(complaint: Complaint, *, by: User) -> None:
    """Note that the last measure of the plan is done; the department reports the result to sales (ZT 5.3)."""
    complaint.done_at = clock.now()
    plan = current_plan(complaint)
    people = [plan.person, *speakers([plan.department])] if plan else []
    telling.tell(complaint, News.DONE, people, by=by)


def _not_his_to_improve(complaint: Complaint, by: User) -> Refused | None:
    """Who carries the complaint on plans improvements, and the department that is responsible for what happened."""
    if complaint.responsible is not None and belongs_to(by, complaint.responsible):
        return None
    return only_who_carries_it(complaint, by)


@action(
    Complaint,
    label=gettext_lazy("Plan an improvement"),
    source=set(Complaint.OPEN) - {S.RECEIVED, S.REGISTERED, S.INVESTIGATING},
    form=forms.ImprovementForm,
    unless=_not_his_to_improve,
)
def plan_improvement(complaint: Complaint, *, by: User, what: str, owner: User, due_on: date) -> Measure:
    """Say what is improved so that it happens no more, by whom and until when (ZT 5.4)."""
    return improve(complaint, by=by, what=what, owner=owner, due_on=due_on)


def improve(complaint: Complaint, *, by: User, what: str, owner: User, due_on: date) -> Measure:
    """Have something improved in this round: a measure that begins at once, and whose owner is told."""
    telling.let_see(complaint, users=[owner])
    measure = Measure.objects.create(
        complaint=complaint,
        round=complaint.round,
        kind=Measure.Kind.IMPROVEMENT,
        what=what,
        owner=owner,
        due_on=due_on,
        running=True,
    )
    turn(measure)
    telling.tell(complaint, News.MEASURE, [owner], by=by, words=what)
    return measure
