"""The file of a closed complaint: whose turn it is, what is missing in it, and all files that belong to it (K1, K6)."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from complaints.models import Complaint, Evidence, Measure, TeamTask
from complaints.unfinished import unfinished
from crm.accounts.models import User
from crm.accounts.standing import stands_for
from crm.deadlines.people import line_above
from crm.once import once
from crm.records.models import Attachment
from crm.refusals import Refused

F_STATE = Complaint.FileState
KEEPERS = "sales_support"  # the role that archives
PAPER = "archived"  # the kind of the papers that were printed when it was archived

# What the rule asks of many complaints at once, by the names that `may_be_archived` and `ripe_since` read.
OPEN_IMPROVEMENTS = Exists(
    Measure.objects.filter(complaint=OuterRef("pk"), kind=Measure.Kind.IMPROVEMENT, status=Measure.Status.OPEN)
)
LAST_IMPROVED = Subquery(
    Measure.objects.filter(complaint=OuterRef("pk"), kind=Measure.Kind.IMPROVEMENT)
    .order_by()
    .values("complaint")
    .annotate(last=Max("done_at"))
    .values("last")
)


def may_be_archived(complaint: Complaint) -> bool:
    """Whether the file waits for its review or its archiving: until the improvements are done it cannot be whole."""
    if complaint.file_state == F_STATE.ARCHIVED:
        return False
    if hasattr(complaint, "improvements_open"):
        return not complaint.improvements_open
    return not complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT, status=Measure.Status.OPEN).exists()


def ripe_since(complaint: Complaint) -> Any:
    """Since when its file can be archived: its closing, or the last improvement where that was done later."""
    if hasattr(complaint, "last_improved"):
        last = complaint.last_improved
    else:
        last = complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT).aggregate(last=Max("done_at"))["last"]
    return max((each for each in (complaint.closed_at, last) if each is not None), default=None)


def reviewer(complaint: Complaint) -> User | None:
    """The department manager; where that is the owner himself, or nobody, who is above the owner, else an executive."""
    head = complaint.department.head if complaint.department else None
    if head is not None and head.is_active and head.pk != complaint.owner_id:
        return head
    above = next(iter(line_above(complaint.owner, complaint.department)), None)
    return above or next((each for each in executives() if each.pk != complaint.owner_id), None)


def whose_turn(complaint: Complaint) -> Any:
    """Who has to do something about the file: the owner completes, the manager reviews, sales support archives."""
    if complaint.file_state == F_STATE.INCOMPLETE:
        return complaint.owner
    if complaint.file_state == F_STATE.REVIEWED:
        return first_keeper() or complaint.owner
    return reviewer(complaint) or complaint.owner


def keepers() -> QuerySet[User]:
    """Who archives: sales support."""
    return User.objects.working().in_role(KEEPERS).order_by("pk")


@once
def executives() -> list[User]:
    """The executives, who review where nobody stands above the owner."""
    return list(User.objects.working().in_role("executive").order_by("pk")[:2])


@once
def first_keeper() -> User | None:
    """Who of sales support answers for the archive."""
    return keepers().first()


def only_the_reviewer(complaint: Complaint, by: User) -> Refused | None:
    """The guard of the review: the reviewer, or who stands in for him, but never the owner of the complaint."""
    manager = reviewer(complaint)
    if manager is not None and manager.pk not in stands_for(by):
        return Refused("not_reviewer", _("Only %(manager)s reviews this file.") % {"manager": manager})
    if by.pk != complaint.owner_id:
        return None
    return Refused("own_complaint", _("Nobody reviews the file of his own complaint."), _("Somebody else does."))


def archived(complaint: Complaint) -> Refused | None:
    """That the complaint is archived, after which nothing of it changes but what its effect check says."""
    if complaint.file_state != F_STATE.ARCHIVED:
        return None
    return Refused("archived", _("This complaint is archived."), _("Only its effect is still checked."))


def not_whole(complaint: Complaint) -> Refused | None:
    """What is still open in the file, so that it cannot be archived."""
    if complaint.measures.filter(status=Measure.Status.OPEN).exists():
        return Refused("measures_open", _("Not all measures are done."), _("Their proofs belong into the file."))
    if complaint.teamtasks.filter(status=TeamTask.Status.OPEN).exists():
        return Refused("tasks_open", _("Not all tasks of the team are done."), _("Finish them first."))
    if complaint.evidences.filter(status=Evidence.Status.UNJUDGED).exists():
        return Refused("not_judged", _("Not all evidence is judged."), _("Judge it first; its verdict is kept."))
    return unfinished(complaint)


def files_of(complaint: Complaint) -> QuerySet[Attachment]:
    """Every file of the complaint and of what belongs to it, in this app and in those above it; one query."""
    mine = Q(subject_type=ContentType.objects.get_for_model(Complaint), subject_pk=complaint.pk)
    for model in apps.get_models():
        if getattr(model, "seen_through", None) == "complaint":
            rows = model._base_manager.filter(complaint=complaint.pk).order_by().values("pk")
            mine |= Q(subject_type=ContentType.objects.get_for_model(model), subject_pk__in=rows)
    return Attachment.objects.filter(mine).order_by("pk")
