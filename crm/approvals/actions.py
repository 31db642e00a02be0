"""What people do with requests for approval, and what follows from it by itself."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock, via
from crm.accounts.models import User
from crm.accounts.scopes import involve
from crm.actions import action
from crm.approvals import engine, forms, telling
from crm.approvals.changing import changed, lock_subject
from crm.approvals.models import ApprovalRequest, Condition, Decision, Task
from crm.approvals.people import deputy_of, why_not
from crm.approvals.renewal import is_renewed
from crm.approvals.steps import group_of
from crm.records.attachments import attach
from crm.refusals import Refused, only_the_system

S, T = ApprovalRequest.Status, Task.Status
What = Decision.What
COPIED = "copied"


def _sign(task: Task, by: User, what: str, opinion: str, whom: User | None = None) -> None:
    """Write the decision down: who, for whom, what about, and what he saw."""
    Decision.objects.create(
        request=task.request,
        task=task,
        what=what,
        by=by,
        on_behalf_of=None if by.pk == task.approver_id else task.approver,
        whom=whom,
        opinion=opinion,
        hash=task.request.question.hash,
        door=via.current().door,
        log=via.cause(),
    )
    task.decided_by, task.decided_at = by, clock.now()


def _nothing_changed(task: Task) -> None:
    """Nobody agrees to what is no longer so. The record is locked from here on."""
    differing = changed(task.request, lock_subject(task.request))
    if differing:
        task.request.changes = differing
        raise Refused(
            "changed_since",
            _("The facts have changed since it was asked: %(changes)s")
            % {"changes": telling.changes_text(task.request) or _("same words, but another record")},
            _("It has to be asked again."),
        )


def _said_something(task: Task, opinion: str) -> None:
    if task.step.opinion and not opinion.strip():
        raise Refused("opinion_needed", _("The step “%(step)s” asks for an opinion.") % {"step": task.step.title})


@action(
    Task,
    label=gettext_lazy("Approve"),
    source={T.WAITING},
    target=T.APPROVED,
    form=forms.OpinionForm,
    unless=why_not,
)
def approve(task: Task, *, by: User, opinion: str = "") -> ApprovalRequest:
    """Agree to exactly the facts that the request names; the last one to agree sets it going (R6)."""
    _said_something(task, opinion)
    _nothing_changed(task)
    _sign(task, by, What.APPROVED, opinion)
    request = ApprovalRequest.objects.get(pk=task.request_id)
    engine.advance(request, decided=task)
    return ApprovalRequest.objects.get(pk=request.pk)


@action(
    Task, label=gettext_lazy("Reject"), source={T.WAITING}, target=T.REJECTED, form=forms.ReasonForm, unless=why_not
)
def reject(task: Task, *, by: User, reason: str) -> ApprovalRequest:
    """Say no, which ends the request, with the reason (R6)."""
    _sign(task, by, What.REJECTED, reason)
    engine.close_all(task.request, but=task)
    return conclude(task.request, by=engine.system(), outcome=S.REJECTED, reason=reason)


@action(
    Task,
    label=gettext_lazy("Send back"),
    source={T.WAITING},
    target=T.SENT_BACK,
    form=forms.SendBackForm,
    unless=why_not,
)
def send_back(task: Task, *, by: User, reason: str, step: int | None = None) -> ApprovalRequest:
    """Give it back to the requester, who mends it and asks again, or to an earlier step, which decides anew (R6)."""
    if step is None:
        _sign(task, by, What.SENT_BACK, reason)
        engine.close_all(task.request, but=task)
        return conclude(task.request, by=engine.system(), outcome=S.SENT_BACK, reason=reason)
    steps = task.request.steps
    if not 0 <= step < group_of(steps, task.position).start:
        raise Refused("no_earlier_step", _("This is no earlier step of the request."))
    _sign(task, by, What.STEP_BACK, reason)
    engine.close_all(task.request, but=task)
    after = Q(position=step) | Q(position__gte=group_of(steps, step).stop)  # those asked beside it have decided
    task.request.tasks.filter(after).exclude(pk=task.pk).update(superseded=True)
    task.superseded = True
    engine.reopen(task.request, step)
    return ApprovalRequest.objects.get(pk=task.request_id)


@action(
    Task,
    label=gettext_lazy("Add a signer"),
    source={T.WAITING},
    target={T.WAITING, T.PENDING},
    form=forms.AddSignerForm,
    unless=why_not,
)
def add_signer(task: Task, *, by: User, user: User, when: str = forms.AddSignerForm.AFTER, opinion: str = "") -> str:
    """Have somebody else agree too, before oneself or after (R6)."""
    _is_new_here(task, user)
    before = when == forms.AddSignerForm.BEFORE
    place = task.turn if before else task.turn + 1
    _sign(task, by, What.ADDED, opinion, whom=user)
    task.decided_by = task.decided_at = None  # his own decision is still to come
    engine.add_task(task, user, place, added_by=by, status=T.WAITING if before else T.PENDING)
    if before:
        task.turn += 1
        return T.PENDING
    return T.WAITING


@action(
    Task,
    label=gettext_lazy("Delegate"),
    source={T.WAITING},
    target=T.DELEGATED,
    form=forms.DelegateForm,
    unless=why_not,
)
def delegate(task: Task, *, by: User, user: User, reason: str) -> ApprovalRequest:
    """Let somebody else decide in one's place, with the reason (R6)."""
    _is_new_here(task, user)
    _sign(task, by, What.DELEGATED, reason, whom=user)
    engine.pass_on(task, user)
    return ApprovalRequest.objects.get(pk=task.request_id)


def _is_new_here(task: Task, user: User) -> None:
    if user.pk == task.request.requester_id:
        raise Refused("own_request", _("Nobody decides on his own request."))
    if task.request.tasks.filter(position=task.position, superseded=False, approver=user).exclude(
        status__in=[T.DELEGATED, T.CLOSED]
    ):
        raise Refused("asked_already", _("%(name)s is asked in this step already.") % {"name": user})


@action(
    Task,
    label=gettext_lazy("Ask others instead"),
    source={T.WAITING, T.PENDING},
    target=T.CLOSED,
    unless=only_the_system,
)
def replace_approver(task: Task, *, by: User) -> None:
    """Ask others where who is asked has left, or lost the right or the role for whose sake he was asked (R6)."""
    task.note = "no_longer"
    engine.replace(task)


def _only_its_requester(request: ApprovalRequest, by: User) -> Refused | None:
    if by.pk == request.requester_id or by.is_system:
        return None
    return Refused("not_requester", _("Only %(name)s, who asked, can do this.") % {"name": request.requester})


@action(
    ApprovalRequest,
    label=gettext_lazy("Withdraw"),
    source={S.WAITING, S.FAILED},
    target=S.WITHDRAWN,
    form=forms.ReasonForm,
    unless=_only_its_requester,
)
def withdraw(request: ApprovalRequest, *, by: User, reason: str) -> None:
    """Take one's request back before it is carried out (R6)."""
    request.reason, request.ended_at = reason, clock.now()
    engine.close_all(request)
    engine.over(request, S.WITHDRAWN)


@action(ApprovalRequest, label=gettext_lazy("Remind"), source={S.WAITING}, unless=_only_its_requester)
def remind(request: ApprovalRequest, *, by: User) -> None:
    """Remind those who are asked, once an hour at most (R6)."""
    for task in request.tasks.filter(status=T.WAITING).select_related("approver", "request__requester"):
        telling.asked(task, again=True)


@action(ApprovalRequest, label=gettext_lazy("Copy to"), form=forms.CopyForm)
def copy_to(request: ApprovalRequest, *, by: User, user: User) -> None:
    """Let somebody see the request who has nothing to decide on it (R6)."""
    involve(request, user=user, why=COPIED)
    telling.copied(request, user, by)


@action(
    ApprovalRequest,
    label=gettext_lazy("Carry out"),
    source={S.APPROVED, S.FAILED},
    target={S.DONE, S.FAILED},
    unless=_only_its_requester,
)
def carry_out(request: ApprovalRequest, *, by: User) -> str:
    """Do what was approved, where it could not be done at the last yes (R6)."""
    problem = engine.perform(request)
    request.refresh_from_db()
    request.problem = problem
    return S.FAILED if problem else S.DONE


@action(
    ApprovalRequest,
    label=gettext_lazy("End the request"),
    source={S.WAITING},
    target={S.APPROVED, S.REJECTED, S.SENT_BACK},
    unless=only_the_system,
)
def conclude(request: ApprovalRequest, *, by: User, outcome: str, reason: str = "") -> str:
    """Write down how the last decision ended the request (R6)."""
    request.reason, request.ended_at = reason, clock.now()
    if outcome != S.APPROVED:  # what is approved is told once it is carried out
        telling.ended(request, outcome)
        engine.over(request, outcome)
    return outcome


@action(
    ApprovalRequest,
    label=gettext_lazy("Could not be carried out"),
    source={S.APPROVED, S.FAILED},
    target=S.FAILED,
    unless=only_the_system,
)
def note_failure(request: ApprovalRequest, *, by: User, problem: str) -> None:
    """Keep why an approved request could not be carried out, and tell the requester (R6)."""
    request.problem = problem
    telling.ended(request, S.FAILED)


@action(
    ApprovalRequest,
    label=gettext_lazy("Make void"),
    source=set(ApprovalRequest.LIVE),
    target=S.VOID,
    unless=only_the_system,
)
def void(request: ApprovalRequest, *, by: User, changes: list[dict[str, Any]]) -> None:
    """End a request whose facts are no longer what was asked, and tell everybody what has changed (R6)."""
    request.changes, request.ended_at = changes, clock.now()
    engine.close_all(request)
    if not is_renewed(request):  # else those whose part has changed are asked anew, and nobody else need know
        telling.voided(request)
        engine.over(request, S.VOID)


# Conditions.

C = Condition.Status


@action(Task, label=gettext_lazy("Raise a condition"), source={T.WAITING}, form=forms.ConditionForm, unless=why_not)
def raise_condition(task: Task, *, by: User, text: str, owner: User, due_on: date) -> Condition:
    """Name what must be met, by whom and until when, before it goes on to the next step (R6)."""
    condition = Condition.objects.create(
        request=task.request, task=task, text=text, owner=owner, due_on=due_on, raised_by=by
    )
    engine.let_see(task.request, owner, why="condition")
    telling.condition_raised(condition)
    return condition


def _not_his_to_meet(condition: Condition, by: User) -> Refused | None:
    if by.pk in (condition.owner_id, condition.raised_by_id):
        return None
    deputy = deputy_of(condition.owner, condition.raised_by)
    if deputy is not None and deputy.pk == by.pk:
        return None
    return Refused("not_owner", _("Only %(name)s is to meet this condition.") % {"name": condition.owner})


def _not_his_to_waive(condition: Condition, by: User) -> Refused | None:
    if by.is_system or by.pk in (condition.raised_by_id, condition.task.approver_id):
        return None
    return Refused("not_raised_by", _("Only %(name)s, who raised it, can waive it.") % {"name": condition.raised_by})


def _settle(condition: Condition, by: User) -> None:
    condition.closed_by, condition.closed_at = by, clock.now()
    request = ApprovalRequest.objects.get(pk=condition.request_id)
    if request.status == S.WAITING:
        engine.advance(request, met=condition)


@action(
    Condition,
    label=gettext_lazy("Condition met"),
    source={C.OPEN},
    target=C.MET,
    form=forms.ProofForm,
    unless=_not_his_to_meet,
)
def meet_condition(condition: Condition, *, by: User, proof: str, paper: Any = None) -> None:
    """Close a condition with the proof that it is met; the request goes on where it was the last (R6)."""
    condition.proof = proof
    if paper is not None:
        attach(condition, paper, by=by, kind="proof")
    telling.condition_met(condition)
    _settle(condition, by)


@action(
    Condition,
    label=gettext_lazy("Waive the condition"),
    source={C.OPEN},
    target=C.WAIVED,
    form=forms.ReasonForm,
    unless=_not_his_to_waive,
)
def waive_condition(condition: Condition, *, by: User, reason: str) -> None:
    """Do without a condition that one has raised, with the reason (R6)."""
    condition.proof = reason
    _settle(condition, by)
