"""What the heads and the executive approve: the finding, and the plan word for word."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Complaint, Evidence, Finding, Measure, Plan
from crm.approvals.facts import Fact
from crm.words import exact
from customers.models import Channel


def current_plan(complaint: Complaint) -> Plan | None:
    """The plan of this round, or None where nobody has written it yet."""
    rows = complaint.plans.filter(round=complaint.round).select_related("department", "person", "written_by")
    return rows.first()


def save_plan(plan: Plan, **facts: Any) -> None:
    """Write what changes in a plan; its version counts up each time, so that nobody signs another than he has read."""
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.save()


def plan_facts(complaint: Complaint, inputs: dict[str, Any]) -> Iterator[Fact]:
    """The complaint, its finding, the plan with its measures, and the customer's word."""
    yield Fact("customer", _("Customer"), complaint.customer)
    yield Fact("category", _("Category"), Category(complaint.category).label)
    yield Fact("content", _("What he complains of"), complaint.content)
    yield Fact("round", _("Round"), complaint.round)
    finding = complaint.findings.filter(round=complaint.round).select_related("cause", "responsible").first()
    if finding is not None:
        yield Fact("facts", _("Facts"), finding.facts)
        yield Fact("cause", _("Cause"), finding.cause)
        yield Fact("fault", _("Responsibility"), Finding.Fault(finding.fault).label)
        yield Fact("responsible", _("Responsible department"), finding.responsible)
    plan = current_plan(complaint)
    if plan is None:
        return
    yield Fact("outcome", _("Outcome"), Plan.Outcome(plan.outcome).label)
    yield Fact("solution", _("Solution"), plan.solution)
    yield Fact("compensation", _("Compensation"), plan.compensation)
    yield Fact("amount", _("Amount"), plan.amount, "money")
    yield Fact("department", _("Department"), plan.department)
    yield Fact("person", _("Responsible person"), plan.person)
    for index, measure in enumerate(measures_of(plan), 1):
        yield Fact(f"measure-{index}", _("Measure taken"), [measure.what, measure.owner, measure.due_on])
    yield Fact("agreed_at", _("Agreed"), plan.agreed_at)
    yield Fact("agreed_how", _("How he agreed"), Channel(plan.agreed_how).label if plan.agreed_how else "")
    yield Fact("answer", _("What the customer said"), plan.answer)


def measures_of(plan: Plan) -> list[Measure]:
    """The plan's measures, with who carries them out."""
    return list(plan.measures.select_related("owner").order_by("pk"))


def proof_of(complaint: Complaint) -> list[str]:
    """What proves that it was not our fault, where the plan says so: each piece of accepted evidence (KC 5.2.3.1).

    The customer reads it, so it does not say which of our people took the evidence.
    """
    plan = current_plan(complaint)
    if plan is None or plan.outcome != Plan.Outcome.NO_FAULT:
        return []
    rows = complaint.evidences.filter(status=Evidence.Status.ACCEPTED).order_by("pk")
    return [f"{each.get_source_display()}: {each} ({exact(each.taken_at)})" for each in rows]
