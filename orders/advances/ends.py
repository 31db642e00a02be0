"""An advance that is only applied for ends with its order; what was granted holds until its last day (KC 5.1.11.1)."""

from crm.accounts.system import system_user
from crm.approvals.watch import end_about
from orders.advances.actions import withdraw_advance
from orders.advances.models import Advance
from orders.ends import ends_with_order
from orders.models import Order


@ends_with_order
def end_applications(order: Order, reason: str) -> None:
    """Withdraw each, and end what is being decided about it. One query where nothing is applied for."""
    for advance in Advance.objects.filter(order=order.pk, status=Advance.Status.APPLIED):
        end_about(withdraw_advance(advance, by=system_user("advances"), reason=reason), reason)
