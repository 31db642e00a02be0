"""The demonstration's agreements and replacement orders, as far as their complaints have come."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from complaints.compensation import actions as verbs
from complaints.compensation.models import Agreement
from complaints.demo import CARRIED_OUT_BY, FOLLOWED_BY, Life
from complaints.models import Complaint, Plan
from crm import clock
from crm.reports.demo import Demo
from orders.models import OrderType

SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def follow(life: Life) -> None:
    """Order the replacement that an approved plan promises."""
    if life.tale.outcome == Plan.Outcome.REPLACEMENT:
        order_replacement(life.demo, life.complaint)


def carry_out(life: Life) -> None:
    """Have the agreement signed by both where the plan is a compensation."""
    if life.tale.outcome == Plan.Outcome.COMPENSATION:
        sign_and_seal(life.demo, life.complaint)


FOLLOWED_BY.append(follow)
CARRIED_OUT_BY.append(carry_out)


def sign_and_seal(demo: Demo, complaint: Complaint) -> None:
    """Have the agreement signed, sealed and sent, and the customer's copy back."""
    agreement = Agreement.objects.get(complaint=complaint, status=Agreement.Status.DRAFTED)
    writer = agreement.plan.written_by_id
    boss = next(each for each in demo.people("sales_manager") if each.pk != writer)
    office = demo.people("sales_support")[0]
    verbs.sign_agreement(agreement, by=boss)
    verbs.seal_agreement(agreement, by=office)
    scan = ContentFile(SCAN, "补充协议（双方盖章）.pdf")
    given: dict[str, Any] = {
        "his_name": complaint.contact.name if complaint.contact else "客户",
        "his_day": clock.today(),
    }
    verbs.return_agreement(agreement, by=office, scan=scan, **given)


def order_replacement(demo: Demo, complaint: Complaint) -> None:
    """Order one of the goods anew, by the complaint's owner."""
    assert complaint.order is not None
    line = complaint.order.lines.filter(collected__gt=0).order_by("position").first()
    assert line is not None
    goods = {"product": line.product, "quantity": Decimal(1), "unit": line.product.unit, "factor": Decimal(1)}
    usual = OrderType.objects.filter(active=True, needs_contract=False).order_by("pk").first()
    assert usual is not None
    verbs.order_replacement(
        complaint,
        by=demo.user(complaint.owner_id),
        lines=[goods],
        wanted_on=clock.today() + timedelta(days=3),
        type=usual,
    )
