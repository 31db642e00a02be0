"""What is replaced after a complaint: an order at no price that goes the way of every order (KC 5.2.3)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import actions as complaints
from complaints.compensation import actions
from complaints.models import Complaint
from complaints.telling import let_see
from crm import clock
from crm.outbox.models import Message
from orders import actions as orders
from orders.findings import stops
from orders.models import Order
from orders.versions import content_of
from pickup import actions as pickup
from pickup.settlement import actions as settlement
from tests.compensation.conftest import Desk, figures
from tests.world import refused


def make(desk: Desk, complaint: Complaint, quantity: str = "2", **facts: Any) -> Order:
    """The replacement order of so many pieces, in review."""
    world = desk.world
    line = {"product": world.product, "quantity": Decimal(quantity), "unit": world.piece, "factor": Decimal(1)}
    given = {"lines": [line], "wanted_on": clock.today() + timedelta(days=2), "type": world.type, **facts}
    return actions.order_replacement(complaint, by=world.alice, **given).order


def hand_over(desk: Desk, order: Order) -> Order:
    """The replacement order on the way of every order, until its goods are handed over."""
    world = desk.world
    orders.pass_review(order, by=world.root)
    orders.allocate_order(order, by=world.root)
    orders.accept_order(order, by=world.root)
    orders.confirm_order(order, by=world.root, channel="phone")
    world.receive()
    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    planned = pickup.plan_pickup(order, by=world.root, window=world.window(), notify=False)
    pickup.send_notice(planned, by=world.root)
    pickup.hand_over(planned, by=world.clerk, identity="id_seen")
    return Order.objects.get(pk=order.pk)


def test_the_replacement_order_costs_nothing_and_needs_no_other_yes(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    order = make(desk, complaint)
    assert (order.status, order.total, order.payment_terms) == ("submitted", Decimal("0.00"), "prepay")
    assert (order.applied_by, order.customer) == (desk.world.alice, complaint.customer)
    assert complaint.number in order.price_reason and desk.executive.name in order.price_reason
    assert stops(order) == []
    assert content_of(order)["total"] == "0"


def test_a_complaint_is_carried_out_when_what_replaces_is_handed_over(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    order = make(desk, complaint)
    assert desk.finish(complaint).status == "carrying_out"
    handed = hand_over(desk, order)
    assert handed.status == "collected"
    assert desk.fresh(complaint).status == "carried_out"
    assert figures(handed) == {
        "total": "0.00",
        "due": "0.00",
        "paid": "0.00",
        "open_amount": "0.00",
        "invoices": "0.00",
    }
    statement = settlement.make_statement(handed, by=desk.world.root)
    assert statement.total == Decimal("0.00")
    assert figures(desk.order(complaint))["due"] == "1280.00"


def test_the_handover_first_and_the_last_measure_then(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    hand_over(desk, make(desk, complaint))
    assert desk.fresh(complaint).status == "carrying_out"
    assert desk.finish(complaint).status == "carried_out"


def test_no_more_is_replaced_than_he_had(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    with refused("more_than_delivered"):
        make(desk, complaint, "10.001")
    make(desk, complaint, "10")


def test_one_replacement_at_a_time(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    order = make(desk, complaint)
    with refused("replaced"):
        make(desk, desk.fresh(complaint))
    orders.cancel_order(order, by=desk.world.root, reason="型号有误")
    assert Message.objects.filter(template="compensation.step", key__contains="compensation-cancelled-").exists()
    assert desk.finish(complaint).status == "carrying_out"
    make(desk, desk.fresh(complaint), "3")


def test_a_replacement_order_whose_prices_are_written_in_is_reviewed_as_any_other(desk: Desk) -> None:
    order = make(desk, desk.decided("replacement"))
    line = {"product": desk.world.product, "quantity": Decimal(2), "unit": desk.world.piece, "factor": Decimal(1)}
    orders.send_back(order, by=desk.world.root, mend="数量")
    orders.revise_order(order, by=desk.world.root, lines=[{**line, "price": Decimal(0)}], wanted_on=order.wanted_on)
    assert [each.code for each in stops(order)] == ["price_too_low"]


def test_a_changed_plan_cancels_what_was_not_handed_over(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    order = make(desk, complaint)
    complaints.change_plan(desk.fresh(complaint), by=desk.world.boss, reason="改为折扣")
    assert desk.fresh(order).status == "cancelled"


def test_a_plan_whose_replacement_left_is_not_changed(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    hand_over(desk, make(desk, complaint))
    with refused("replaced"):
        complaints.change_plan(desk.fresh(complaint), by=desk.world.boss, reason="改为折扣")


def test_only_a_plan_that_replaces_makes_a_replacement_order(desk: Desk) -> None:
    complaint = desk.decided("apology")
    with refused("other_outcome"):
        make(desk, complaint)


def test_a_changed_plan_charges_its_discount_again(desk: Desk) -> None:
    complaint = desk.decided("discount", amount=Decimal("100.00"))
    complaints.change_plan(complaint, by=desk.world.boss, reason="改为道歉")
    assert figures(desk.order(complaint))["due"] == "1280.00"
    again = desk.decided("discount", complaint=desk.fresh(complaint), amount=Decimal("60.00"))
    assert figures(desk.order(again))["due"] == "1220.00"


def test_a_finding_of_our_fault_and_a_plan_of_none_do_not_fit(desk: Desk) -> None:
    complaint = desk.found()
    with refused("our_fault"):
        desk.write(complaint, outcome="no_fault")


def test_the_result_of_no_fault_names_its_proof(desk: Desk) -> None:
    complaint = desk.investigating()
    desk.evidence(complaint)
    complaint = desk.find(complaint, fault="customer")
    complaint = desk.finish(desk.decided("no_fault", complaint=complaint))
    assert complaint.status == "carried_out"
    complaints.report_result(complaint, by=desk.heads["warehouse"], result="非我方责任")
    assert complaint.result.splitlines()[0] == "非我方责任"
    assert "检验报告" in complaint.result.splitlines()[2] and "质检员" not in complaint.result  # the customer reads it
    complaints.tell_customer(complaint, by=desk.world.alice, channel="mail")
    assert "检验报告" in str(Message.objects.get(template="complaints.told").texts)
    assert figures(desk.order(complaint))["due"] == "1280.00"


def test_other_outcomes_name_no_proof(desk: Desk) -> None:
    complaint = desk.finish(desk.decided("apology"))
    complaints.report_result(complaint, by=desk.heads["warehouse"], result="已道歉")
    assert complaint.result == "已道歉"


def test_only_who_carries_the_complaint_makes_its_replacement_order(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    line = {"product": desk.world.product, "quantity": Decimal(2), "unit": desk.world.piece, "factor": Decimal(1)}
    given: Any = {"lines": [line], "wanted_on": clock.today(), "type": desk.world.type}
    other = desk.world.person("helper", "sales")
    let_see(complaint, users=[other])
    with refused("not_carrying"):
        actions.order_replacement(complaint, by=other, **given)
    assert not complaint.replacements.exists()


def test_without_an_order_no_more_is_replaced_over_all_rounds_than_he_complains_of(desk: Desk) -> None:
    complaint = desk.found()
    facts: Any = {"order": None, "pickup": None, "product": desk.world.product, "quantity": Decimal(5)}
    Complaint.objects.filter(pk=complaint.pk).update(**facts)
    complaint = desk.decided("replacement", complaint=desk.fresh(complaint))
    hand_over(desk, make(desk, complaint, "3"))
    complaint = desk.finish(complaint)
    complaints.report_result(complaint, by=desk.heads["warehouse"], result="已换货")
    complaints.tell_customer(complaint, by=desk.world.alice, channel="phone")
    given: Any = {"satisfied": False, "channel": "phone", "words": "还有两件坏的"}
    complaints.record_return_visit(complaint, by=desk.world.alice, **given)
    complaint = desk.decided("replacement", complaint=desk.find(desk.fresh(complaint)))
    with refused("more_than_delivered"):
        make(desk, complaint, "2.001")
    make(desk, complaint, "2")


def test_a_complaint_goes_on_though_its_replacement_order_was_given_a_price(desk: Desk) -> None:
    complaint = desk.decided("replacement")
    order = make(desk, complaint)
    assert desk.finish(complaint).status == "carrying_out"
    Order.objects.filter(pk=order.pk).update(total=Decimal("10.00"), payment_terms="credit")
    hand_over(desk, desk.fresh(order))
    assert desk.fresh(complaint).status == "carried_out"


def test_the_complaint_of_a_replacement_order_is_locked_without_its_key(desk: Desk) -> None:
    order = make(desk, desk.decided("replacement"))
    with CaptureQueriesContext(connection) as queries:
        orders.cancel_order(order, by=desk.world.root, reason="型号有误")
    held = [each["sql"] for each in queries if '"complaints_complaint"' in each["sql"] and "FOR " in each["sql"]]
    assert held and all("FOR NO KEY UPDATE" in each for each in held)
