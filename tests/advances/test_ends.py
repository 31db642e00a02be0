"""An advance that is only applied for ends with its order, and a total that is lowered settles what is paid by it."""

from decimal import Decimal

from crm.accounts.models import User
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from orders.actions import canceller
from orders.actions.amending import amend_order
from orders.advances.models import Advance
from orders.changes.models import ChangeLine
from orders.models import Order, OrderVersion
from tests.advances.conftest import Company

REASON = "The order was cancelled."


def cancel(company: Company) -> None:
    order = Order.objects.get()
    canceller(order)(order, by=company.world.root, reason="客户资金问题")


def test_an_application_ends_with_its_order_together_with_its_approval(company: Company) -> None:
    request = company.asked(company.applied())
    cancel(company)
    advance = Advance.objects.get()
    request.refresh_from_db()
    assert (advance.status, advance.reason, request.status) == ("withdrawn", REASON, ApprovalRequest.Status.VOID)
    assert not Task.objects.filter(status=Task.Status.WAITING).exists()
    assert not Deadline.objects.open().filter(rule="approval.decide").exists()


def test_one_that_was_granted_holds_until_its_last_day(company: Company) -> None:
    company.granted()
    cancel(company)
    assert Advance.objects.get().status == "granted"


def test_an_advance_is_settled_where_the_order_comes_to_no_more_than_is_paid(company: Company) -> None:
    company.world.receive("10")
    order = company.world.confirmed(quantity="10")
    Order.objects.filter(pk=order.pk).update(owner=company.seller, department=company.world.sales)
    company.pay(order, "500.00")
    company.granted(order)
    there = order.lines.get()
    same = {name: getattr(there, name) for name in ("position", "product", "unit", "factor", "price", "tax_rate")}
    three = ChangeLine(**same, quantity=Decimal(3), quantity_before=there.quantity, price_before=there.price)
    amend_order(Order.objects.get(), by=User.objects.system("changes"), cause=OrderVersion.Cause.CHANGE, lines=[three])
    assert (Order.objects.get().total, Advance.objects.get().status) == (Decimal("384.00"), "settled")
