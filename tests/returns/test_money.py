"""What a return makes of orders that are signed off, closed, paid, invoiced, stated or under contract."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaints import actions as complaints
from complaints.returns import actions
from complaints.returns.models import ReturnNotice, ReturnReceipt
from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.contracts.models import Contract
from orders.exposure import late_by_handover, owed_orders
from orders.models import Order
from orders.models.order import OVERPAID
from orders.payments import actions as payments
from orders.payments.models import Invoice
from pickup import actions as pickup
from pickup.models import Delivery, Pickup
from pickup.settlement import actions as settlement
from pickup.settlement.models import Statement
from pickup.settlement.stating import settled_amount
from pickup.settlement.three_way import three_way
from tests.returns.conftest import Yard
from tests.world import refused, scan

D = Decimal


@pytest.fixture
def closed(yard: Yard) -> Pickup:
    """All ten pieces handed over, signed off and closed."""
    found = yard.world.handed_over()
    Order.objects.update(owner=yard.world.alice)
    orders.hand_in_sheet(yard.order(), by=yard.world.root)
    orders.close_order(yard.order(), by=yard.world.root)
    return found


def back(yard: Yard, found: Pickup, good: str, defective: str = "0", asked: str = "") -> ReturnReceipt:
    """Goods of a pickup come back on a telephone order, the whole of what the notice asks."""
    complaint = complaints.complain_at_counter(found, by=yard.world.root, category="quality", content="划伤")
    yard.register(complaint)
    total = D(asked or good) + (D(0) if asked else D(defective))
    line = {"line": found.order.lines.get(), "batch": "B1", "quantity": total}
    notice = actions.order_return_by_phone(
        yard.fresh(complaint), by=yard.world.boss, phoned_to="小李", urgent="客户停工", lines=[line]
    )
    yard.receive(notice, good=good, defective=defective, by=yard.world.root)
    return ReturnReceipt.objects.latest("pk")


def agree(yard: Yard) -> Statement:
    """A statement that the customer confirms."""
    statement = settlement.make_statement(yard.order(), by=yard.world.root)
    settlement.send_statement(statement, by=yard.world.root, contact=yard.world.contact)
    statement.refresh_from_db()
    settlement.record_answer(statement, by=yard.world.root, name="王小明", paper=scan())
    return Statement.objects.get(pk=statement.pk)


def test_goods_of_a_closed_order_come_back_and_it_stays_closed(yard: Yard, closed: Pickup) -> None:
    receipt = back(yard, closed, good="3", defective="1")
    order = yard.order()
    assert (order.status, order.total, order.due, receipt.amount) == ("closed", D("1280.00"), D("768.00"), D("512.00"))
    assert (yard.line(), yard.stock()) == ((D("6.000"), D("4.000")), (D("93.000"), D("0.000")))
    assert order.lines.get().open_quantity == 0
    assert owed_orders(Order.objects.all()).get().counts == D("768.00")


def test_all_goods_may_come_back(yard: Yard, closed: Pickup) -> None:
    back(yard, closed, good="10")
    assert (yard.order().due, yard.line(), yard.stock()[0]) == (D("0.00"), (D("0.000"), D("10.000")), D("100.000"))


def test_what_was_paid_too_much_shows_as_to_be_given_back(yard: Yard, closed: Pickup) -> None:
    orders.enter_payment(
        yard.order(), by=yard.world.root, amount=D("1280.00"), received_on=clock.today(), method="cash"
    )
    assert not Order.objects.filter(OVERPAID).exists()
    back(yard, closed, good="2")
    assert (yard.order().open_amount, Order.objects.filter(OVERPAID).count()) == (D("-256.00"), 1)


def test_what_is_late_by_the_day_of_the_handover_is_less_by_what_came_back(yard: Yard, closed: Pickup) -> None:
    day = clock.today() + timedelta(days=40)
    late = Order.objects.annotate(late=late_by_handover(day))
    assert late.get().late == D("1280.00")
    back(yard, closed, good="2")
    assert late.get().late == D("1024.00")


def test_the_next_statement_has_what_came_back_of_one_that_is_agreed(yard: Yard, closed: Pickup) -> None:
    agree(yard)
    assert yard.order().settled == D("1280.00")
    receipt = back(yard, closed, good="2")
    order = yard.order()
    assert (order.settled, order.due, settled_amount(order)) == (None, D("1024.00"), None)
    statement = agree(yard)
    row = statement.lines.get()
    assert (row.source, row.base_quantity, row.amount) == (receipt.number, D("-2.000"), D("-256.00"))
    assert (yard.order().settled, yard.order().due) == (D("1024.00"), D("1024.00"))
    assert three_way(yard.order()).rows[0].handed.amount == D("1024.00")


def test_goods_that_were_adjusted_take_their_part_of_the_adjustment_with_them(yard: Yard, closed: Pickup) -> None:
    statement = settlement.make_statement(yard.order(), by=yard.world.root)
    line = statement.lines.get()
    ask = ACTIONS["settlement.ask_adjust_statement"]  # a small difference needs nobody
    ask(statement, by=yard.world.root, line=line, amount=D("1200.00"), reason="降价")
    adjusted = Statement.objects.latest("pk")
    settlement.record_answer(adjusted, by=yard.world.root, name="王小明", paper=scan())
    assert yard.order().due == D("1200.00")
    assert back(yard, closed, good="5").amount == D("600.00")
    assert yard.order().due == D("600.00")
    agree(yard)
    assert yard.order().settled == D("600.00")
    assert back(yard, closed, good="5").amount == D("600.00")
    assert yard.order().due == D("0.00")


def test_what_was_invoiced_is_credited_by_a_red_invoice(yard: Yard, closed: Pickup) -> None:
    by = User.objects.system("payments")
    payments.book_invoice(yard.order(), by=by, number="8001", amount=D("1280.00"), tax=D("147.26"))
    back(yard, closed, good="2")
    payments.book_invoice(yard.order(), by=by, number="8002", amount=D("-256.00"), tax=D("-29.45"))
    first = Invoice.objects.get(number="8001")
    assert (first.amount - first.paid, Invoice.objects.get(number="8002").status) == (D("1024.00"), "credit")


def test_a_handover_of_which_goods_came_back_is_not_taken_back(yard: Yard) -> None:
    found = yard.world.handed_over()
    Order.objects.update(owner=yard.world.alice)
    back(yard, found, good="2")
    with refused("given_back"):
        pickup.reverse_later(yard.fresh(found), by=yard.world.root, reason="错")


def test_what_was_brought_comes_back_as_well(yard: Yard) -> None:
    order = yard.world.ready(fulfilment="delivery", place="渝北")
    facts = {"at": clock.now(), "place": "渝北", "receiver": "王", "prepared": ["packaging", "documents", "transport"]}
    pickup.deliver_order(order, by=yard.world.root, **facts)
    Order.objects.update(owner=yard.world.alice)
    given = {"channel": "hotline", "category": "quality", "content": "划伤", "order": yard.order()}
    complaint = complaints.receive_complaint(yard.world.customer, by=yard.world.root, **given)
    yard.register(complaint)
    notice = actions.order_return_by_phone(yard.fresh(complaint), by=yard.world.boss, phoned_to="小李", urgent="急")
    assert (notice.delivery, notice.record) == (Delivery.objects.get(), None)
    yard.receive(notice, good="4", by=yard.world.root)
    row = Delivery.objects.get(returns=notice.delivery).lines.get()
    assert (row.quantity, yard.order().due, yard.line()) == (D("-4.000"), D("768.00"), (D("6.000"), D("4.000")))
    day = clock.today() + timedelta(days=40)
    assert Order.objects.annotate(late=late_by_handover(day)).get().late == D("768.00")
    assert ReturnNotice.objects.get().status == "expected"


def test_an_executed_contract_stays_executed_when_goods_come_back_for_good(yard: Yard) -> None:
    found = yard.world.notified()
    contract = contracts.record_acceptance(found.order, by=yard.world.root, accepted_by="phone")
    Contract.objects.filter(pk=contract.pk).update(status="in_force")
    orders.enter_payment(yard.order(), by=yard.world.root, amount=D("1280.00"))
    pickup.hand_over(found, by=yard.world.root, identity="id_seen")
    Order.objects.update(owner=yard.world.alice)
    assert Contract.objects.get().status == "executed"
    back(yard, yard.fresh(found), good="2")
    assert (Contract.objects.get().status, yard.order().open_amount) == ("executed", D("-256.00"))


def test_a_contract_is_executed_when_what_is_not_paid_comes_back(yard: Yard) -> None:
    found = yard.world.notified()
    contract = contracts.record_acceptance(found.order, by=yard.world.root, accepted_by="phone")
    Contract.objects.filter(pk=contract.pk).update(status="in_force")
    orders.enter_payment(yard.order(), by=yard.world.root, amount=D("1024.00"))
    pickup.hand_over(found, by=yard.world.root, identity="id_seen")
    Order.objects.update(owner=yard.world.alice)
    assert Contract.objects.get().status == "in_force"
    back(yard, yard.fresh(found), good="2")
    assert (Contract.objects.get().status, yard.order().open_amount) == ("executed", D("0.00"))


def test_the_rest_of_a_partly_collected_order_is_prepared_without_what_came_back(yard: Yard) -> None:
    found = yard.handed_over()
    assert yard.order().status == "ready"
    back(yard, found, good="2")
    order = yard.order()
    assert (order.status, order.lines.get().open_quantity, order.due) == ("ready", D("1.000"), D("1024.00"))
    pickup.release_stock(order, by=yard.world.root, reason="重新备货")
    pickup.check_stock(yard.order(), by=yard.world.root, warehouse=yard.world.warehouse)
    assert yard.stock() == (D("93.000"), D("1.000"))
