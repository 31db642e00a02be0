"""Small differences are written off by approval: finance, and above a limit the executives too (KC 5.1.11.9)."""

from decimal import Decimal

import pytest
from django.test import Client

from crm import clock
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Condition, Task
from orders import actions as orders
from orders.forms import PaymentForm
from orders.models import Order, Payment
from orders.payments.models import Invoice, WriteOff
from tests.payments.conftest import Company
from tests.world import refused


def ask(company: Company, order: Order, amount: str, by: str = "seller") -> ApprovalRequest:
    return ACTIONS["payments.ask_write_off"](
        Order.objects.get(pk=order.pk), by=getattr(company, by), amount=Decimal(amount), reason="银行手续费差额"
    )


def waiting(request: ApprovalRequest) -> set[str]:
    return {each.approver.username for each in request.tasks.filter(status=Task.Status.WAITING)}


def agree(request: ApprovalRequest, company: Company, who: str) -> None:
    task = request.tasks.get(approver=getattr(company, who), status=Task.Status.WAITING)
    approvals.approve(task, by=task.approver, opinion="同意")


def test_a_small_difference_is_finances_to_decide(company: Company) -> None:
    invoice = company.invoice("1280.00", overdue=4)
    orders.enter_payment(invoice.order, by=company.cashier, amount=Decimal("1279.50"))
    request = ask(company, invoice.order, "0.50")
    assert waiting(request) == {"cashier", "accountant"}
    agree(request, company, "accountant")
    order = Order.objects.get(pk=invoice.order_id)
    row = WriteOff.objects.get()
    assert (order.paid, order.open_amount) == (Decimal("1280.00"), Decimal("0.00"))
    assert (row.amount, row.reason, row.by) == (Decimal("0.50"), "银行手续费差额", company.seller)
    assert row.payment.method == "write_off"
    assert Invoice.objects.get(pk=invoice.pk).status == "paid"


def test_whoever_asks_does_not_decide(company: Company) -> None:
    request = ask(company, company.order(), "5.00", by="cashier")
    assert waiting(request) == {"accountant"}


def test_a_larger_one_is_the_executives_too(company: Company) -> None:
    order = company.order()
    request = ask(company, order, "1000.01")
    agree(request, company, "cashier")
    assert (waiting(request), Order.objects.get(pk=order.pk).paid) == ({"chief"}, Decimal("0.00"))
    agree(request, company, "chief")
    assert Order.objects.get(pk=order.pk).paid == Decimal("1000.01")


def test_small_ones_of_one_order_are_together_a_large_one(company: Company) -> None:
    order = company.order(quantity="20")
    agree(ask(company, order, "600.00"), company, "cashier")
    second = ask(company, order, "400.01")
    agree(second, company, "cashier")
    assert (waiting(second), Order.objects.get(pk=order.pk).paid) == ({"chief"}, Decimal("600.00"))
    agree(second, company, "chief")
    assert Order.objects.get(pk=order.pk).paid == Decimal("1000.01")


def test_one_that_was_taken_back_counts_no_more(company: Company) -> None:
    order = company.order(quantity="20")
    agree(ask(company, order, "600.00"), company, "cashier")
    orders.reverse_payment(Payment.objects.get(), by=company.cashier, reason="客户补付")
    agree(ask(company, order, "400.01"), company, "cashier")
    assert Order.objects.get(pk=order.pk).paid == Decimal("400.01")


def test_nobody_writes_off_without_a_yes(company: Company) -> None:
    order, verb = company.order(), ACTIONS["payments.write_off"]
    for user in (company.seller, company.cashier, company.world.root):
        with refused("needs_approval"):
            verb(order, by=user, amount=Decimal("1.00"), reason="x")


def test_no_payment_is_entered_as_written_off_by_hand(company: Company) -> None:
    data = {"amount": "5.00", "received_on": "2026-11-23", "method": "write_off"}
    form = PaymentForm(data, by=company.cashier, obj=company.order())
    assert list(form.problems()) == ["method"]


def test_money_that_comes_meanwhile_makes_the_request_void(company: Company) -> None:
    order = company.order()
    request = ask(company, order, "5.00")
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("1.00"))
    request.refresh_from_db()
    assert request.status == ApprovalRequest.Status.VOID
    assert not WriteOff.objects.exists()


@pytest.mark.parametrize("amount", ["1280.01", "99999.00"])
def test_nobody_is_asked_to_write_off_more_than_is_open(company: Company, amount: str) -> None:
    order = company.order()
    with refused("more_than_open") as refusal:
        ask(company, order, amount)
    assert "¥1,280.00" in str(refusal.value)
    assert not (ApprovalRequest.objects.exists() or WriteOff.objects.exists() or Payment.objects.exists())
    agree(ask(company, order, "1280.00"), company, "cashier")


def test_the_dialog_refuses_more_than_is_open(company: Company) -> None:
    order = company.order()
    client = Client()
    client.force_login(company.seller)
    page = client.post(f"/do/payments.ask_write_off/{order.pk}/", {"amount": "1280.01", "reason": "x"})
    assert page.status_code == 409
    assert "1,280.00" in page.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_of_what_is_paid_nothing_is_written_off(company: Company) -> None:
    order, seller = company.order(), company.seller
    orders.enter_payment(order, by=company.cashier, amount=Decimal("1280.00"))
    with refused("nothing_open"):
        ACTIONS["payments.ask_write_off"](order, by=seller, amount=Decimal("1.00"), reason="x")


def test_a_request_ends_with_its_order(company: Company) -> None:
    order = company.order()
    request = ask(company, order, "5.00")
    orders.cancel_order(Order.objects.get(pk=order.pk), by=company.seller, reason="客户不要了")
    request.refresh_from_db()
    assert request.status == ApprovalRequest.Status.VOID
    assert not Task.objects.filter(status=Task.Status.WAITING).exists()
    with refused("wrong_state"):
        ask(company, order, "5.00")


def test_what_is_to_be_met_for_a_write_off_is_still_to_be_met_once_the_order_is_closed(company: Company) -> None:
    order = company.order()
    Order.objects.filter(pk=order.pk).update(status="signed_off")
    request = ask(company, order, "5.00")
    task = request.tasks.get(approver=company.cashier)
    given = {"text": "客户书面确认", "owner": company.seller, "due_on": clock.today()}
    approvals.raise_condition(task, by=company.cashier, **given)
    ApprovalRequest.objects.filter(pk=request.pk).update(status=ApprovalRequest.Status.VOID)
    orders.close_order(Order.objects.get(pk=order.pk), by=company.world.root)
    assert Condition.objects.get().status == "open"
