"""Who decides a step: whom it names, without the requester, with substitutes; and who may decide a task now."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.deputies import is_absent, stand_in, stand_ins
from crm.accounts.models import Absence, Department, User
from crm.accounts.standing import holders
from crm.approvals.declare import APPROVALS
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.approvals.steps import Nobody, Own, Repeated, Step, Who
from crm.deadlines.people import line_above
from crm.records.models import record_of
from crm.refusals import Refused

RIGHT = "approvals.approve"
ADMINISTRATORS = "administrator"

NOTES = {
    "superior": _("in place of the requester, who does not decide on his own request"),
    "author": _("in place of who wrote it, who does not decide on his own work"),
    "left": _("in place of somebody who does not work here any more"),
    "repeated": _("has approved in an earlier step"),
    "unchanged": _("has approved before, and nothing of this part has changed since"),
    "administrators": _("nobody fitted, so the administrators decide"),
    "nobody": _("nobody fitted, so the step was left out"),
    "no_longer": _("may not decide any more, so others were asked"),
}


@dataclass(frozen=True)
class Seat:
    """One person who decides a step; `note` says why he and not another, `counts` that he has agreed already."""

    user: User
    role: str = ""
    note: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Seating:
    """Who decides a step; `note` where nobody fitted."""

    seats: list[Seat] = field(default_factory=list)
    note: str = ""


def may_decide_at_all(user: User) -> bool:
    """Whether somebody works here and has the right to decide."""
    return user.is_active and not user.is_system and user.has_perm(RIGHT)


def who_may_decide() -> QuerySet[User]:
    """Everybody of whom `may_decide_at_all` holds, as one query: by his own right, his roles', or everybody's."""
    return holders(RIGHT)


def seating(
    step: Step,
    requester: User,
    department: Department | None,
    agreed: Iterable[int] = (),
    without: Iterable[int] = (),
    authors: Iterable[int] = (),
) -> Seating:
    """Who decides `step` for a request of `requester` about something of `department`.

    `agreed` are the keys of those who approved in earlier steps, `without` of those who are not to be asked again,
    `authors` of those who wrote what is asked about, and decide on it no more than the requester does.
    """
    left_out, own = set(without), {requester.pk, *authors}
    named = [(user, role, note) for user, role, note in _named(step, requester, department) if user.pk not in left_out]
    others = [each for each in named if each[0].pk not in own]
    if len(others) < len(named) and (step.own == Own.SUPERIOR or not others):
        at, whose = next((index, each[0]) for index, each in enumerate(named) if each[0].pk in own)
        superior = superior_of(whose, left_out | own)
        if superior is not None and superior.pk not in {user.pk for user, _role, _note in others}:
            others.insert(at, (superior, "", "superior" if whose.pk == requester.pk else "author"))
    if not others:
        return _nobody(step, requester, left_out)
    counted = set(agreed) if step.repeated == Repeated.SKIP else set()
    return Seating(
        [
            Seat(user, role, "repeated" if user.pk in counted else note, user.pk in counted)
            for user, role, note in others
        ]
    )


def _named(step: Step, requester: User, department: Department | None) -> list[tuple[User, str, str]]:
    """Whom the step names: user, the role for whose sake, and a note. Nobody twice."""
    found: list[tuple[User, str, str]] = []
    for user in _people(step, requester, department):
        role = step.role if step.who in (Who.ROLE, Who.ROLE_IN_DEPARTMENT) else ""
        note = ""
        if not user.is_active:
            user, role, note = stand_in(user), "", "left"
        if may_decide_at_all(user) and user.pk not in {each.pk for each, _role, _note in found}:
            found.append((user, role, note))
    return found


def _people(step: Step, requester: User, department: Department | None) -> list[User]:
    people = User.objects.filter(kind=User.Kind.PERSON)
    match step.who:
        case Who.USERS:
            by_key = people.in_bulk(step.users)
            return [by_key[pk] for pk in step.users if pk in by_key]
        case Who.ROLE:
            return list(people.in_role(step.role).filter(is_active=True).order_by("pk"))
        case Who.ROLE_IN_DEPARTMENT:
            here = people.in_role(step.role).filter(is_active=True, department=department)
            return list(here.order_by("pk")) if department is not None else []
        case Who.HEAD:
            head = requester.department.head if requester.department else None
            return [head] if head else []
        case Who.HEAD_HERE:
            return [department.head] if department is not None and department.head else []
    boss: User | None = requester
    for _level in range(step.levels):
        boss = boss.manager if boss else None
    return [boss] if boss else []


def superior_of(user: User, without: Iterable[int] = ()) -> User | None:
    """The first above `user` who may decide: managers upwards, then heads of departments upwards."""
    left_out = set(without)
    line = line_above(user, user.department)
    return next((each for each in line if each.pk not in left_out and may_decide_at_all(each)), None)


def _nobody(step: Step, requester: User, left_out: set[int]) -> Seating:
    if step.nobody == Nobody.SKIP:
        return Seating(note="nobody")
    role = User.objects.working().in_role(ADMINISTRATORS).order_by("pk")
    fallback = [user for user in role if user.pk not in left_out | {requester.pk} and may_decide_at_all(user)]
    if step.nobody == Nobody.REFUSE or not fallback:
        return Seating()
    return Seating([Seat(user, ADMINISTRATORS, "administrators") for user in fallback])


def authors_of(request: ApprovalRequest) -> frozenset[int]:
    """The keys of those who wrote what is asked about, where the verb says so."""
    approval = APPROVALS.get(request.verb)
    if approval is None or approval.authors is None:
        return frozenset()
    subject = record_of(request.subject_type, request.subject_pk)
    return frozenset(approval.authors(subject)) if subject is not None else frozenset()


def deputy_of(approver: User, requester: User) -> User | None:
    """Who decides for `approver` now because he is away; None where he is there.

    A deputy who is the requester is no deputy: then the approver's superior decides.
    """
    if not is_absent(approver):
        return None
    return deputies_of([(approver, requester.pk)]).get((approver.pk, requester.pk))


def deputies_of(asked: Iterable[tuple[User, int]]) -> dict[tuple[int, int], User]:
    """`deputy_of` for many at once, by the keys of who is asked and of who asked; without whom nobody stands in for.

    Each pair is an approver who is away now, and a requester's key. Some queries, whatever the number of pairs, and
    some more for each approver whose deputy may not decide.
    """
    pairs = list(asked)
    standing = stand_ins({approver.pk: approver for approver, _requester in pairs}.values())
    away = set(Absence.objects.on(clock.now()).values_list("user_id", flat=True))
    may = _those_who_may(standing.values())
    superiors: dict[int, list[User]] = {}
    found = {}
    for approver, requester in pairs:
        deputy: User | None = standing[approver.pk]
        if deputy is None or deputy.pk in (requester, approver.pk) or deputy.pk not in may:
            if approver.pk not in superiors:
                line = line_above(approver, approver.department)
                able = _those_who_may(line)
                superiors[approver.pk] = [each for each in line if each.pk in able]
            deputy = next((each for each in superiors[approver.pk] if each.pk != requester), None)
        if deputy is not None and deputy.pk not in away:
            found[approver.pk, requester] = deputy
    return found


def _those_who_may(people: Iterable[User]) -> set[int]:
    return set(who_may_decide().filter(pk__in={each.pk for each in people}).values_list("pk", flat=True))


def why_not(task: Task, by: User) -> Refused | None:
    """Why `by` may not decide this task, or None where he is asked, or stands in for who is asked."""
    request = task.request
    if by.pk == request.requester_id:
        return Refused(
            "own_request",
            _t("Nobody decides on his own request."),
            _t("You can withdraw it, or remind those who decide."),
        )
    approver = task.approver
    if by.pk in authors_of(request):
        return Refused(
            "own_work",
            _t("Nobody decides on what he wrote himself."),
            _t("Ask an administrator to have somebody else decide."),
        )
    if by.pk != approver.pk:
        deputy = deputy_of(approver, request.requester)
        if deputy is None or deputy.pk != by.pk:
            return Refused("not_asked", _t("Only %(name)s is asked here.") % {"name": approver})
    return lost_right(task)


def lost_right(task: Task) -> Refused | None:
    """Why who is asked may not decide any more: he has left the role for whose sake he was asked."""
    if task.role and not task.approver.groups.filter(name=task.role).exists():
        from crm.accounts.roles import label_of

        return Refused(
            "no_longer",
            _t("%(name)s no longer has the role “%(role)s” that this step asks for.")
            % {"name": task.approver, "role": label_of(task.role)},
            _t("Others are asked in a few minutes."),
        )
    return None


def agreed_before(request: ApprovalRequest, part: str = "") -> set[int]:
    """Who has approved the same, himself or through his deputy, in the steps that still count.

    Who agreed to a `part` has not agreed to the whole, nor to another one.
    """
    rows = request.decisions.filter(what=Decision.What.APPROVED, task__superseded=False, task__part=part)
    return {pk for pair in rows.values_list("task__approver", "by") for pk in pair}
