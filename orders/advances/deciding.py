"""What is approved of an advance, word for word, and who decides where no chain says otherwise (KC 5.1.11.1)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.approvals.declare import GENERAL_MANAGER
from crm.approvals.facts import Fact
from crm.approvals.models import ApprovalRequest
from crm.approvals.steps import Step, Who
from orders.advances.models import Advance

LARGE = Decimal(100_000)  # from here on the general manager decides alone, unless a chain says otherwise
VERB = "advances.grant_advance"

USUAL = (
    Step(_("Department manager"), who=Who.HEAD),
    Step(_("Finance manager"), who=Who.ROLE, role="finance"),
)
GENERAL = (GENERAL_MANAGER,)


def route_of(advance: Advance, inputs: dict[str, Any]) -> str:
    """Which of the two ways it takes: as its owner wished, and the general manager's for a large one."""
    large = advance.ceiling >= LARGE
    return Advance.Route.GENERAL if large else Advance.Route(advance.route)


def advance_facts(advance: Advance, inputs: dict[str, Any]) -> Iterator[Fact]:
    """The application with its figures as they were when it was written."""
    yield Fact("customer", _("Customer"), advance.customer)
    yield Fact("order", _("Order"), advance.order.number)
    yield Fact("ceiling", _("Most that may leave unpaid"), advance.ceiling, "money")
    yield Fact("expires_on", _("Goods may leave until"), advance.expires_on)
    yield Fact("promised_on", _("Promised payment date"), advance.promised_on)
    yield Fact("situation", _("The customer's situation"), advance.situation)
    yield Fact("why", _("Why goods must leave before the money"), advance.why)
    yield Fact("order_total", _("Order's total with tax"), advance.order_total, "money")
    yield Fact("paid_then", _("Paid so far"), advance.paid_then, "money")
    yield Fact("left_then", _("Goods shipped so far"), advance.left_then, "money")
    yield Fact("route", _("Who decides"), Advance.Route(advance.route).label)


def decided_by(advance: Advance) -> ApprovalRequest | None:
    """The request about it that counts, or the newest one."""
    rows = ApprovalRequest.objects.about(advance).filter(verb=VERB).select_related("question")
    return rows.order_by("-pk").first()
