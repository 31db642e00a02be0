"""What the analysis counts as the cost of compensations and discounts: what acts, not what was promised."""

from decimal import Decimal

from complaints.costs import COSTS
from crm.accounts.models import User
from orders.actions.allowances import reverse_allowance
from tests.compensation.conftest import Desk


def counted(kind: str) -> list[Decimal]:
    cost = next(each for each in COSTS if each.key == kind)
    return list(cost.rows().order_by().values_list(cost.amount, flat=True))


def test_a_compensation_counts_once_both_have_signed(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=Decimal("120.00"))
    assert (counted("compensation"), counted("promised")) == ([], [])
    desk.in_force(complaint)
    assert counted("compensation") == [Decimal("120.00")]


def test_a_discount_counts_until_it_is_taken_back(desk: Desk) -> None:
    complaint = desk.decided("discount", amount=Decimal("64.00"))
    assert (counted("discount"), counted("promised")) == ([Decimal("64.00")], [])
    discount = complaint.discounts.get()
    reverse_allowance(discount.allowance, by=User.objects.system("complaints"), reason="方案变更")
    assert counted("discount") == []
