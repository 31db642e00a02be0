"""Who is told of a step of a verification, and what of it becomes evidence of the complaint."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.actions import judge_evidence
from complaints.models import Evidence
from complaints.telling import let_see
from complaints.verification.models import Sample, TestReport, Verification, Weighing
from complaints.verification.who import turn_of
from crm.accounts.models import User
from crm.outbox import queue
from crm.records.attachments import attach


def tell_next(verification: Verification, status: str, *, by: User) -> None:
    """Ring the bell of those whose turn it is once the verification is in `status`, but not of who did the step."""
    people = turn_of(verification, status)
    let_see(verification.complaint, users=people)
    tell(verification, people, str(status), by=by)


def tell(verification: Verification, people: Iterable[User | None], news: str, *, by: User) -> None:
    """Tell people what is new about the verification, once each, but not who did it."""
    complaint = verification.complaint
    queue.notify_each(
        people,
        "verification.next",
        by=by,
        about=complaint,
        context={
            "number": verification.number,
            "complaint": complaint.number,
            "customer": complaint.customer.name,
            "kind": verification.kind,
            "news": news,
        },
        key=f"verification-{news}-{verification.pk}-{verification.version}",
    )


def keep(
    verification: Verification,
    upload: Any,
    *,
    by: User,
    what: str,
    source: str,
    taken_by: str,
    taken_at: datetime,
) -> Evidence | None:
    """Put a file to the evidence of the complaint, and answer the piece; None where there is no file."""
    if upload is None:
        return None
    complaint = verification.complaint
    return Evidence.objects.create(
        complaint=complaint,
        round=complaint.round,
        what=what,
        source=source,
        taken_by=taken_by[:60],
        taken_at=taken_at,
        file=attach(complaint, upload, by=by, kind="evidence"),
        added_by=by,
    )


def accept_what_was_brought_up(verification: Verification, *, by: User) -> None:
    """Accept the evidence of a verification that is being signed: the signature and the seal stand for it.

    What somebody has judged already stays as he judged it, and the lead may judge anew before the finding.
    """
    found = Q(pk=verification.signed_paper_id)
    for model in (Sample, TestReport):
        found |= Q(pk__in=model.objects.filter(verification=verification).values("evidence"))
    weighings = Weighing.objects.filter(verification=verification, struck_because="")
    found |= Q(pk__in=weighings.values("evidence"))
    reason = _("Signed and sealed by %(name)s in %(number)s") % {"name": by, "number": verification}
    for piece in Evidence.objects.filter(found, status=Evidence.Status.UNJUDGED).order_by("pk"):
        judge_evidence(piece, by=User.objects.system("verification"), verdict="accepted", reason=reason)
