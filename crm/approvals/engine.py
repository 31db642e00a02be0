"""How a request goes through its steps: begun, opened step by step, ended, carried out.

Locks: a decision locks the request, then its task, then the record that it is about, and compares the facts there. A
verb that changes the record holds it already, so it looks only at requests that nobody is deciding at that moment;
whoever is deciding looks himself once it is done.
"""

from collections.abc import Iterable
from dataclasses import replace as but_with
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import Department, Participant, User
from crm.accounts.scopes import involve
from crm.actions import ACTIONS, Action, customer_of
from crm.approvals import telling
from crm.approvals.chains import ChainVersion, chain_for
from crm.approvals.declare import APPROVALS, Approval, Inputs
from crm.approvals.facts import digests_of_parts, wording_of
from crm.approvals.kept import keep, restored
from crm.approvals.models import ApprovalRequest, Condition, Decision, Question, Task
from crm.approvals.people import Seat, Seating, agreed_before, authors_of, seating, superior_of
from crm.approvals.steps import Mode, Nobody, Step, group_of
from crm.deadlines import basis, worktime
from crm.deadlines.turn import turn, turn_many
from crm.records.models import record_of
from crm.records.numbers import next_number
from crm.refusals import Refused

S, T = ApprovalRequest.Status, Task.Status
APART = 100  # between the turns of a sequence there is room for signers who are added
PROBLEM = 1000  # characters of a reason that are kept


def system() -> User:
    """As whom the engine does what follows from a decision."""
    return User.objects.system("approvals")


# Beginning.


def begin(verb: Action, obj: Any, by: User, inputs: Inputs) -> ApprovalRequest:
    """Ask for `verb` to be done to `obj` with `inputs`; where nobody must agree it is carried out at once.

    Raises Refused where it cannot be done so, was approved already, or a step has nobody who may decide it.
    """
    approval = APPROVALS[verb.name]
    approval.refuse_impossible(verb, obj, inputs)
    given = approval.arguments(verb, inputs)
    facts, kept, digest = approval.found(verb, obj, inputs)
    earlier = ApprovalRequest.objects.about(obj).filter(verb=verb.name).order_by("-pk")
    if obj is None:
        earlier = earlier.filter(requester=by)
    if earlier.filter(status__in=ApprovalRequest.USABLE, question__hash=digest).exists():
        raise Refused(
            "approved_already", _("Exactly this is approved already."), _("Carry the approved request out instead.")
        )
    department = department_of(approval, obj, by, given)
    amount = approval.amount(obj, given) if approval.amount else None
    kind = approval.kind(obj, given) if approval.kind else ""
    version, steps = steps_for(approval, verb.name, amount, kind, department)
    authors = tuple(approval.authors(obj)) if approval.authors else ()
    for step in steps:
        _seats(step, by, department, authors=authors)
    parts = sorted({step.part for step in steps if step.part})
    kind_of = ContentType.objects.get_for_model(obj) if obj is not None else None
    request = ApprovalRequest(
        verb=verb.name,
        subject_type=kind_of,
        subject_pk=getattr(obj, "pk", None),
        customer_id=customer_of(obj),
        title=str(obj if obj is not None else verb.label)[:200],
        requester=by,
        department=department,
        amount=amount,
        kind=kind,
        previous=(earlier if approval.renewed else earlier.exclude(status=S.DONE)).first(),
    )
    request.question = Question.objects.create(
        verb=verb.name,
        subject_type=kind_of,
        subject_pk=request.subject_pk,
        facts=kept,
        wording=wording_of(facts),
        hash=digest,
        parts=digests_of_parts(verb.name, obj, facts, parts),
        chain=version,
        steps=[step.kept() for step in steps],
    )
    request.number = next_number("AP")
    request.save()
    request.inputs = keep(request, inputs, by)
    request.save(update_fields=["inputs"])
    if request.previous is not None:  # what was asked for is still to be met, however often it is asked again
        request.previous.conditions.filter(status=Condition.Status.OPEN).update(request=request)
    if steps:
        _tell_record(approval.begun, request)
        _open(request, 0)
    advance(request)
    request.refresh_from_db()
    if obj is not None and (approval.begun or request.status != S.WAITING):
        obj.refresh_from_db()  # another verb was done to it, and the gate saves what it holds
    return request


def _tell_record(name: str, request: ApprovalRequest) -> None:
    """Do the declared verb to the record, unless it is in no state for it: then it knows already."""
    subject = subject_of(request)
    verb = ACTIONS.get(name)
    if verb is not None and subject is not None and (verb.source is None or subject.status in verb.source):
        verb(subject, by=system())


def over(request: ApprovalRequest, status: str) -> None:
    """A request ended in `status` without being carried out: what it was about is not being decided any more.

    The gate writes the same status a moment later; the record's own verb must not find the request alive.
    """
    ApprovalRequest.objects.filter(pk=request.pk).update(status=status)
    if approval := APPROVALS.get(request.verb):
        _tell_record(approval.ended, request)


def department_of(approval: Approval, obj: Any, by: User, given: Inputs) -> Department | None:
    """The department that chains and roles are chosen by: the declared one, the record's, or the requester's."""
    if approval.department is not None and (declared := approval.department(obj, given)):
        return declared
    return record_department(obj, by)


def record_department(obj: Any, by: User) -> Department | None:
    """The department of a record, else that of who asks about it."""
    found = getattr(obj, "department", None)
    return found if isinstance(found, Department) else by.department


def steps_for(
    approval: Approval, verb: str, amount: Any, kind: str, department: Department | None
) -> tuple[ChainVersion | None, list[Step]]:
    """The steps of the chain that fits with its version, else those that the code delivers."""
    version, _looked = chain_for(verb, amount, kind, department)
    if version is None:
        return None, list(approval.defaults.get(kind, approval.default))
    return version, [Step.restored(kept) for kept in version.steps]


def _seats(
    step: Step,
    requester: User,
    department: Department | None,
    agreed: Iterable[int] = (),
    authors: Iterable[int] = (),
) -> Seating:
    """Who decides the step. Raises Refused where there is nobody and it may not be left out."""
    found = seating(step, requester, department, agreed, authors=authors)
    if not found.seats and not found.note:
        raise Refused(
            "nobody_decides",
            _("Nobody can decide the step “%(step)s”.") % {"step": step.title},
            _("Ask an administrator to name somebody in the chain of approval."),
        )
    return found


# Going on.


def _open(request: ApprovalRequest, position: int) -> None:
    """Ask those who decide the step `position` and those that are asked together with it, which begin now."""
    together = group_of(request.steps, position)
    ApprovalRequest.objects.filter(pk=request.pk).update(position=together.start)
    request.position = together.start
    for each in together:
        _open_step(request, each)


def _open_step(request: ApprovalRequest, position: int) -> None:
    step = request.steps[position]
    agreed, authors = agreed_before(request, step.part), authors_of(request)
    found = seating(step, request.requester, request.department, agreed, authors=authors)
    if not found.seats and not found.note:  # those there were have left since it was begun
        kept = {**step.kept(), "nobody": Nobody.ADMINISTRATORS}
        found = _seats(Step.restored(kept), request.requester, request.department, agreed, authors)
    seats = found.seats or [Seat(request.requester, note=found.note, counts=True)]
    carried = {} if request.tasks.filter(position=position).exists() else kept_opinions(request, step)
    if carried and step.mode == Mode.ANY:
        seats = [Seat(decision.task.approver, note="unchanged", counts=True) for decision in carried.values()]
    else:
        seats = [but_with(seat, note="unchanged", counts=True) if seat.user.pk in carried else seat for seat in seats]
    if step.mode == Mode.ANY:  # where one of them has agreed already, the others need not be asked
        seats = [seat for seat in seats if seat.counts] or seats
    for index, seat in enumerate(seats):
        later = step.mode == Mode.SEQUENCE and any(not each.counts for each in seats[:index])
        status = T.SKIPPED if seat.counts else T.PENDING if later else T.WAITING
        place = APART * index if step.mode == Mode.SEQUENCE else 0
        _seat(request, step, position, seat, place, status=status, carried=carried.get(seat.user.pk))


def kept_opinions(request: ApprovalRequest, step: Step) -> dict[int, Decision]:
    """Who agreed to the step's part when it was asked before, as far as nothing of that part has changed since."""
    before = request.previous
    if before is None or before.status == S.REJECTED or not step.part:
        return {}
    if before.question.parts.get(step.part) != request.question.parts[step.part]:
        return {}
    found: dict[int, Decision] = {}
    tasks = before.tasks.filter(part=step.part, superseded=False).exclude(status=T.SENT_BACK)
    for task in tasks.filter(carried__isnull=False).select_related("carried__task__approver"):
        if task.carried is not None:
            found[task.approver_id] = task.carried
    rows = Decision.objects.filter(task__in=tasks.filter(status=T.APPROVED), what=Decision.What.APPROVED)
    for decision in rows.select_related("task__approver").order_by("pk"):
        found[decision.task.approver_id] = decision
    return found


def _seat(
    request: ApprovalRequest, step: Step, position: int, seat: Seat, place: int, *, status: str, **facts: Any
) -> Task:
    """One person more who is asked in a step; he sees the request and its record from now on."""
    task = Task(
        request=request,
        position=position,
        part=step.part,
        turn=place,
        approver=seat.user,
        role=seat.role,
        note=seat.note,
        status=status,
        due_on=own_limit(step, seat.user) if status == T.WAITING else None,
        **facts,
    )
    task.save()
    if status != T.SKIPPED:
        let_see(request, seat.user)
    if status == T.WAITING:
        turn(task)
        telling.asked(task)
    return task


def let_see(request: ApprovalRequest, user: User, why: str = "approval") -> None:
    """Let somebody see a request and the record that it is about, unless he does already."""
    for record in filter(None, (request, request.subject)):
        kind = ContentType.objects.get_for_model(record)
        if not Participant.objects.filter(subject_type=kind, subject_pk=record.pk, user=user, until=None).exists():
            involve(record, user=user, why=why)


def own_limit(step: Step, approver: User) -> datetime | None:
    """When it is due by the step's own time limit, None where the rule's holds."""
    if not step.limit:
        return None
    calendar = basis.current().calendar(approver.department_id)
    return worktime.add(calendar, clock.now(), *worktime.amount(step.limit))[0]


def add_task(task: Task, user: User, place: int, *, added_by: User, status: str) -> Task:
    """One person more in the step of `task`, whom somebody of it named."""
    return _seat(task.request, task.step, task.position, Seat(user), place, status=status, added_by=added_by)


def pass_on(task: Task, user: User) -> None:
    """Let `user` decide in the place of who was asked, in the same turn."""
    facts = {"added_by": task.added_by} if task.added_by_id else {}
    _seat(task.request, task.step, task.position, Seat(user), task.turn, status=T.WAITING, **facts)


def reopen(request: ApprovalRequest, position: int) -> None:
    """Begin the step `position` anew; what was decided before it and beside it still counts."""
    start = group_of(request.steps, position).start
    ApprovalRequest.objects.filter(pk=request.pk).update(position=start)
    request.position = start
    _open_step(request, position)
    advance(request)


def replace(task: Task) -> None:
    """Ask others in the place of one who may not decide any more: whom the step names now, else his superior."""
    request, step = task.request, task.step
    rows = list(request.tasks.filter(position=task.position, superseded=False).exclude(pk=task.pk))
    asked = {row.approver_id for row in rows} | {task.approver_id}
    found: Seating = Seating()
    if task.position in group_of(request.steps, request.position) and task.added_by_id is None:
        agreed = agreed_before(request, step.part)
        found = seating(step, request.requester, request.department, agreed, asked, authors_of(request))
    seats = [] if found.note or any(seat.note == "administrators" for seat in found.seats) else found.seats
    others = [row for row in rows if row.status in (T.WAITING, T.PENDING, T.APPROVED)]
    if not seats and not others:
        superior = superior_of(task.approver, asked | {request.requester_id, *authors_of(request)})
        seats = [Seat(superior, note="left")] if superior else found.seats
    for seat in seats:
        status = T.SKIPPED if seat.counts else task.status
        _seat(request, step, task.position, seat, task.turn, status=status)
    close([task])  # for the others' sake; the gate writes the same
    advance(request)


def advance(request: ApprovalRequest, decided: Task | None = None, met: Condition | None = None) -> None:
    """Go as far as decisions and conditions allow: the next of a sequence, the next step, the end.

    `decided` is the task that is being approved in this moment, `met` the condition that is being closed; the gate has
    not saved them yet.
    """
    steps = request.steps
    while request.position < len(steps):
        together = group_of(steps, request.position)
        still = [row for position in together for row in _still_asked(request, position, steps[position], decided)]
        conditions = request.conditions.filter(status=Condition.Status.OPEN)
        if still or (conditions.exclude(pk=met.pk) if met else conditions).exists():
            return
        if together.stop == len(steps):
            break
        _open(request, together.stop)
    finish(request)


def _still_asked(request: ApprovalRequest, position: int, step: Step, decided: Task | None) -> list[Task]:
    """Who has still to decide in a step; whose turn it is now is asked."""
    rows = list(request.tasks.filter(position=position, superseded=False).order_by("turn", "pk"))
    agreed = {row.pk for row in rows if row.status == T.APPROVED or (row.status == T.SKIPPED and row.note)}
    agreed |= {decided.pk} if decided else set()
    still = [row for row in rows if row.status in Task.OPEN and row.pk not in agreed]
    own = [row for row in rows if row.added_by_id is None and row.pk in agreed]
    if step.mode == Mode.ANY and own:
        close([row for row in still if row.added_by_id is None])
        still = [row for row in still if row.added_by_id is not None]
    for row in still:
        if row.turn == still[0].turn and row.status == T.PENDING:
            _wake(row)
    return still


def _wake(task: Task) -> None:
    """It is his turn now."""
    due = own_limit(task.step, task.approver)
    Task.objects.filter(pk=task.pk).update(status=T.WAITING, begun_at=clock.now(), due_on=due, version=F("version") + 1)
    task.refresh_from_db()
    turn(task)
    telling.asked(task)


def close(tasks: Iterable[Task], status: str = T.CLOSED, note: str = "") -> None:
    """End tasks that are not needed any more, with their deadlines."""
    rows = list(tasks)
    changes: dict[str, Any] = {"status": status, "version": F("version") + 1}
    if note:
        changes["note"] = note
    Task.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)
    turn_many(Task.objects.filter(pk__in=[row.pk for row in rows]).select_related("request"))


def close_all(request: ApprovalRequest, but: Task | None = None) -> None:
    """Nobody is asked any more."""
    rows = request.tasks.filter(status__in=Task.OPEN)
    close(rows.exclude(pk=but.pk) if but else rows)


# Ending.


def finish(request: ApprovalRequest) -> None:
    """The last yes was given: write it down, and do what was asked."""
    from crm.approvals.actions import conclude, note_failure

    conclude(request, by=system(), outcome=S.APPROVED)
    if problem := perform(request):
        note_failure(request, by=system(), problem=problem)
    else:
        telling.ended(ApprovalRequest.objects.get(pk=request.pk), S.DONE)


def perform(request: ApprovalRequest) -> str:
    """Do the verb with what was typed when it was asked; answers why it was refused, "" where it was done."""
    verb, approval = ACTIONS.get(request.verb), APPROVALS.get(request.verb)
    subject = subject_of(request)
    if verb is None or approval is None or (subject is None and request.subject_pk):
        return str(_("What was asked is not there any more."))
    actor = approval.actor(User.objects.get(pk=request.requester_id))
    try:
        with transaction.atomic():
            form = restored(request, subject, actor)
            if not form.is_valid():
                return _said(each["message"] for rows in form.problems().values() for each in rows)
            verb(subject, by=actor, **form.cleaned_data)
    except Refused as refusal:
        return str(refusal)[:PROBLEM]
    except ValidationError as error:
        return _said(error.messages)
    except ObjectDoesNotExist:
        return str(_("What was asked is not there any more, or not for the requester to see."))
    return ""


def _said(messages: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(messages))[:PROBLEM]


def subject_of(request: ApprovalRequest) -> Any:
    """The record that it is about as it is now, None where it is gone or there was none."""
    return record_of(request.subject_type, request.subject_pk)
