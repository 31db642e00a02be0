"""A contract is executed by itself once its goods are all delivered and its order is paid in full (KC 5.1.11.9)."""

from decimal import Decimal

from crm.actions import ACTIONS
from crm.records.models import ActionLog
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.models import Line, Order
from orders.payments import actions as payments
from pickup import actions as counter
from tests.payments.conftest import Company
from tests.payments.test_write_offs import agree, ask


def in_force(company: Company) -> Contract:
    """A contract in force about an order of Alice's."""
    contract = contracts.record_acceptance(company.order(), by=company.world.root, accepted_by="phone")
    Contract.objects.filter(pk=contract.pk).update(status="in_force")
    return Contract.objects.get(pk=contract.pk)


def deliver(order: Order) -> None:
    """Everything is with the customer, as the counter leaves it."""
    for line in Line.objects.filter(order=order):
        Line.objects.filter(pk=line.pk).update(collected=line.base_quantity)
    Order.objects.filter(pk=order.pk).update(status="collected")


def test_the_last_money_executes_it(company: Company) -> None:
    contract = in_force(company)
    deliver(contract.order)
    orders.enter_payment(Order.objects.get(pk=contract.order_id), by=company.cashier, amount=Decimal("1279.99"))
    assert Contract.objects.get().status == "in_force"
    company.match(company.receipt("5.00"), (contract.order, "0.01"))
    assert Contract.objects.get().status == "executed"
    row = ActionLog.objects.get(verb="contracts.mark_executed")
    assert (row.actor.username, row.actor.is_system, row.before, row.after) == (
        "payments",
        True,
        "in_force",
        "executed",
    )


def test_money_before_the_goods_does_not(company: Company) -> None:
    contract = in_force(company)
    orders.enter_payment(Order.objects.get(pk=contract.order_id), by=company.cashier, amount=Decimal("1280.00"))
    assert Contract.objects.get().status == "in_force"


def test_the_last_goods_execute_what_is_paid(company: Company) -> None:
    world = company.world
    order = world.notified().order
    contract = contracts.record_acceptance(order, by=world.root, accepted_by="phone")
    Contract.objects.filter(pk=contract.pk).update(status="in_force")
    orders.enter_payment(Order.objects.get(pk=order.pk), by=world.root, amount=order.total)
    pickup = order.pickups.latest("pk")
    counter.hand_over(pickup, by=world.root, identity="id_seen")
    assert Order.objects.get(pk=order.pk).status == "collected"
    assert Contract.objects.get(pk=contract.pk).status == "executed"


def test_it_is_still_done_by_hand_where_it_must_be(company: Company) -> None:
    contract = in_force(company)
    deliver(contract.order)
    order = Order.objects.get(pk=contract.order_id)
    Order.objects.filter(pk=order.pk).update(paid=order.total)  # as an import leaves it
    ACTIONS["contracts.mark_executed"](Contract.objects.get(), by=company.world.root)
    assert Contract.objects.get().status == "executed"


def test_what_is_written_off_counts_like_money(company: Company) -> None:
    contract = in_force(company)
    deliver(contract.order)
    orders.enter_payment(Order.objects.get(pk=contract.order_id), by=company.cashier, amount=Decimal("1279.50"))
    agree(ask(company, contract.order, "0.50"), company, "cashier")
    assert Contract.objects.get().status == "executed"


def test_an_order_without_a_contract_is_only_paid(company: Company) -> None:
    order = company.order()
    deliver(order)
    payments.enter_invoice(by=company.cashier, order=Order.objects.get(pk=order.pk), number="F", amount=Decimal(5))
    orders.enter_payment(Order.objects.get(pk=order.pk), by=company.cashier, amount=Decimal("1280.00"))
    assert not ActionLog.objects.filter(verb="contracts.mark_executed").exists()
