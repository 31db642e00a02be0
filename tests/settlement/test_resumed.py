"""An executed contract is in execution again where money, goods or its invoice are taken back (KC 5.1.11.9)."""

from decimal import Decimal

from django.utils.translation import override

from crm import clock
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import ActionLog
from crm.records.timeline import timeline
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Order, Payment
from orders.payments import actions as payments
from orders.payments.models import Invoice
from pickup.models import Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement
from tests.mailed import path_of
from tests.settlement.conftest import Company
from tests.settlement.test_answering import confirm, fresh
from tests.world import refused

C = Contract.Status


def contract_about(order: Order, company: Company) -> Contract:
    """A contract in force about the order."""
    made = contracts.record_acceptance(order, by=company.seller, accepted_by="phone")
    Contract.objects.filter(pk=made.pk).update(status=C.IN_FORCE)
    return Contract.objects.get()


def pay(company: Company, amount: str = "1280.00") -> Payment:
    return orders.enter_payment(Order.objects.get(), by=company.cashier, amount=Decimal(amount))


def state() -> tuple[str, bool]:
    found = Contract.objects.get()
    return found.status, found.executed_at is not None


def test_a_payment_that_is_taken_back_resumes_it_until_it_is_paid_again(company: Company) -> None:
    order = company.order()
    contract = contract_about(order, company)
    company.collect(order)
    payment = pay(company)
    assert state() == (C.EXECUTED, True)
    with override("en"):
        orders.reverse_payment(payment, by=company.cashier, reason="录错")
    assert state() == (C.IN_FORCE, False)
    row = ActionLog.objects.get(verb="contracts.resume_contract")
    assert (row.actor.username, row.cause.verb, row.before, row.after) == (
        "payments",
        "orders.reverse_payment",
        "executed",
        "in_force",
    )
    assert row.inputs["why"] == "not_paid"
    assert any(row.inputs["reason"] in each["body"] for each in timeline(contract, company.seller))
    told = Message.objects.get(template="contracts.resumed", recipient=contract.owner)
    assert "尚未付清" in told.text("zh-hans")["body"]
    assert "not paid in full" in told.text("en")["body"]
    pay(company)
    assert state() == (C.EXECUTED, True)


def test_a_match_that_is_taken_back_resumes_it(company: Company) -> None:
    order = company.order()
    contract_about(order, company)
    company.collect(order)
    receipt = payments.enter_receipt(
        by=company.cashier, received_on=clock.today(), amount=Decimal("1280.00"), payer_name="晨光"
    )
    receipt = payments.match_receipt(receipt, by=company.cashier, lines=[{"order": order, "amount": None}])
    assert state() == (C.EXECUTED, True)
    payments.take_back_match(receipt, by=company.cashier, match=receipt.matches.get(), reason="认错")
    assert state() == (C.IN_FORCE, False)


def test_goods_that_come_back_resume_it_and_goods_that_leave_again_execute_it(company: Company) -> None:
    order = company.order()
    contract_about(order, company)
    company.collect(order)
    pay(company)
    assert state() == (C.EXECUTED, True)
    company.take_back(Pickup.objects.get())
    assert state() == (C.IN_FORCE, False)
    assert ActionLog.objects.get(verb="contracts.resume_contract").inputs["why"] == "goods_open"
    company.collect(order)
    assert state() == (C.EXECUTED, True)


def test_for_goods_that_come_back_the_customer_is_called_about_transport_again(company: Company) -> None:
    order = company.order()
    contract = contract_about(order, company)
    arranged = {"said": "周五来车", "transport": "渝A12345", "ships_on": clock.today()}
    request = contracts.arrange_shipment(contract, by=company.seller, **arranged)
    contracts.take_up_shipment(request, by=company.world.root)
    to_call = Deadline.objects.open().filter(rule="contract.execution", subject_pk=contract.pk)
    company.collect(order)
    payment = pay(company)
    orders.reverse_payment(payment, by=company.cashier, reason="录错")
    assert state() == (C.IN_FORCE, False)
    assert not to_call.exists()  # only the money is missing
    pay(company)
    company.take_back(Pickup.objects.get())
    assert state() == (C.IN_FORCE, False)
    assert Contract.objects.get().arranged_at is None
    assert to_call.get().responsible == contract.owner


def test_a_refused_memo_resumes_it_until_the_statement_is_confirmed(company: Company) -> None:
    order = company.order()
    contract_about(order, company)
    company.collect(order)
    memo = company.memo(company.reconciled(Order.objects.get()))
    pay(company)
    assert state() == (C.EXECUTED, True)
    settlement.refuse_memo(memo, by=company.cashier, reason="单价与合同不符")
    assert state() == (C.IN_FORCE, False)
    statement = settlement.send_statement(Statement.objects.get(), by=company.seller)
    with refused("reconciled_again"):
        contracts.mark_executed(Contract.objects.get(), by=company.world.root)
    assert confirm(path_of("settlement.confirm")).status_code == 303
    assert fresh(statement).status == "reconciled"
    assert state() == (C.EXECUTED, True)


def test_a_cancelled_invoice_resumes_it(company: Company) -> None:
    order = company.order()
    contract_about(order, company)
    company.collect(order)
    memo = settlement.pass_memo(company.memo(company.reconciled(Order.objects.get())), by=company.cashier)
    given = {"lines": [{"number": "1001"}], "issued_on": clock.today()}
    memo = settlement.issue_invoice(memo, by=company.cashier, **given)
    settlement.post_invoice(memo, by=company.seller, how="post", carrier="顺丰速运", tracking="SF1")
    pay(company)
    assert state() == (C.EXECUTED, True)
    payments.cancel_invoice(Invoice.objects.get(), by=company.cashier, reason="抬头错")
    assert state() == (C.IN_FORCE, False)
    assert ActionLog.objects.get(verb="contracts.resume_contract").inputs["why"] == "reconciled_again"


def test_nobody_resumes_it_by_hand(company: Company) -> None:
    order = company.order()
    contract_about(order, company)
    company.collect(order)
    pay(company)
    with refused("by_itself"):
        contracts.resume_contract(Contract.objects.get(), by=company.world.root, reason="x", why="x")
