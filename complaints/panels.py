"""What this app shows on the page of a complaint, and of the pickup, order and customer that it is about."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Prefetch, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.models import Complaint, Measure, Opinion
from complaints.parties import columns, next_column
from crm.accounts.models import User
from crm.outbox.models import Message
from crm.records.entries import talking
from crm.web.panels import panel, step
from customers.models import Customer
from orders.models import Order
from pickup.models import Pickup, RecordLine
from pickup.models import Record as PickupRecord
from pickup.offers import OFFERED
from pickup.stock.models import Movement

SHOWN = 10
_kind = ContentType.objects.get_for_model
LOOKED_AT = 100  # of the complaints that are like this one
OFFERED.append("complaints.complain_at_counter")
talking(
    actions.receive_complaint,
    actions.complain_at_counter,
    actions.record_agreement,
    actions.record_return_visit,
    actions.add_to_complaint,
)


@panel(Complaint, "facts", _("Facts at hand"), "complaints/panels/facts.html", order=10)
def facts_at_hand(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """What left, when, how much, and from which batches: by its own pickup first, then by others one may see (K2)."""
    if complaint.order_id is None:
        return None
    own = Case(When(pickup=complaint.pickup_id, then=0), default=1) if complaint.pickup_id else Value(1)
    others = PickupRecord.objects.visible_to(user).filter(pickup__order=complaint.order_id)
    seen = Q(pk__in=others.values("pk"))
    if complaint.pickup_id:
        seen |= Q(pickup=complaint.pickup_id)
    rows = PickupRecord.objects.filter(seen).select_related("pickup", "clerk")
    lines = RecordLine.objects.select_related("line__product__unit").order_by("line__position")
    records = list(rows.prefetch_related(Prefetch("lines", lines)).order_by(own, "-at", "-pk")[:SHOWN])
    batches: dict[tuple[str, int], list[str]] = defaultdict(list)
    moved = Movement.objects.filter(reference__in=[each.number for each in records]).order_by("pk")
    for reference, product, batch in moved.values_list("reference", "product_id", "batch"):
        if batch and batch not in batches[reference, product]:
            batches[reference, product].append(batch)
    shown = [
        {
            "record": record,
            "lines": [
                {"line": each, "batches": "、".join(batches.get((record.number, each.line.product_id), ()))}
                for each in record.lines.all()
            ],
        }
        for record in records
    ]
    return {"records": shown, "count": len(records)} if records else None


@panel(Complaint, "sent", _("Messages about the goods"), "messages/panel.html", order=12)
def sent(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """What the customer was told of order and pickup, when, and whether it reached him (K2)."""
    if complaint.order_id is None:
        return None
    pickups = [complaint.pickup_id] if complaint.pickup_id else Pickup.objects.filter(order=complaint.order_id)
    about = Q(subject_type=_kind(Order), subject_pk=complaint.order_id)
    about |= Q(subject_type=_kind(Pickup), subject_pk__in=pickups)
    seen = Message.objects.visible_to(user).exclude(channel=Message.Channel.NOTICE).filter(about)
    rows = list(seen.select_related("recipient").order_by("-pk")[: SHOWN + 1])
    return {"rows": rows[:SHOWN], "more": len(rows) > SHOWN, "count": min(len(rows), SHOWN)} if rows else None


@panel(Complaint, "tasks", _("Team and tasks"), "complaints/panels/tasks.html", order=20)
def team(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Each department with its task, its day, and what it has found out."""
    rows = list(complaint.teamtasks.select_related("department", "owner", "done_by").order_by("pk"))
    action = step("complaints.add_task", complaint, user)
    return (
        {"rows": rows, "count": sum(row.status == row.Status.OPEN for row in rows), "action": action} if rows else None
    )


@panel(Complaint, "evidence", _("Evidence"), "complaints/panels/evidence.html", order=30)
def evidence(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Each piece with source, time, file and hash, and the verdict with its reason."""
    rows = list(complaint.evidences.select_related("file", "judged_by", "added_by").order_by("pk"))
    action = step("complaints.add_evidence", complaint, user)
    return {"rows": rows, "count": len(rows), "action": action} if rows or action else None


@panel(Complaint, "opinions", _("Opinions"), "complaints/panels/opinions.html", order=40)
def opinions(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The columns of the handling report in this round: who has signed, and whose turn it is."""
    if complaint.team_at is None:
        return None
    rows = complaint.opinions.filter(round=complaint.round).select_related("by", "on_behalf_of", "department")
    signed = {each.column: each for each in rows.order_by("pk")}
    turn_ = next_column(complaint)
    if turn_ is not None:  # sales signs anew where another plan is agreed on
        signed.pop(turn_[0], None)
    shown: list[dict[str, Any]] = [
        {
            "label": Opinion.Column(column).label,
            "department": department,
            "opinion": signed.get(column),
        }
        for column, department in columns(complaint.category)
    ]
    if turn_ is not None and complaint.status in (Complaint.Status.INVESTIGATING, Complaint.Status.FOUND):
        for each in shown:
            each["turn"] = each["label"] == Opinion.Column(turn_[0]).label
    return {"columns": shown, "count": len(signed), "action": step("complaints.sign_opinion", complaint, user)}


@panel(Complaint, "plan", _("Finding and plan"), "complaints/panels/plan.html", order=50)
def plan(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """The finding of each round, the latest first, the plan, and what the customer said to it."""
    findings = {
        each.round: each for each in complaint.findings.select_related("cause__parent", "responsible", "signed_by")
    }
    plans = {each.round: each for each in complaint.plans.select_related("department", "person", "written_by")}
    visits = {each.round: each for each in complaint.followups.select_related("by")}
    found = sorted({*findings, *plans, *visits}, reverse=True)
    rounds = [
        {"number": each, "finding": findings.get(each), "plan": plans.get(each), "visit": visits.get(each)}
        for each in found
    ]
    return {"rounds": rounds, "several": complaint.round > 1, "count": len(found)} if rounds else None


@panel(Complaint, "measures", _("Measures"), "complaints/panels/measures.html", order=60)
def measures(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Who carries out what until when, with its proof; improvements come last."""
    rows = complaint.measures.select_related("owner__department", "done_by", "proof", "plan")
    found = sorted(rows, key=lambda each: (each.kind == Measure.Kind.IMPROVEMENT, each.pk))
    action = step("complaints.plan_improvement", complaint, user)
    count = sum(each.status == Measure.Status.OPEN for each in found)
    return {"rows": found, "count": count, "action": action} if found or action else None


@panel(Complaint, "file", _("File and archive"), "complaints/panels/file.html", order=70)
def file_(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """What was said of the file once the complaint was closed, and what was archived with which hash (K1, K6)."""
    if complaint.status not in Complaint.ENDED:
        return None
    steps = list(complaint.filesteps.select_related("by", "paper").order_by("pk"))
    archive = complaint.archives.select_related("by").last()
    whole = reverse("complaint-file", args=[complaint.pk])
    return {
        "steps": steps,
        "archive": archive,
        "files": archive.files if archive else [],
        "whole_url": whole if user.has_perm("complaints.take_out_file") else "",
        "count": len(archive.files) if archive else 0,
    }


def _goods(complaint: Complaint) -> tuple[int | None, str]:
    return complaint.product_id, complaint.batch


@panel(Complaint, "similar", _("Similar complaints"), "complaints/panels/similar.html", side=True, order=20)
def similar(complaint: Complaint, user: User) -> dict[str, Any] | None:
    """Those of the same product, batch or cause, and the customer's earlier ones; each kind with its count."""
    alike = Q(customer=complaint.customer_id)
    if complaint.product_id:
        alike |= Q(product=complaint.product_id)
    if complaint.batch:  # a batch is one of a product
        alike |= Q(batch=complaint.batch, product=complaint.product_id)
    if complaint.cause_id:
        alike |= Q(cause=complaint.cause_id)
    rows = Complaint.objects.visible_to(user).exclude(pk=complaint.pk).filter(alike).order_by("-pk")
    found = list(rows.select_related("customer")[:LOOKED_AT])
    kinds = (
        (_("Same product"), [each for each in found if complaint.product_id == each.product_id is not None]),
        (_("Same batch"), [each for each in found if complaint.batch and _goods(each) == _goods(complaint)]),
        (_("Same cause"), [each for each in found if complaint.cause_id == each.cause_id is not None]),
        (_("Same customer"), [each for each in found if each.customer_id == complaint.customer_id]),
    )
    groups = [{"label": label, "rows": rows[:5], "count": len(rows)} for label, rows in kinds if rows]
    return {"groups": groups, "rows": found[:SHOWN], "count": len(found)} if groups else None


def _about(user: User, **which: Any) -> dict[str, Any] | None:
    if not user.has_perm("complaints.view_complaint"):
        return None
    rows = list(Complaint.objects.visible_to(user).filter(**which).select_related("customer").order_by("-pk")[:SHOWN])
    return {"rows": rows, "count": len(rows)} if rows else None


@panel(Customer, "complaints", _("Complaints"), "complaints/panels/complaints.html", order=18)
def of_customer(customer: Customer, user: User) -> dict[str, Any] | None:
    """What he complains of and complained of, the newest first."""
    return _about(user, customer=customer)


@panel(Order, "complaints", _("Complaints"), "complaints/panels/complaints.html", order=18)
def of_order(order: Order, user: User) -> dict[str, Any] | None:
    """Complaints about this order."""
    return _about(user, order=order)


@panel(Pickup, "complaints", _("Complaints"), "complaints/panels/complaints.html", order=25)
def of_pickup(pickup: Pickup, user: User) -> dict[str, Any] | None:
    """Complaints about this pickup."""
    return _about(user, pickup=pickup)
