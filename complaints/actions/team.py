"""The investigation team: the departments that the category asks for, each with its task and its day (ZT 5.2)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.carrying import may_lead, only_who_carries_it
from complaints.models import Complaint, TeamTask
from complaints.parties import required
from complaints.telling import News
from crm import clock
from crm.accounts.models import Department, User
from crm.accounts.standing import belongs_to, stands_for
from crm.actions import action
from crm.deadlines.turn import turn
from crm.refusals import Refused

S = Complaint.Status


def _give(
    complaint: Complaint,
    *,
    department: Department,
    what: str,
    due_on: date,
    owner: User | None = None,
    kind: str = "",
    where: str = "",
) -> TeamTask:
    found = owner or department.head
    if found is None:
        raise Refused(
            "nobody_named",
            _("%(department)s has no head.") % {"department": department},
            _("Name somebody of it."),
        )
    if found.department_id != department.pk and found.pk != department.head_id:
        raise Refused(
            "other_department",
            _("%(person)s is not of %(department)s.") % {"person": found, "department": department},
            _("Name somebody of it, or leave it to its head."),
        )
    task = TeamTask.objects.create(
        complaint=complaint,
        department=department,
        owner=found,
        kind=kind or TeamTask.Kind.TASK,
        where=where,
        what=what,
        due_on=due_on,
    )
    telling.let_see(complaint, users=[found], departments=[department])
    return task


@action(
    Complaint,
    label=gettext_lazy("Name the team"),
    source={S.REGISTERED},
    target=S.INVESTIGATING,
    form=forms.TeamForm,
    unless=only_who_carries_it,
)
def form_team(complaint: Complaint, *, by: User, lead: User, tasks: list[dict[str, Any]]) -> None:
    """Name the lead, and give each department that is concerned its task; none of them may be missing (ZT 5.2)."""
    there = {line["department"].pk for line in tasks}
    missing = [each for each in required(complaint.category) if each.pk not in there]
    if missing:
        raise Refused(
            "team_incomplete",
            _("For this category the team also needs: %(departments)s.")
            % {"departments": ", ".join(str(each) for each in missing)},
            _("Give each of them a task."),
        )
    must_be_able_to_lead(lead)
    complaint.lead, complaint.team_at = lead, clock.now()
    given = [_give(complaint, **line) for line in tasks]
    for task in given:
        turn(task)
    telling.let_see(complaint, users=[lead])
    telling.tell(complaint, News.TEAM, [lead, *(task.owner for task in given)], by=by)


@action(
    Complaint,
    label=gettext_lazy("Give another task"),
    source={S.INVESTIGATING},
    form=forms.TaskLine,
    unless=only_who_carries_it,
)
def add_task(
    complaint: Complaint,
    *,
    by: User,
    department: Department,
    what: str,
    due_on: date,
    owner: User | None = None,
    kind: str = "",
    where: str = "",
) -> TeamTask:
    """Let one more department, or one again, find something out until a day (ZT 5.2)."""
    task = _give(complaint, department=department, owner=owner, what=what, due_on=due_on, kind=kind, where=where)
    telling.tell(complaint, News.TEAM, [task.owner], by=by, words=what)
    return task


def must_be_able_to_lead(lead: User) -> None:
    """Who leads a team signs its finding; somebody without that right would keep it open for ever. Raises Refused."""
    if not may_lead().filter(pk=lead.pk).exists():
        raise Refused(
            "cannot_lead",
            _("%(person)s may not sign findings, and so cannot lead a team.") % {"person": lead},
            _("Choose somebody who may, or ask an administrator."),
        )


def _not_his(task: TeamTask, by: User) -> Refused | None:
    """Whoever was given it or stands in for him, his department, and the lead."""
    given = {task.owner_id, task.complaint.lead_id}
    if given & stands_for(by) or belongs_to(by, task.department):
        return None
    return Refused("not_asked", _("Only %(department)s can answer this.") % {"department": task.department})


@action(
    TeamTask,
    label=gettext_lazy("Done"),
    source={TeamTask.Status.OPEN},
    target=TeamTask.Status.DONE,
    form=forms.OutcomeForm,
    unless=_not_his,
)
def finish_task(task: TeamTask, *, by: User, outcome: str, where: str = "") -> None:
    """Say what the department has found out, and of an interview or a site visit with whom, or where (ZT 5.2)."""
    task.where = where or task.where
    if task.kind in TeamTask.ELSEWHERE and not task.where:
        raise Refused(
            "nowhere", _("It is not said with whom, or where, this was done."), _("Write it down with the outcome.")
        )
    task.outcome, task.done_by, task.done_at = outcome, by, clock.now()
