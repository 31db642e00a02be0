"""Changes of an order: before and after, confirmed on paper, approved, applied as its next version (KF 3.2.4)."""

from datetime import date
from decimal import Decimal

import pytest

from crm.accounts.models import Absence, User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.healing import voided
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from crm.records.models import Attachment
from orders import actions as orders
from orders.changes import actions as changes
from orders.changes.models import Acknowledgement, Change
from orders.contracts import actions as contracts
from orders.contracts.amended import agreed_anew, as_of
from orders.contracts.models import DateMove, ShipmentRequest
from orders.models import Line, Order, OrderVersion
from pickup import actions as pickup
from pickup.models import Pickup
from pickup.stock.models import Movement, Reservation
from tests.changes.conftest import MORE, NEW_DAY, House
from tests.world import MORNING, nothing_moves, refused, scan, shanghai

S, OS = Change.Status, Order.Status
ASK = "changes.ask_apply_change"


def collected(house: House, order: Order, pieces: int) -> Order:
    """So many pieces are with the customer, and nothing is reserved."""
    Line.objects.filter(order=order).update(collected=Decimal(pieces))
    return Order.objects.get(pk=order.pk)


def test_a_draft_says_before_and_after(house: House) -> None:
    change = house.drafted(wanted_on=NEW_DAY)
    line = change.lines.get()
    assert (change.number, change.status, change.kind, change.wish) == ("OC2026-000001", S.DRAFTED, "goods", "customer")
    assert (line.quantity_before, line.quantity, line.price_before, line.price) == (
        Decimal(10),
        Decimal(12),
        Decimal("128.00"),
        Decimal("128.00"),
    )
    assert (line.amount, line.tax) == (Decimal("1536.00"), Decimal("176.71"))
    assert (change.wanted_before, change.wanted_on) == (date(2026, 12, 3), NEW_DAY)
    assert (change.total_before, change.total, change.difference) == (
        Decimal("1280.00"),
        Decimal("1536.00"),
        Decimal("256.00"),
    )
    assert Order.objects.get().total == Decimal("1280.00")


def test_what_is_not_a_change_is_refused(house: House) -> None:
    order = house.order()
    same = [{"position": 1, "quantity": Decimal(10)}]
    for code, facts in (
        ("no_change", {"lines": same, "wanted_on": order.wanted_on}),
        ("no_line", {"lines": [{"position": 7, "quantity": Decimal(1)}]}),
        ("line_twice", {"lines": [*MORE, {"position": 1, "quantity": Decimal(9)}]}),
        ("no_product", {"lines": [{"quantity": Decimal(1)}]}),
        (
            "other_product",
            {"lines": [{"position": 1, "product": house.world.new_product("P009"), "quantity": Decimal(1)}]},
        ),
    ):
        with refused(code):
            house.drafted(order, **facts)


def test_it_is_applied_once_the_department_manager_agrees(house: House) -> None:
    other = house.world.new_product("P002")
    new = {"product": other, "quantity": Decimal(3), "price": Decimal("99.99")}
    order = house.order()
    change = house.applied(order, lines=[*MORE, new], departments=[house.company.maker.department])
    order = Order.objects.get()
    assert (change.status, change.applied_at, change.confirmed_how) == (S.APPLIED, MORNING, "paper")
    rows = order.lines.order_by("position").values_list("position", "product", "quantity", "price", "amount", "tax")
    assert list(rows) == [
        (1, house.world.product.pk, Decimal(12), Decimal("128.00"), Decimal("1536.00"), Decimal("176.71")),
        (2, other.pk, Decimal(3), Decimal("99.99"), Decimal("299.97"), Decimal("34.51")),
    ]
    assert (order.total, order.tax) == (Decimal("1835.97"), Decimal("211.22"))
    assert order.total == sum(line.amount for line in order.lines.all()) == change.total
    versions = OrderVersion.objects.filter(order=order)
    assert [(row.number, row.cause, row.reference) for row in versions] == [
        (1, "confirmed", ""),
        (2, "change", "OC2026-000001"),
    ]
    assert [row.content["total"] for row in versions] == ["1280", "1835.97"]
    assert [len(row.content["lines"]) for row in versions] == [1, 2]
    assert Message.objects.filter(template="changes.applied", channel="mail").count() == 1


def test_the_paper_is_needed_and_kept(house: House) -> None:
    change = house.drafted()
    form = changes.record_confirmation.bind(by=house.seller, obj=change, data={})
    assert list(form.problems()) == ["paper"]
    changes.record_confirmation(change, by=house.seller, paper=scan(), answer="同意")
    change = Change.objects.get()
    assert (change.status, change.confirmed_at, change.answer) == (S.CONFIRMED, MORNING, "同意")
    assert Attachment.objects.about(change).get().kind == "signed_change"


def test_nobody_applies_it_without_word_and_approval(house: House) -> None:
    change = house.drafted()
    with refused("wrong_state"):
        ACTIONS[ASK](change, by=house.seller)
    with refused("wrong_state"):
        changes.apply_change(change, by=house.world.root)
    change = changes.record_confirmation(change, by=house.seller, paper=scan())
    for user in (house.seller, house.company.boss, house.world.root):
        with refused("needs_approval"):
            changes.apply_change(change, by=user)
    with refused("by_itself"):
        orders.amend_order(Order.objects.first(), by=house.world.root, cause="change")


def test_the_head_of_the_department_decides_and_sees_before_and_after(house: House) -> None:
    request = house.asked(wanted_on=NEW_DAY)
    task = Task.objects.get(request=request)
    assert task.approver == house.company.boss
    texts = {fact["key"]: fact["text"] for fact in task.facts}
    assert (
        "10 件 × ¥128.00 → 12 件 × ¥128.00" in texts["line-1"]["zh-hans"] if isinstance(texts["line-1"], dict) else True
    )
    assert "12" in str(texts["line-1"]) and "2026-12-10" in str(texts["wanted_on"])


def test_a_rejected_change_leaves_the_order_as_it_is(house: House) -> None:
    request = house.asked()
    approvals.reject(Task.objects.get(request=request), by=house.company.boss, reason="产能不足")
    assert (Change.objects.get().status, Order.objects.get().total) == (S.CONFIRMED, Decimal("1280.00"))
    changes.withdraw_change(Change.objects.get(), by=house.seller, reason="产能不足")
    assert Change.objects.get().status == S.WITHDRAWN
    assert house.drafted(Order.objects.get()).status == S.DRAFTED  # there is room for another


def test_revising_it_asks_the_customer_again_and_voids_the_approval(house: House) -> None:
    request = house.asked()
    change = Change.objects.get()
    given = {"wish": "customer", "why": "再增量", "lines": [{"position": 1, "quantity": Decimal(20)}]}
    changes.revise_change(change, by=house.seller, **given)
    change.refresh_from_db()
    assert (change.status, change.confirmed_at, change.confirmed_how, change.total) == (
        S.DRAFTED,
        None,
        "",
        Decimal("2560.00"),
    )
    voided(house.world.root)
    request.refresh_from_db()
    assert request.status == "void"
    assert Order.objects.get().total == Decimal("1280.00")


def test_an_order_that_moved_while_it_was_approved_is_not_overwritten(house: House) -> None:
    request = house.asked()
    Line.objects.update(quantity=Decimal(11))
    with refused("changed_since") as caught:
        house.company.sign(house.company.boss)
    assert "11 pc" in caught.value.sentence
    voided(house.world.root)
    request.refresh_from_db()
    assert (request.status, Change.objects.get().status) == ("void", S.CONFIRMED)
    assert Line.objects.get().quantity == Decimal(11)
    with refused("order_moved"):
        ACTIONS[ASK](Change.objects.get(), by=house.seller)


def test_a_total_that_another_line_moved_is_not_confirmed(house: House) -> None:
    order = house.order()
    other = house.world.new_product("P002")
    house.applied(order, lines=[{"product": other, "quantity": Decimal(2)}])
    change = house.drafted(Order.objects.get())
    Line.objects.filter(position=2).update(quantity=Decimal(1), amount=Decimal("128.00"))
    Order.objects.update(total=Decimal("1408.00"))
    change = house.fresh(change)
    with refused("order_moved"):
        changes.send_change(change, by=house.seller)
    changes.revise_change(change, by=house.seller, wish="customer", why="x", lines=MORE)
    assert (change.total_before, change.total) == (Decimal("1408.00"), Decimal("1664.00"))
    assert changes.send_change(house.fresh(change), by=house.seller).status == S.ASKED


@pytest.mark.parametrize("state", [OS.CANCELLED, OS.COLLECTED])
def test_nothing_is_confirmed_of_an_order_that_is_over(house: House, state: str) -> None:
    change = house.drafted()
    asked = changes.send_change(change, by=house.seller)
    Order.objects.update(status=state)
    change = house.fresh(asked)
    with refused("order_over"):
        changes.send_change(change, by=house.seller)
    with refused("order_over"):
        changes.record_confirmation(change, by=house.seller, paper=scan())
    with refused("order_over"):
        changes.agree_to_change(change, by=User.objects.system("links"))
    assert changes.withdraw_change(change, by=house.seller, reason="订单已结束").status == "withdrawn"


def test_nothing_goes_below_what_is_collected(house: House) -> None:
    order = collected(house, house.order(), 4)
    with refused("below_delivered"):
        house.drafted(order, lines=[{"position": 1, "quantity": Decimal(3)}])
    with refused("price_of_delivered"):
        house.drafted(order, lines=[{"position": 1, "quantity": Decimal(8), "price": Decimal(100)}])
    with refused("collected"):
        house.drafted(order, cancels=True, lines=[])
    house.applied(order, lines=[{"position": 1, "quantity": Decimal(5)}])
    line = Line.objects.get()
    assert (line.quantity, line.collected, line.open_quantity) == (Decimal(5), Decimal(4), Decimal(1))
    assert Order.objects.get().total == Decimal("640.00")


def test_what_was_collected_while_it_was_approved_counts(house: House) -> None:
    house.asked(lines=[{"position": 1, "quantity": Decimal(5)}])
    Line.objects.update(collected=Decimal(6))
    with refused("changed_since"):
        house.company.sign(house.company.boss)
    assert (Line.objects.get().quantity, Change.objects.get().status) == (Decimal(10), S.CONFIRMED)


@pytest.mark.parametrize(("taken", "code"), [(6, "below_delivered"), (5, "nothing_left")])
def test_nobody_is_asked_to_approve_what_was_collected_meanwhile(house: House, taken: int, code: str) -> None:
    change = house.confirmed(lines=[{"position": 1, "quantity": Decimal(5)}])
    Line.objects.update(collected=Decimal(taken))
    with refused(code):
        ACTIONS[ASK](house.fresh(change), by=house.seller)
    assert not ApprovalRequest.objects.about(change).exists()
    assert (Line.objects.get().quantity, Change.objects.get().status) == (Decimal(10), S.CONFIRMED)


def test_nobody_is_asked_to_leave_out_a_line_that_other_papers_name(house: House) -> None:
    other = house.world.new_product("P002")
    house.applied(lines=[{"product": other, "quantity": Decimal(2)}])
    line, facts = Line.objects.get(position=1), {"warehouse": house.world.warehouse, "by": house.seller}
    for kind, pieces in (("handover", -4), ("return", 4)):  # they came back
        Movement.objects.create(line=line, product=line.product, quantity=pieces, kind=kind, **facts)
    with refused("line_used"):
        house.drafted(Order.objects.get(), lines=[{"position": 1, "quantity": Decimal(0)}])
    assert Change.objects.count() == 1


def test_a_line_may_be_left_out_but_not_all_of_them(house: House) -> None:
    order = house.order()
    other = house.world.new_product("P002")
    house.applied(order, lines=[{"product": other, "quantity": Decimal(2)}])
    order = Order.objects.get()
    house.applied(order, lines=[{"position": 1, "quantity": Decimal(0)}])
    order = Order.objects.get()
    assert [line.position for line in order.lines.all()] == [2]
    assert order.total == Decimal("256.00") == sum(line.amount for line in order.lines.all())
    with refused("nothing_left"):  # before anybody signs it
        house.drafted(order, lines=[{"position": 2, "quantity": Decimal(0)}])
    with refused("too_much"):
        house.drafted(order, lines=[{"position": 2, "quantity": Decimal(999999999), "price": Decimal("9999999999.99")}])
    assert Change.objects.filter(status=S.APPLIED).count() == Change.objects.count() == 2


def test_what_is_all_delivered_leaves_nothing(house: House) -> None:
    order = collected(house, house.order(), 4)
    with refused("nothing_left"):
        house.drafted(order, lines=[{"position": 1, "quantity": Decimal(4)}])


def test_a_line_keeps_its_unit(house: House) -> None:
    order, carton = house.order(), house.world.carton
    with refused("other_unit"):
        house.drafted(order, lines=[{"position": 1, "quantity": Decimal(2), "unit": carton}])
    same = {"position": 1, "quantity": Decimal(12), "unit": house.world.piece}
    assert house.drafted(order, lines=[same]).total == Decimal("1536.00")


def test_a_specification_changes_without_a_contract_only(house: House) -> None:
    blue = [{"position": 1, "quantity": Decimal(10), "specification": "RAL5010"}]
    change = house.applied(lines=blue)
    assert (change.kind, change.difference, Line.objects.get().specification) == ("spec", Decimal(0), "RAL5010")


def test_one_open_change_per_order(house: House) -> None:
    change = house.drafted()
    with refused("change_open") as caught:
        house.drafted(change.order)
    assert "OC2026-000001" in caught.value.sentence


def test_an_order_that_is_not_confirmed_is_revised_instead(house: House) -> None:
    order = house.company.order()
    with refused("not_confirmed"):
        house.drafted(order)


def test_lines_under_a_contract_in_force_need_a_supplementary_agreement(house: House) -> None:
    contract = house.company.in_force()
    with refused("contract_in_force") as caught:
        house.drafted(contract.order)
    assert "supplementary agreement" in caught.value.remedy and "CT2026-000001" in caught.value.remedy
    with refused("contract_in_force"):
        house.drafted(contract.order, lines=[{"position": 1, "quantity": Decimal(10), "specification": "RAL5010"}])


def test_a_contract_is_carried_out_later_than_dated(house: House) -> None:
    contract = house.company.in_force()
    order = contract.order
    change = house.applied(order, lines=[], wanted_on=NEW_DAY)
    contract.refresh_from_db()
    assert (change.kind, Order.objects.get().wanted_on, contract.delivery_on) == ("date", NEW_DAY, NEW_DAY)
    row = Deadline.objects.open().get(rule="contract.execution")
    assert row.due_at.astimezone(MORNING.tzinfo).date() == NEW_DAY
    move = DateMove.objects.get()
    assert (move.before, move.after, move.reference) == (date(2026, 12, 3), NEW_DAY, change.number)
    agreed = agreed_anew(contract)
    signed, amended = as_of(contract, agreed, None), as_of(contract, agreed, date.max)
    assert (signed.terms["delivery_on"], amended.terms["delivery_on"]) == ("2026-12-03", "2026-12-10")
    assert signed.total == amended.total == Decimal("1280.00")


def test_an_order_under_a_contract_in_force_is_cancelled_with_it(house: House) -> None:
    contract = house.company.in_force()
    contracts.arrange_shipment(contract, by=house.seller, said="周五", transport="渝A1", ships_on=date(2026, 12, 3))
    house.applied(Order.objects.get(), lines=[], cancels=True)
    contract.refresh_from_db()
    assert (Order.objects.get().status, contract.status) == (OS.CANCELLED, "cancelled")
    assert contract.reason.startswith("OC2026-000001")
    assert ShipmentRequest.objects.get().status == "withdrawn"
    assert not Deadline.objects.open().filter(rule__in=["contract.execution", "stock.check"]).exists()
    assert Change.objects.get().total == Decimal(0)


def test_cancelling_goods_that_lie_ready_frees_them_and_calls_the_pickup_off(house: House) -> None:
    planned = house.world.planned()
    Order.objects.update(owner=house.seller)
    order = Order.objects.get()
    assert Reservation.objects.exists()
    house.applied(order, lines=[], cancels=True)
    assert Order.objects.get().status == OS.CANCELLED
    assert not Reservation.objects.exists()
    assert Pickup.objects.get(pk=planned.pk).status == "cancelled"


def test_reserved_goods_are_released_before_lines_change(house: House) -> None:
    house.world.ready()
    Order.objects.update(owner=house.seller)
    change = house.confirmed(Order.objects.get())
    with refused("order_not_open"):
        ACTIONS[ASK](change, by=house.seller)
    pickup.release_stock(Order.objects.get(), by=house.world.root, reason="变更")
    ACTIONS[ASK](Change.objects.get(), by=house.seller)
    house.company.sign(house.company.boss)
    assert (Line.objects.get().quantity, Order.objects.get().status) == (Decimal(12), OS.CONFIRMED)


def test_the_date_of_goods_that_lie_ready_may_change(house: House) -> None:
    house.world.ready()
    Order.objects.update(owner=house.seller)
    house.applied(Order.objects.get(), lines=[], wanted_on=NEW_DAY)
    order = Order.objects.get()
    assert (order.status, order.wanted_on, Reservation.objects.count()) == (OS.READY, NEW_DAY, 1)


def test_an_order_short_of_stock_is_checked_again(house: House) -> None:
    house.world.short()
    Order.objects.update(owner=house.seller)
    house.applied(Order.objects.get(), lines=[{"position": 1, "quantity": Decimal(2)}])
    assert Order.objects.get().status == OS.CONFIRMED
    assert set(Deadline.objects.open().values_list("rule", flat=True)) >= {"stock.check"}


def later(house: House) -> Order:
    """An order that was short, and whose stock is checked again the day before its new date."""
    house.world.short()
    Order.objects.update(owner=house.seller)
    pickup.agree_later(Order.objects.get(), by=house.world.root, wanted_on=date(2026, 12, 18), agreed="电话")
    order = Order.objects.get()
    assert order.check_from == shanghai(17, 0, month=12)
    return order


def test_a_check_that_waits_moves_with_the_date(house: House) -> None:
    house.applied(later(house), lines=[], wanted_on=NEW_DAY)
    order = Order.objects.get()
    assert (order.status, order.check_from) == (OS.CONFIRMED, shanghai(9, 0, month=12))
    row = Deadline.objects.open().get(rule="stock.check")
    assert row.started_at == order.check_from


def test_a_check_that_waits_is_due_at_once_where_lines_changed(house: House) -> None:
    house.applied(later(house), lines=[{"position": 1, "quantity": Decimal(2)}])
    order = Order.objects.get()
    assert (order.status, order.check_from) == (OS.CONFIRMED, MORNING)
    assert Deadline.objects.open().get(rule="stock.check").started_at == MORNING


def test_the_plan_moves_along_by_working_days(house: House) -> None:
    order = house.order()
    steps = [
        {"name": "备料", "due_on": date(2026, 11, 27)},  # a Friday
        {"name": "装配", "due_on": date(2026, 12, 2)},
        {"name": "完成", "due_on": date(2026, 11, 24)},
    ]
    orders.plan_order(order, by=house.seller, milestones=steps)
    orders.finish_milestone(order.milestones.get(name="完成"), by=house.seller)
    house.applied(Order.objects.get(), lines=[], wanted_on=NEW_DAY, shift_plan=True)  # five working days later
    found = dict(order.milestones.values_list("name", "due_on"))
    assert found == {"备料": date(2026, 12, 4), "装配": date(2026, 12, 9), "完成": date(2026, 11, 24)}
    assert order.milestones.get(name="备料").remarks.endswith("(OC2026-000001).")


def test_a_plan_stays_where_nobody_wants_it_moved(house: House) -> None:
    order = house.order()
    orders.plan_order(order, by=house.seller, milestones=[{"name": "备料", "due_on": date(2026, 11, 27)}])
    house.applied(Order.objects.get(), lines=[], wanted_on=NEW_DAY)
    assert order.milestones.get().due_on == date(2026, 11, 27)


def test_departments_acknowledge_within_a_working_day(house: House) -> None:
    making, hauling = house.company.maker.department, house.company.carrier.department
    change = house.applied(departments=[making, hauling])
    rows = {row.department: row for row in Acknowledgement.objects.filter(change=change)}
    assert set(rows) == {making, hauling}
    assert {row.recipient for row in Message.objects.filter(template="changes.told")} == {
        house.company.maker,
        house.company.carrier,
    }
    deadline = Deadline.objects.open().filter(rule="change.acknowledge", department=making).get()
    assert deadline.due_at.astimezone(MORNING.tzinfo).date() == date(2026, 11, 24)
    with refused("other_department"):
        changes.acknowledge_change(rows[making], by=house.company.carrier)
    changes.acknowledge_change(rows[making], by=house.company.maker, remarks="已排产")
    row = Acknowledgement.objects.get(department=making)
    assert (row.status, row.by, row.at, row.remarks) == ("acknowledged", house.company.maker, MORNING, "已排产")
    left = Deadline.objects.open().filter(rule="change.acknowledge")
    assert [each.department for each in left] == [hauling]
    with refused("wrong_state"):
        changes.acknowledge_change(row, by=house.company.maker)


def test_of_an_absent_head_the_deputy_is_told_too(house: House) -> None:
    maker, day = house.company.maker, MORNING.date()
    deputy = house.world.person("dai", "production", department=maker.department)
    Absence.objects.create(user=maker, deputy=deputy, first_day=day, last_day=day)
    house.applied(departments=[maker.department])
    assert {row.recipient for row in Message.objects.filter(template="changes.told")} == {maker, deputy}


def test_departments_see_what_is_under_way(house: House) -> None:
    making = house.company.maker.department
    order = house.order()
    assert not Order.objects.visible_to(house.company.maker).filter(pk=order.pk).exists()
    change = house.drafted(order, departments=[making])
    assert Change.objects.visible_to(house.company.maker).get() == change
    assert not Change.objects.visible_to(house.company.carrier).exists()
    with nothing_moves(), pytest.raises(Change.DoesNotExist):
        changes.withdraw_change(change, by=house.world.charlie, reason="x")


def test_an_approver_who_lost_his_rights_does_not_decide(house: House) -> None:
    request = house.asked()
    task = Task.objects.get(request=request)
    house.company.boss.is_active = False
    house.company.boss.save()
    with nothing_moves(), pytest.raises(Task.DoesNotExist):
        approvals.approve(task, by=house.company.boss)
    assert ApprovalRequest.objects.get().status == "waiting"


def test_the_requester_who_lost_his_rights_leaves_the_decision_to_be_carried_out(house: House) -> None:
    request = house.asked()
    house.seller.groups.clear()
    house.company.sign(house.company.boss)
    request.refresh_from_db()
    assert (request.status, Change.objects.get().status) == ("failed", S.CONFIRMED)
    assert Line.objects.get().quantity == Decimal(10)
