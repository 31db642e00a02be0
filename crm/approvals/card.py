"""The approval card: what is asked, what decides it, what changed since last time, who decides, and when."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals.changing import changed
from crm.approvals.declare import APPROVALS
from crm.approvals.facts import differences, said
from crm.approvals.models import ApprovalRequest, Condition, Decision, Task
from crm.approvals.people import authors_of, deputy_of, seating
from crm.approvals.renewal import outdated
from crm.approvals.steps import group_of
from crm.deadlines.models import Deadline
from crm.records.attachments import visible
from crm.records.models import Attachment
from crm.refusals import Refused

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
FILES = 12  # shown of the record's
T = Task.Status


def card(request: ApprovalRequest, user: User) -> dict[str, Any]:
    """Everything that the card shows to `user`."""
    tasks = list(
        request.tasks.select_related(
            "approver", "decided_by", "added_by", "carried__by", "carried__on_behalf_of"
        ).order_by("position", "turn", "pk")
    )
    decisions = list(request.decisions.select_related("by", "on_behalf_of", "whom").order_by("pk"))
    task = task_of(tasks, user)
    return {
        "request": request,
        "facts": facts_of(request, task),
        "conditions": conditions(request),
        "changes": readable(request.changes),
        "since": since_last(request),
        "former": former(request),
        "steps": _steps(request, tasks, decisions),
        "files": files(request, user),
        "task": task,
        "decided": already(decisions, user),
        "subject": subject_for(request, user),
    }


def facts_of(request: ApprovalRequest, task: Task | None) -> list[dict[str, Any]]:
    """What is asked; those of the reader's own part first, the others say whose they are."""
    approval = APPROVALS.get(request.verb)
    labels = approval.parts if approval else {}
    shown = [{**row, "whose": ", ".join(str(labels.get(part, part)) for part in row["parts"])} for row in request.facts]
    if task is not None and task.part:
        for row in shown:
            row["own"] = not row["parts"] or task.part in row["parts"]
    return sorted(shown, key=lambda row: not row.get("own"))


def conditions(request: ApprovalRequest) -> list[dict[str, Any]]:
    """What must be met before it goes on, and the files that prove it."""
    rows = list(request.conditions.select_related("owner", "raised_by", "closed_by", "task"))
    kind = ContentType.objects.get_for_model(Condition)
    proofs: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(subject_type=kind, subject_pk__in=[row.pk for row in rows]) if rows else ():
        proofs.setdefault(file.subject_pk, []).append(file)
    due = Deadline.objects.most_urgent(Condition, [row.pk for row in rows]) if rows else {}
    return [
        {
            "row": row,
            "pill": due.get(row.pk),
            "files": proofs.get(row.pk, []),
        }
        for row in rows
    ]


def readable(rows: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Differences in the reader's language."""
    return [{name: said(row[name]) for name in ("label", "before", "after")} for row in rows if said(row["label"])]


def look(request: ApprovalRequest) -> ApprovalRequest:
    """The request as it is now: void where its facts have changed past the verbs."""
    if request.status in ApprovalRequest.LIVE and (differing := changed(request)):
        try:
            return outdated(request, differing)
        except Refused:  # it was decided or withdrawn in this moment
            return ApprovalRequest.objects.get(pk=request.pk)
    return request


def since_last(request: ApprovalRequest) -> list[dict[str, str]]:
    """What is different from the request before."""
    if request.previous is None:
        return []
    return readable(differences(request.previous.question.wording, request.question.wording))


def former(request: ApprovalRequest) -> list[Decision]:
    """What was decided on the request before, which is quoted."""
    if request.previous is None:
        return []
    rows = request.previous.decisions.exclude(what__in=[Decision.What.ADDED, Decision.What.DELEGATED])
    return list(rows.select_related("by", "on_behalf_of").order_by("pk"))


def task_of(tasks: Iterable[Task], user: User) -> Task | None:
    """The task that waits for `user`: his own, else that of somebody whose deputy he is."""
    waiting = [task for task in tasks if task.status == T.WAITING]
    own = next((task for task in waiting if task.approver_id == user.pk), None)
    return own or next((task for task in waiting if _is_deputy(task, user)), None)


def _is_deputy(task: Task, user: User) -> bool:
    deputy = deputy_of(task.approver, task.request.requester)
    return deputy is not None and deputy.pk == user.pk


def already(decisions: Iterable[Decision], user: User) -> Decision | None:
    """What `user` has decided himself, the last thing."""
    own = [row for row in decisions if row.by_id == user.pk and row.what not in ("added",)]
    return own[-1] if own else None


def subject_for(request: ApprovalRequest, user: User) -> models.Model | None:
    """The record that it is about, where `user` may see it."""
    model: Any = request.subject_type.model_class() if request.subject_type else None
    return model._default_manager.visible_to(user).filter(pk=request.subject_pk).first() if model else None


def files(request: ApprovalRequest, user: User) -> list[dict[str, Any]]:
    """What was given with the request, and the files of its record; pictures with a preview."""
    rows = list(Attachment.objects.about(request).order_by("-pk")[:FILES])
    if request.subject_pk is not None:
        about = Attachment.objects.filter(subject_type=request.subject_type_id, subject_pk=request.subject_pk)
        rows += list(about.order_by("-pk")[:FILES])
    return [{"file": row, "picture": row.content_type in PICTURES} for row in visible(rows, user)]


def _steps(request: ApprovalRequest, tasks: list[Task], decisions: list[Decision]) -> list[dict[str, Any]]:
    """Each step with the people in it; of those that have not begun, who would be asked now."""
    said_by: dict[int, list[Decision]] = {}
    for row in decisions:
        said_by.setdefault(row.task_id, []).append(row)
    due = Deadline.objects.most_urgent(Task, [task.pk for task in tasks if task.status == T.WAITING])
    shown = []
    steps = request.steps
    running = request.status == ApprovalRequest.Status.WAITING and bool(steps)
    now = group_of(steps, request.position) if running else range(0)
    for index, each in enumerate(steps):
        rows = [task for task in tasks if task.position == index]
        people = [
            {
                "user": task.approver,
                "task": task,
                "decisions": said_by.get(task.pk, []),
                "pill": due.get(task.pk),
                "colour": Task.STATUS_COLOURS[Task.Status(task.status)],
                "note": task.note_text,
                "carried": task.carried,
                "former": task.former if request.previous is not None else None,
                "old": task.superseded,
            }
            for task in rows
            if not (task.status == T.SKIPPED and task.note == "nobody")
        ]
        expected = []
        if running and index >= now.stop:
            found = seating(each, request.requester, request.department, authors=authors_of(request))
            expected = [seat.user for seat in found.seats]
        shown.append(
            {
                "number": index + 1,
                "title": each.title,
                "mode": _mode(each.mode) if len(people) + len(expected) > 1 else "",
                "people": people,
                "expected": expected,
                "left_out": any(task.note == "nobody" for task in rows),
                "now": index in now,
                "together": each.together,
            }
        )
    return shown


def _mode(mode: str) -> str:
    return {"all": _("all of them"), "any": _("any one of them"), "sequence": _("one after the other")}[mode]
