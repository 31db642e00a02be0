"""Handing over: goods line by line, a part, a difference, never twice, never too much (ZT 3.4, 3.5)."""

from decimal import Decimal
from typing import Any

import pytest

from crm import clock
from crm.outbox.models import Message
from crm.records.models import ActionLog, Attachment
from customers import actions as customers
from orders.models import Line, Order
from pickup import actions as pickup
from pickup.forms import HandOverForm
from pickup.models import Pickup, Record
from pickup.stock import ledger
from pickup.stock.models import Movement, Reservation, Stock
from tests.world import HANDED, SIGNATURE, World, refused, shanghai

S, OS = Pickup.Status, Order.Status


def goods(told: Pickup, quantity: Any, difference: str = "") -> list[dict[str, Any]]:
    line = Line.objects.get(order=told.order_id)
    return [{"line": line, "quantity": None if quantity is None else Decimal(quantity), "difference": difference}]


def stock() -> tuple[Decimal, Decimal]:
    row = Stock.objects.get()
    return row.quantity, row.reserved


def test_all_that_is_due_leaves_where_nothing_else_is_said(world: World) -> None:
    told = world.notified()
    with clock.at(shanghai(23, 10, 5)):
        record = pickup.hand_over(told, by=world.root, **HANDED)
    order, line, row = Order.objects.get(), Line.objects.get(), record.lines.get()
    assert (Pickup.objects.get().status, order.status) == (S.HANDED_OVER, OS.COLLECTED)
    assert (line.collected, line.open_quantity) == (Decimal(10), Decimal(0))
    assert (row.due, row.quantity, row.difference) == (Decimal(10), Decimal(10), "")
    assert (record.kind, record.clerk, record.at) == ("handover", world.root, shanghai(23, 10, 5))
    assert (record.collector, record.identity, record.number) == ("王小明", "id_seen", "PR2026-000001")
    assert stock() == (Decimal(90), Decimal(0))
    assert not Reservation.objects.exists()


def test_what_leaves_is_a_movement_that_names_its_record(world: World) -> None:
    record = pickup.hand_over(world.notified(), by=world.root, **HANDED)
    movement = Movement.objects.get(kind="handover")
    assert (movement.quantity, movement.batch, movement.reference) == (Decimal(-10), "B1", record.number)
    assert (movement.by, movement.line) == (world.root, Line.objects.get())
    assert ledger.disagreements() == []


def test_the_owner_is_told_and_the_open_call_is_taken_back(world: World) -> None:
    told = world.notified()
    record = pickup.hand_over(told, by=world.root, objection="外箱破损", **HANDED)
    notice = Message.objects.get(template="pickup.handed_over")
    assert notice.recipient == told.owner
    assert record.number in notice.body and "外箱破损" in notice.body
    assert Message.objects.get(channel="call").status == "cancelled"


def test_sales_hear_at_once_what_was_loaded_line_by_line(world: World) -> None:
    """KC 5.1.11.2: the report reaches the order's owner and, where it is another, the customer's."""
    told = world.notified()
    Order.objects.update(owner=world.alice)
    type(world.customer).objects.update(owner=world.bob)
    record = pickup.hand_over(told, by=world.clerk, lines=goods(told, "4.5", "车装不下"), **HANDED)
    notices = Message.objects.filter(template="pickup.handed_over")
    assert {each.recipient for each in notices} == {world.alice, world.bob}
    for each in notices:
        assert f"record {record.number}" in each.body
        assert "Goods: 1. 配电箱: 4.5 pc" in each.body
        assert "Differences: 1. 配电箱: 4.5 / 10 (车装不下)" in each.body


def test_an_owner_of_both_hears_it_once_and_who_has_left_not_at_all(world: World) -> None:
    first, second = world.notified(), world.notified()
    Order.objects.update(owner=world.alice)
    type(world.customer).objects.update(owner=world.alice)
    pickup.hand_over(first, by=world.clerk, **HANDED)
    assert Message.objects.get(template="pickup.handed_over").recipient == world.alice
    type(world.alice).objects.filter(pk=world.alice.pk).update(is_active=False)
    pickup.hand_over(second, by=world.clerk, **HANDED)
    assert Message.objects.filter(template="pickup.handed_over").count() == 1


def test_a_part_with_its_reason_leaves_the_rest_reserved(world: World) -> None:
    told = world.notified()
    record = pickup.hand_over(told, by=world.root, lines=goods(told, 4, "车装不下"), **HANDED)
    assert (record.lines.get().due, record.lines.get().quantity) == (Decimal(10), Decimal(4))
    assert Order.objects.get().status == OS.READY
    assert stock() == (Decimal(96), Decimal(6))
    assert "4 / 10 (车装不下)" in Message.objects.get(template="pickup.handed_over").body
    second = pickup.plan_pickup(Order.objects.get(), by=world.root, window=world.window())
    pickup.hand_over(second, by=world.root, **HANDED)
    assert Order.objects.get().status == OS.COLLECTED
    assert stock() == (Decimal(90), Decimal(0))


def test_after_a_part_that_was_all_there_was_the_stock_is_checked_again(world: World) -> None:
    world.receive("4")
    order = pickup.take_part(world.short(), by=world.root, warehouse=world.warehouse, agreed="电话")
    told = pickup.plan_pickup(order, by=world.root, window=world.window())
    pickup.hand_over(told, by=world.root, **HANDED)
    assert Order.objects.get().status == OS.CONFIRMED
    assert Line.objects.get().open_quantity == Decimal(6)


@pytest.mark.parametrize("quantity", [4, 9.999, 0])
def test_a_difference_without_a_reason_is_refused(world: World, quantity: float) -> None:
    told = world.notified()
    with refused("difference") as caught:
        pickup.hand_over(told, by=world.root, lines=goods(told, str(quantity)), **HANDED)
    assert "10 are due" in str(caught.value)


def test_more_than_is_reserved_is_refused_whatever_the_reason(world: World) -> None:
    told = world.notified()
    with refused("not_reserved"):
        pickup.hand_over(told, by=world.root, lines=goods(told, "10.001", "客户多要"), **HANDED)


def test_nothing_at_all_is_no_handover(world: World) -> None:
    told = world.notified()
    with refused("nothing_handed_over"):
        pickup.hand_over(told, by=world.root, lines=goods(told, 0, "客户不要"), **HANDED)


def test_the_same_code_again_is_refused_with_when_and_by_whom(world: World) -> None:
    told = world.notified()
    with clock.at(shanghai(23, 10, 5)):
        pickup.hand_over(told, by=world.root, **HANDED)
    with clock.at(shanghai(23, 11)), refused("used") as caught:
        pickup.hand_over(Pickup.objects.get(), by=world.root, **HANDED)
    assert "2026-11-23 10:05 (Mon), by 根" in str(caught.value)


def test_the_same_request_again_answers_the_same_record(world: World) -> None:
    told = world.notified()
    first = pickup.hand_over(told, by=world.root, key="device-1", **HANDED)
    assert pickup.hand_over(told, by=world.root, key="device-1", **HANDED) == first
    assert Record.objects.count() == 1
    assert stock() == (Decimal(90), Decimal(0))


def test_another_clerk_who_sends_the_devices_request_again_gets_the_same_record(world: World) -> None:
    told = world.notified()
    first = pickup.hand_over(told, by=world.root, key="device-1", **HANDED)
    assert pickup.hand_over(told, by=world.clerk, key="device-1", **HANDED) == first
    assert Record.objects.count() == 1


def test_the_wrong_window_is_only_amber_and_lets_hand_over(world: World) -> None:
    told = world.notified()
    with clock.at(shanghai(23, 16)):
        assert pickup.hand_over(told, by=world.root, **HANDED).override == ""


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda world, told: customers.suspend_supply(world.customer, by=world.root, reason="x"), "suspended"),
        (lambda world, told: Order.objects.update(payment_terms="prepay"), "unpaid"),
        (lambda world, told: pickup.miss_pickup(told, by=world.root), "missed"),
        (lambda world, told: pickup.cancel_pickup(told, by=world.root, reason="x"), "cancelled"),
        (lambda world, told: ledger.release(told.order), "nothing_reserved"),
    ],
)
def test_what_may_not_leave_does_not(world: World, prepare: Any, code: str) -> None:
    told = world.notified()
    prepare(world, told)
    told = Pickup.objects.get()
    with refused(code):
        pickup.hand_over(told, by=world.root, **HANDED)


def test_a_clerk_of_another_counter_does_not_see_it(world: World) -> None:
    told = world.notified()
    elsewhere = world.person("elsewhere", "counter", department=world.sales)
    other = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    other.clerks.add(elsewhere)
    with pytest.raises(Pickup.DoesNotExist):
        pickup.hand_over(told, by=elsewhere, **HANDED)
    assert not Record.objects.exists()


def test_sales_see_it_but_may_not_hand_over(world: World) -> None:
    told = world.notified()
    Order.objects.update(owner=world.alice)
    with refused("forbidden"):
        pickup.hand_over(told, by=world.alice, **HANDED)


def test_both_signatures_are_kept_as_files_of_the_pickup(world: World) -> None:
    told = world.notified()
    form = HandOverForm(
        {**HANDED, "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}, by=world.root, obj=told
    )
    assert form.is_valid(), form.problems()
    record = pickup.hand_over(told, by=world.root, **form.cleaned_data)
    files = Attachment.objects.about(told)
    assert [file.kind for file in files] == ["signature", "signature"]
    assert {record.customer_signature, record.clerk_signature} == set(files)


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("", "required"),
        ("data:image/png;base64,AAAA", "not_png"),
        ("data:text/html;base64,PHNjcmlwdD4=", "not_png"),
        ("nothing", "not_png"),
        ("data:image/png;base64," + "iVBORw0KGgoA" + "A" * 400_000, "too_big"),
    ],
)
def test_a_signature_that_is_none_is_named(world: World, signature: str, code: str) -> None:
    data = {**HANDED, "customer_signature": signature, "clerk_signature": SIGNATURE}
    form = HandOverForm(data, by=world.root, obj=world.notified())
    assert [error["code"] for error in form.problems()["customer_signature"]] == [code]


def test_a_line_of_another_order_is_named_by_its_cell(world: World) -> None:
    told = world.notified()
    foreign = world.new_order().lines.get()
    data = {"customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, **HANDED}
    form = HandOverForm({**data, "lines": [{"line": foreign.pk, "quantity": "1"}]}, by=world.root, obj=told)
    assert form.problems() == {
        "lines[0].line": [{"code": "invalid_choice", "message": "This is no line of this order."}]
    }


def test_a_negative_quantity_is_named_by_its_cell(world: World) -> None:
    told = world.notified()
    line = Line.objects.get()
    data = {"customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, **HANDED}
    form = HandOverForm({**data, "lines": [{"line": line.pk, "quantity": "-1"}]}, by=world.root, obj=told)
    assert [error["code"] for error in form.problems()["lines[0].quantity"]] == ["min_value"]


def test_a_line_that_stands_twice_is_named(world: World) -> None:
    told = world.notified()
    line = {"line": Line.objects.get().pk, "quantity": "5"}
    data = {"customer_signature": SIGNATURE, "clerk_signature": SIGNATURE, **HANDED, "lines": [line, line]}
    form = HandOverForm(data, by=world.root, obj=told)
    assert [error["code"] for error in form.problems()["lines"]] == ["twice"]


def test_the_order_follows_as_a_consequence_of_the_handover(world: World) -> None:
    told = world.notified()
    pickup.hand_over(told, by=world.root, **HANDED)
    outer = ActionLog.objects.get(verb="pickup.hand_over")
    inner = ActionLog.objects.get(verb="orders.note_collection")
    assert (inner.cause, inner.actor.username, inner.after) == (outer, "pickup", "collected")


def test_goods_that_lie_elsewhere_do_not_leave_here(world: World) -> None:
    """A handover is taken back after the rest was reserved in another warehouse: each counter has its own."""
    world.receive("4")
    order = pickup.take_part(world.short(), by=world.root, warehouse=world.warehouse, agreed="电话")
    first = pickup.plan_pickup(order, by=world.root, window=world.window())
    pickup.hand_over(first, by=world.root, **HANDED)
    south = type(world.warehouse).objects.create(code="south", name="南岸自提点")
    from pickup.stock import actions as stock_

    line = {"product": world.product, "quantity": Decimal(6), "batch": "S1"}
    stock_.receive_goods(by=world.root, warehouse=south, lines=[line])
    pickup.check_stock(Order.objects.get(), by=world.root, warehouse=south)
    pickup.reverse_handover(first, by=world.root, reason="拿错")
    assert {(row.stock.warehouse, row.quantity) for row in Reservation.objects.all()} == {
        (world.warehouse, Decimal(4)),
        (south, Decimal(6)),
    }
    place = Reservation.objects.order_by("pk").first().stock.warehouse
    window = world.window()
    window.warehouse = place
    window.pk, window.taken = None, 0
    window.starts_at = shanghai(23, 10, 1)
    window.save()
    second = pickup.plan_pickup(Order.objects.get(), by=world.root, window=window)
    handed = pickup.hand_over(second, by=world.root, **HANDED)
    assert handed.lines.get().quantity == Decimal(6 if place == south else 4)
    assert [row.stock.warehouse for row in Reservation.objects.all()] == [world.warehouse if place == south else south]
    assert Order.objects.get().status == OS.READY
