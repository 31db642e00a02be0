"""A contract that is not in force ends with its order, with its review; one in force stays (KC 5.1.6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Condition, Task
from crm.deadlines.models import Deadline
from crm.links.models import Link
from crm.records.models import ActionLog
from orders import actions as orders
from orders.contracts.models import Contract
from orders.ends import look_at
from orders.models import Order
from tests.contracts.conftest import Company

S = Contract.Status
REASON = "The order was cancelled."


def cancel(contract: Contract, company: Company) -> Contract:
    """The order is cancelled by its owner; answers the contract as it is then."""
    orders.cancel_order(Order.objects.get(pk=contract.order_id), by=company.seller, reason="客户资金问题")
    return Contract.objects.get(pk=contract.pk)


def page_of(contract: Contract, user: Any) -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client.get(contract.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["accepted", "classified", "filled", "passed", "made", "sent"])
def test_it_ends_with_its_order_in_every_state_before_it_is_in_force(company: Company, state: str) -> None:
    contract = cancel(getattr(company, state)(), company)
    assert (contract.status, contract.reason) == (S.CANCELLED, REASON)
    row = ActionLog.objects.get(verb="contracts.end_contract")
    assert (row.actor.username, row.cause.verb) == ("contracts", "orders.cancel_order")
    assert not Deadline.objects.open().about(contract).exists()
    assert not Link.objects.filter(purpose="contracts.sign", revoked_at=None, used_at=None).exists()


def test_nobody_goes_on_signing_its_review(company: Company) -> None:
    request = company.asked()
    task = Task.objects.get(request=request, status=Task.Status.WAITING, approver=company.cashier)
    given = {"text": "先付预付款", "owner": company.seller, "due_on": clock.today() + timedelta(days=2)}
    approvals.raise_condition(task, by=company.cashier, **given)
    contract = cancel(Contract.objects.get(), company)
    assert (contract.status, ApprovalRequest.objects.get().status) == (S.CANCELLED, "void")
    assert not Task.objects.filter(status=Task.Status.WAITING).exists()
    assert (Condition.objects.get().status, Condition.objects.get().proof) == ("waived", REASON)
    assert not Deadline.objects.open().filter(rule__in=["contract.review", "approval.condition"]).exists()


def test_one_in_force_stays_and_its_page_says_that_the_order_is_gone(company: Company) -> None:
    contract = company.in_force()
    assert "Its order was cancelled" not in page_of(contract, company.seller)
    Order.objects.update(status=Order.Status.CANCELLED)  # an import's order, for instance: no verb cancels it past it
    look_at(Order.objects.get())
    assert Contract.objects.get().status == S.IN_FORCE
    assert "Its order was cancelled" in page_of(contract, company.seller)
