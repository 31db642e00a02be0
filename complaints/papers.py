"""What the papers of a complaint say: the handling report, the 8D report, and the letter of reply to the customer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from complaints.facts import current_plan
from complaints.models import Complaint, Evidence, FileStep, Measure, Opinion, Plan
from complaints.parties import columns
from complaints.report import sections
from crm import clock
from crm.approvals.models import ApprovalRequest
from crm.web.context_processors import site
from crm.web.facts import facts
from crm.web.kept import within
from crm.web.qr import qr
from orders.contracts.reviewing import opinions

NAMES = (
    "customer",
    "contact",
    "category",
    "severity",
    "wish",
    "channel",
    "order",
    "pickup",
    "product",
    "batch",
    "quantity",
    "received_at",
    "received_by",
    "registered_at",
    "lead",
    "responsible",
)
EIGHT_D_NAMES = ("customer", "category", "severity", "order", "product", "batch", "quantity", "received_at")
STYLES = ("print.css", "complaint.css")
K = Measure.Kind


@dataclass(frozen=True)
class Paper:
    """A paper of a complaint: its key, its name, its template, what stands in it, and the language it is written in."""

    key: str
    title: Any
    template: str
    context: dict[str, Any]
    language: str = ""

    def text(self) -> str:
        """The page with its style and its logo within it, so that the file says by itself what was printed."""
        with override(self.language or get_language() or settings.LANGUAGE_CODE):
            sheet = {**self.context["sheet"], "kept": within(*STYLES)}
            return render_to_string(self.template, {**site(), **self.context, "sheet": sheet})


def _sheet(complaint: Complaint, title: Any, form_number: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": complaint.number,
        "form_number": form_number,
        "form_version": "1",
        "at": clock.now(),
        "qr": qr(complaint.number),
        "back_url": complaint.get_absolute_url(),
    }


def rounds_of(complaint: Complaint) -> list[dict[str, Any]]:
    """Each round with its three columns, finding, plan, who approved it, remedies, and return visit; the first first.

    The number of queries does not depend on how many rounds there are, but for the opinions of each approval.
    """
    asked = dict(columns(complaint.category))
    said = {(each.round, each.column): each for each in complaint.opinions.select_related("department", "by")}
    findings = {
        each.round: each for each in complaint.findings.select_related("cause__parent", "responsible", "signed_by")
    }
    plans = {each.round: each for each in complaint.plans.select_related("department", "person", "written_by")}
    visits = {each.round: each for each in complaint.followups.select_related("by")}
    remedies: dict[int, list[Measure]] = {}
    for measure in complaint.measures.filter(kind=K.REMEDY).select_related("owner", "done_by", "proof", "plan"):
        assert measure.plan is not None  # a constraint of the table
        remedies.setdefault(measure.plan.round, []).append(measure)
    approvals = _approvals(complaint)
    return [
        {
            "number": number,
            "columns": [_column(Opinion.Column(each), asked, said.get((number, each))) for each in Opinion.Column],
            "finding": findings.get(number),
            "plan": plans.get(number),
            "approvals": approvals.get(number, []),
            "measures": remedies.get(number, []),
            "visit": visits.get(number),
        }
        for number in range(1, complaint.round + 1)
    ]


def _column(column: Opinion.Column, asked: dict[str, Any], opinion: Opinion | None) -> dict[str, Any]:
    """One opinion column: whose it is, and what was signed; without either the matter does not concern it."""
    department = opinion.department if opinion else asked.get(column)
    return {"label": column.label, "department": department, "opinion": opinion}


def _approvals(complaint: Complaint) -> dict[int, list[dict[str, Any]]]:
    """Who agreed to the plans that were carried out, by the round that was asked about."""
    done = ApprovalRequest.objects.about(complaint).filter(
        verb="complaints.approve_plan", status=ApprovalRequest.Status.DONE
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for asked in done.select_related("question").order_by("pk"):
        signed = [row for row in opinions(asked) if row["decision"]]
        found.setdefault(int(asked.question.facts["round"]), []).extend(signed)
    return found


def handling_report(complaint: Complaint) -> Paper:
    """The handling report whole (客户投诉处理报告): everything that was found, said, decided and done."""
    closed: dict[str, Any] = {"name": complaint.owner, "at": complaint.closed_at} if complaint.closed_at else {}
    review = complaint.filesteps.filter(kind=FileStep.Kind.REVIEWED).select_related("by").last()
    reviewed: dict[str, Any] = {"name": review.by, "at": review.at} if review else {}
    sheet = _sheet(complaint, _("Complaint handling report"), "ZT-5-1")
    wide = facts(complaint, ("content",))
    sheet["facts"] = [*facts(complaint, NAMES, style="exact"), *({**each, "wide": True} for each in wide)]
    sheet["signatures"] = [
        {"label": _("Registered by"), "name": complaint.registered_by or "", "at": complaint.registered_at},
        {"label": _("Lead of the team"), "name": complaint.lead or "", "at": complaint.found_at},
        {"label": _("Closed by sales"), **closed},
        {"label": _("Reviewed by the department manager"), **reviewed},
    ]
    context = {
        "sheet": sheet,
        "complaint": complaint,
        "tasks": complaint.teamtasks.select_related("department", "owner"),
        "evidence": complaint.evidences.select_related("file", "judged_by"),
        "rounds": rounds_of(complaint),
        "improvements": complaint.measures.filter(kind=K.IMPROVEMENT).select_related("owner", "proof"),
        "sections": list(sections(complaint)),
        "review": review,
    }
    return Paper("report", sheet["title"], "complaints/print/report.html", context)


def eight_d(complaint: Complaint) -> Paper:
    """The 8D report: team, problem, containment, root cause, corrective actions, their effect, and the closing."""
    sheet = _sheet(complaint, _("8D report"), "ZT-5-2")
    sheet["facts"] = facts(complaint, EIGHT_D_NAMES, style="exact")
    closed: dict[str, Any] = {"name": complaint.owner, "at": complaint.closed_at} if complaint.closed_at else {}
    sheet["signatures"] = [
        {"label": _("Lead of the team"), "name": complaint.lead or "", "at": complaint.found_at},
        {"label": _("Closed by sales"), **closed},
    ]
    measures = list(complaint.measures.select_related("owner", "proof", "plan"))
    context = {
        "sheet": sheet,
        "complaint": complaint,
        "tasks": complaint.teamtasks.select_related("department", "owner"),
        "remedies": [each for each in measures if each.kind == K.REMEDY],
        "improvements": [each for each in measures if each.kind == K.IMPROVEMENT],
        "evidence": complaint.evidences.filter(status=Evidence.Status.ACCEPTED).select_related("file"),
        "findings": complaint.findings.select_related("cause__parent", "responsible", "signed_by"),
        "visits": complaint.followups.select_related("by"),
    }
    return Paper("8d", sheet["title"], "complaints/print/eight_d.html", context)


def may_reply(complaint: Complaint) -> bool:
    """Whether the letter of reply can be written: not before the result of this round is reported."""
    return complaint.reported_at is not None


def letter(complaint: Complaint) -> Paper:
    """The letter of reply (客户投诉答复函) in the customer's language: nothing in it is internal.

    It says what he complains of, what was found, what was done, and where it is not our fault by what that is proven;
    of our people it names the one who signs.
    """
    plan = current_plan(complaint)
    finding = complaint.findings.filter(round=complaint.round).first()
    clear = plan is not None and plan.outcome == Plan.Outcome.NO_FAULT
    measures = plan.measures.exclude(what=plan.solution) if plan else Measure.objects.none()
    title = _("Reply to your complaint")
    sheet = {**_sheet(complaint, title, ""), "form_version": ""}
    context = {
        "sheet": sheet,
        "complaint": complaint,
        "finding": finding,
        "plan": plan,
        "clear": clear,
        "proofs": complaint.evidences.filter(status=Evidence.Status.ACCEPTED) if clear else [],
        "measures": measures.filter(status=Measure.Status.DONE).order_by("pk"),
        "signer": complaint.owner,
        "company": {"phone": settings.COMPANY_PHONE, "address": settings.COMPANY_ADDRESS},
        "written_on": clock.today(),
    }
    return Paper("letter", title, "complaints/print/letter.html", context, language=language_of(complaint))


def language_of(complaint: Complaint) -> str:
    """The language in which the customer is written to: his contact's, else the company's."""
    return complaint.contact.language if complaint.contact else settings.LANGUAGE_CODE


def papers(complaint: Complaint) -> list[Paper]:
    """The papers that can be printed of it now."""
    found = [handling_report(complaint), eight_d(complaint)]
    return [*found, letter(complaint)] if may_reply(complaint) else found
