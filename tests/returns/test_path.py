"""A return from the approved plan to the goods in stock and the money that is not owed any more."""

from decimal import Decimal

from django.utils.translation import override

from complaints.returns import actions
from complaints.returns.models import ReturnNotice, ReturnReceipt
from crm.outbox.models import Message
from pickup.models import Record
from tests.returns.conftest import Yard
from tests.world import refused

D = Decimal


def test_an_approved_plan_drafts_the_notice_over_what_the_customer_complains_of(yard: Yard) -> None:
    notice = yard.drafted()
    row = notice.lines.get()
    assert (notice.status, notice.written_by, str(notice.warehouse)) == ("draft", None, "渝北自提点")
    assert (row.batch, row.quantity, row.came) == ("B1", D("9.000"), D("0"))
    told = Message.objects.filter(template="returns.news", recipient=yard.world.alice)
    assert told.count() == 1


def test_goods_in_good_order_are_stock_again_and_taken_off_what_is_owed(yard: Yard) -> None:
    notice = yard.signed("2")
    order = yard.order()
    assert (yard.stock(), yard.line()) == ((D("91.000"), D("1.000")), (D("9.000"), D("0.000")))
    assert (order.due, order.open_amount) == (D("1280.00"), D("1280.00"))
    notice = yard.receive(notice, good="2")
    order = yard.order()
    receipt = ReturnReceipt.objects.get()
    assert (yard.stock(), yard.line()) == ((D("93.000"), D("1.000")), (D("7.000"), D("2.000")))
    assert (order.due, order.open_amount, order.returned) == (D("1024.00"), D("1024.00"), D("256.00"))
    assert (notice.status, receipt.amount) == ("done", D("256.00"))
    assert yard.movements(receipt.number) == [("comeback", D("2.000"))]
    record = Record.objects.get(kind="return")
    assert (record.number, record.returns, record.lines.get().quantity) == (
        receipt.number,
        Record.objects.get(kind="handover"),
        D("-2.000"),
    )
    assert yard.fresh(notice.complaint).status == "carried_out"


def test_defective_goods_come_in_and_are_written_off_by_a_movement_of_their_own(yard: Yard) -> None:
    yard.receive(yard.signed("3"), good="1", defective="2")
    assert (yard.stock(), yard.line()) == ((D("92.000"), D("1.000")), (D("6.000"), D("3.000")))
    number = ReturnReceipt.objects.get().number
    assert yard.movements(number) == [("comeback", D("3.000")), ("write_off", D("-2.000"))]
    assert yard.order().due == D("896.00")


def test_goods_come_in_parts_and_the_notice_ends_with_the_last(yard: Yard) -> None:
    notice = yard.receive(yard.signed("5"), good="2")
    assert (notice.status, notice.lines.get().open_quantity) == ("expected", D("3.000"))
    assert yard.fresh(notice.complaint).status == "carrying_out"
    notice = yard.receive(notice, defective="3")
    assert (notice.status, yard.line(), yard.order().due) == ("done", (D("4.000"), D("5.000")), D("640.00"))
    assert yard.fresh(notice.complaint).status == "carried_out"


def test_the_rest_is_given_up_with_a_reason(yard: Yard) -> None:
    notice = yard.receive(yard.signed("5"), good="2")
    notice = actions.give_up_return(notice, by=yard.world.alice, reason="客户留用")
    assert (notice.status, notice.reason, yard.order().due) == ("done", "客户留用", D("1024.00"))
    with override("en"):
        assert notice.get_status_display() == "Finished"  # it does not say that the goods are back
    assert yard.fresh(notice.complaint).status == "carried_out"


def test_a_return_of_which_nothing_came_is_cancelled_and_not_given_up(yard: Yard) -> None:
    notice = yard.signed("5")
    with refused("nothing_came"):
        actions.give_up_return(notice, by=yard.world.alice, reason="客户留用")
    assert (yard.fresh(notice).status, yard.fresh(notice.complaint).status) == ("expected", "carrying_out")
    assert actions.cancel_return(yard.fresh(notice), by=yard.world.alice, reason="客户留用").status == "cancelled"


def test_more_than_is_open_is_refused_naming_the_line(yard: Yard) -> None:
    notice = yard.signed("2")
    with refused("too_much") as caught:
        yard.receive(notice, good="2", defective="1")
    assert "1. 配电箱 B1" in caught.value.sentence and "3" in caught.value.sentence


def test_nobody_signs_what_he_wrote(yard: Yard) -> None:
    notice = yard.drafted()
    notice = actions.change_return(notice, by=yard.world.boss, lines=yard.goods(notice), why="急")
    with refused("own_notice"):
        actions.sign_return(notice, by=yard.world.boss)
    other = yard.world.person("deputy", "sales_manager")
    assert actions.sign_return(notice, by=other).status == "expected"


def test_nothing_is_received_before_the_notice_is_signed(yard: Yard) -> None:
    notice = yard.written("2")
    with refused("wrong_state"):
        yard.receive(notice, good="2")
    assert ReturnNotice.objects.get().status == "draft"
