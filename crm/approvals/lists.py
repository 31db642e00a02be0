"""The inbox, and the requests, declared once for page, REST and export."""

from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.deputies import acting_for
from crm.accounts.models import Participant, User
from crm.approvals.actions import COPIED, approve
from crm.approvals.filters import RequestFilter, TaskFilter
from crm.approvals.models import ApprovalRequest, Task
from crm.listing import Column, Listing, View
from crm.refusals import Refused
from crm.web.bulk_rows import ALONE
from crm.words import money

TOGETHER = Decimal("10000.00")  # up to this amount several are approved at once; what is more is read by itself


def read_by_itself(task: Task) -> Refused | None:
    """Why a task is not approved among others: its amount is not small, or a part of the facts is signed for."""
    remedy = _t("Open it, and decide with its facts before you.")
    if task.part:
        return Refused("by_itself", _t("A part that somebody signs for is approved separately."), remedy)
    if task.request.amount is not None and task.request.amount > TOGETHER:
        most = _t("Only amounts up to %(most)s are approved together.") % {"most": money(TOGETHER)}
        return Refused("by_itself", most, remedy)
    return None


ALONE[approve.name] = read_by_itself


def mine(user: User) -> Q:
    """Tasks of a user, and of those whose work he does because they are away."""
    return Q(approver__in=[user.pk, *(away.pk for away in acting_for(user))])


def copied(user: User) -> Q:
    """Requests that somebody let a user see."""
    kind = ContentType.objects.get_for_model(ApprovalRequest)
    rows = Participant.objects.filter(subject_type=kind, subject_pk=OuterRef("pk"), user=user.pk, why=COPIED)
    return Q(Exists(rows.order_by()))


APPROVALS = Listing(
    "approvals",
    Task,
    _("Approvals"),
    [
        Column("number", _("Number"), source="request__number", kind="code"),
        Column("title", _("About"), source="request__title"),
        Column("what", _("What is to be approved"), source="request__verb", kind="choice"),
        Column("amount", _("Amount"), source="request__amount", kind="money"),
        Column("deadline", _("Due"), kind="deadline"),
        Column("status", _("State"), kind="status"),
        Column("requester", _("Asked by"), source="request__requester__name", kind="name"),
        Column("approver", _("Who is asked"), source="approver__name", kind="name"),
        Column("begun_at", _("Asked at"), kind="datetime", sortable=True),
        Column("decided_by", _("Decided by"), source="decided_by__name", kind="name", shown=False),
        Column("decided_at", _("Decided at"), kind="datetime", shown=False),
        Column("request_id", _("Request's key"), shown=False),
        Column("outcome", _("State of the request"), source="request__status", kind="choice", shown=False),
    ],
    TaskFilter,
    order="-begun_at",
    tabs=[
        View("waiting", _("Waiting for me"), lambda user: mine(user) & Q(status=Task.Status.WAITING)),
        View("decided", _("Decided by me"), lambda user: Q(decided_by=user)),
    ],
    opens="waiting",
    bulk=["approvals.approve"],
    empty=_("Nothing has been asked of you yet."),
)

REQUESTS = Listing(
    "approval-requests",
    ApprovalRequest,
    _("Requests for approval"),
    [
        Column("number", _("Number"), kind="code"),
        Column("title", _("About")),
        Column("verb", _("What is to be approved"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("amount", _("Amount"), kind="money"),
        Column("requester", _("Asked by"), source="requester__name", kind="name"),
        Column("asked_at", _("Asked at"), kind="datetime", sortable=True),
        Column("ended_at", _("Ended at"), kind="datetime"),
        Column("department", _("Department"), source="department__name", kind="name", shown=False),
    ],
    RequestFilter,
    order="-asked_at",
    tabs=[
        View("asked", _("Asked by me"), lambda user: Q(requester=user)),
        View("copied", _("Copied to me"), copied),
        View("open", _("Waiting"), lambda user: Q(status=ApprovalRequest.Status.WAITING)),
    ],
    empty=_("Nobody has asked for an approval yet."),
)
