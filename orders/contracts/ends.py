"""A contract that is not in force ends with its order; one in force stays, as what left is still settled."""

from crm.accounts.system import system_user
from crm.approvals.watch import end_about
from orders.contracts.actions import end_contract
from orders.contracts.models import Contract
from orders.ends import ends_with_order
from orders.models import Order


@ends_with_order
def end_unsigned_contract(order: Order, reason: str) -> None:
    """End the contract of a cancelled order with its review; a closed order's may still come back signed."""
    if order.status != Order.Status.CANCELLED:
        return
    contract = Contract.objects.live().filter(order=order.pk).exclude(status__in=Contract.BINDING).first()
    if contract is not None:
        end_about(end_contract(contract, by=system_user("contracts"), reason=reason), reason)
