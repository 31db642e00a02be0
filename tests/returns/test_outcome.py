"""How a return carries a complaint's plan out, and what an urgent one does before there is a plan."""

import base64
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from complaints import actions as complaints
from complaints.models import Complaint
from complaints.returns import actions
from complaints.returns.models import ReturnNotice
from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from customers.models import Customer
from pickup import actions as pickup
from pickup.stock.models import Warehouse
from tests.returns.conftest import Yard
from tests.world import SIGNATURE, refused, scan, shanghai

D = Decimal
CALL = {"phoned_to": "开单处小李", "urgent": "客户停工待料"}


def news(of: User) -> list[str]:
    """What somebody was told about returns, by the kind in the subject, the oldest first."""
    rows = Message.objects.filter(template="returns.news", recipient=of, channel="notice").order_by("pk")
    return [row.text("zh-hans")["subject"].partition("：")[2] for row in rows]


def paperwork(notice: ReturnNotice) -> Deadline:
    return Deadline.objects.about(notice).get(rule="complaint.paperwork")


def test_a_complaint_without_goods_cannot_end_with_a_return(yard: Yard) -> None:
    Customer.objects.filter(pk=yard.world.customer.pk).update(owner=yard.world.alice)
    given = {"channel": "hotline", "category": "service", "content": "电话无人接听"}
    complaint = complaints.receive_complaint(yard.world.customer, by=yard.world.alice, **given)
    yard.register(complaint, category="service")
    complaints.form_team(yard.fresh(complaint), by=yard.world.alice, lead=yard.world.alice, tasks=yard.team(complaint))
    yard.find(yard.fresh(complaint))
    with refused("nothing_left"):
        yard.write(yard.fresh(complaint), outcome="return")


def test_the_plan_is_done_with_the_last_measure_only_when_the_goods_are_back(yard: Yard) -> None:
    complaint = yard.write(yard.found(), outcome="return")
    complaints.record_agreement(complaint, by=yard.world.alice, channel="phone", words="同意")
    complaints.sign_opinion(yard.fresh(complaint), by=yard.world.boss, text="同意按方案处理")
    yard.decide(ACTIONS["complaints.ask_approve_plan"](yard.fresh(complaint), by=yard.world.alice))
    for measure in complaint.measures.filter(kind="remedy"):
        complaints.finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan("proof.pdf"))
    assert yard.fresh(complaint).status == "carrying_out"
    yard.receive(yard.signed("1", complaint), good="1")
    assert yard.fresh(complaint).status == "carried_out"


def test_a_changed_plan_cancels_what_is_not_back_yet(yard: Yard) -> None:
    notice = yard.signed("2")
    complaints.change_plan(yard.fresh(notice.complaint), by=yard.world.alice, reason="客户改要换货")
    notice = yard.fresh(notice)
    assert (notice.status, bool(notice.reason), notice.ended_at) == ("cancelled", True, clock.now())
    assert yard.fresh(notice.complaint).status == "found"


def test_a_plan_of_which_goods_are_back_is_not_changed(yard: Yard) -> None:
    notice = yard.receive(yard.signed("2"), good="1")
    with refused("goods_back"):
        complaints.change_plan(yard.fresh(notice.complaint), by=yard.world.alice, reason="客户改要换货")


def test_an_urgent_return_is_received_before_its_paper_is_signed(yard: Yard) -> None:
    complaint = yard.registered()
    notice = actions.order_return_by_phone(complaint, by=yard.world.boss, **CALL)
    assert (notice.status, notice.lines.get().quantity) == ("expected", D("9.000"))
    assert (paperwork(notice).due_at, paperwork(notice).outcome) == (shanghai(24, 9, 30), "")
    assert paperwork(notice).responsible == yard.world.alice
    notice = yard.receive(notice, good="9")
    assert (notice.status, notice.signed_at, yard.order().due) == ("done", None, D("128.00"))
    with refused("not_written"):
        actions.sign_return(notice, by=yard.world.boss)
    notice = actions.change_return(notice, by=yard.world.alice, lines=yard.goods(notice), why="划伤")
    notice = actions.sign_return(notice, by=yard.world.boss)
    assert (notice.status, notice.signed_by, paperwork(notice).outcome) == ("done", yard.world.boss, "met")


def test_the_paper_of_an_urgent_return_is_late_after_a_working_day(yard: Yard) -> None:
    notice = actions.order_return_by_phone(yard.registered(), by=yard.world.boss, **CALL)
    assert paperwork(notice).due_at - clock.now() == timedelta(days=1)


def test_the_supervisor_may_telephone_and_a_salesperson_may_not(yard: Yard) -> None:
    complaint = yard.registered()
    with refused("forbidden"):
        actions.order_return_by_phone(complaint, by=yard.world.alice, **CALL)
    inspector = yard.world.person("inspector", "supervisor")
    assert actions.order_return_by_phone(complaint, by=inspector, **CALL).phoned_by == inspector


def test_a_return_that_came_before_the_plan_is_the_plans_return(yard: Yard) -> None:
    complaint = yard.registered()
    notice = actions.order_return_by_phone(complaint, by=yard.world.boss, **CALL)
    yard.receive(notice, good="9")
    notice = actions.change_return(yard.fresh(notice), by=yard.world.alice, lines=yard.goods(notice), why="划伤")
    complaint = yard.fresh(complaint)
    complaints.form_team(complaint, by=yard.world.alice, lead=yard.world.alice, tasks=yard.team(complaint))
    yard.evidence(yard.fresh(complaint))
    yard.find(yard.fresh(complaint))
    yard.plan(yard.fresh(complaint))
    assert ReturnNotice.objects.count() == 1
    assert yard.fresh(complaint).status == "carrying_out"  # the paper is not signed yet
    actions.sign_return(yard.fresh(notice), by=yard.world.boss)
    assert yard.fresh(complaint).status == "carried_out"


def test_two_notices_never_ask_the_same_goods_back(yard: Yard) -> None:
    notice = yard.written("5")
    complaint = yard.fresh(notice.complaint)
    with refused("more_than_left") as caught:
        actions.write_return(
            complaint, by=yard.world.alice, lines=[{**yard.goods(notice)[0], "quantity": D(5)}], why="再退"
        )
    assert "4" in caught.value.sentence
    lines = [{**yard.goods(notice)[0], "quantity": D(4)}]
    assert actions.write_return(complaint, by=yard.world.alice, lines=lines, why="再退").lines.get().quantity == 4


def test_a_handover_that_was_taken_back_has_nothing_to_receive(yard: Yard) -> None:
    notice = yard.signed("2")
    pickup.reverse_later(yard.fresh(notice.complaint.pickup), by=yard.world.root, reason="错")
    with refused("taken_back"):
        yard.receive(notice, good="2")


def test_everybody_concerned_is_told(yard: Yard, desk_clerk: User) -> None:
    notice = yard.receive(yard.signed("2"), good="2")
    assert news(yard.world.alice) == ["请开具退货通知单", "请办理退货入库", "货物已退回"]
    assert news(yard.world.boss) == ["请签批退货通知单"]
    assert (news(desk_clerk), news(yard.world.clerk)) == (["请办理退货入库"], ["请办理退货入库"])
    assert Complaint.objects.visible_to(desk_clerk).filter(pk=notice.complaint_id).exists()
    mail = Message.objects.get(template="returns.bring", channel="mail")
    said = mail.text("zh-hans")
    assert ("渝北自提点" in said["body"], notice.number in said["subject"]) == (True, True)


def test_the_notice_is_sent_back_and_written_anew(yard: Yard) -> None:
    notice = actions.send_return_back(yard.written("5"), by=yard.world.boss, mend="只退两台")
    assert (notice.written_by, notice.mend) == (None, "只退两台")
    notice = actions.change_return(notice, by=yard.world.alice, lines=yard.goods(notice, "2"), why="划伤")
    assert (notice.mend, notice.lines.get().quantity) == ("", D("2.000"))


def test_a_return_is_cancelled_until_something_came(yard: Yard) -> None:
    notice = yard.receive(yard.signed("5"), good="1")
    with refused("goods_back"):
        actions.cancel_return(notice, by=yard.world.alice, reason="不退了")
    second = yard.fresh(notice)
    assert second.status == "expected"


def test_the_clerk_sees_the_returns_of_his_warehouse_and_a_stranger_none(yard: Yard) -> None:
    notice = yard.signed("2")
    other = yard.world.person("other", "counter")
    assert ReturnNotice.objects.visible_to(yard.world.clerk).get() == notice
    assert ReturnNotice.objects.visible_to(yard.world.alice).get() == notice
    assert not ReturnNotice.objects.visible_to(other).exists()
    assert not ReturnNotice.objects.visible_to(yard.world.charlie).exists()


def test_the_same_click_twice_receives_once(yard: Yard) -> None:
    notice = yard.signed("5")
    line = {"line": notice.lines.get(), "good": D(2), "defective": D(0)}
    given: dict[str, Any] = {"by": yard.world.clerk, "brought_by": "王小明", "lines": [line], "key": "click"}
    actions.receive_return(yard.fresh(notice), **given)
    actions.receive_return(yard.fresh(notice), **given)
    assert (yard.line(), yard.fresh(notice).receipts.count()) == ((D("7.000"), D("2.000")), 1)


def test_every_page_shows_the_return(yard: Yard, client: Client) -> None:
    drawn = ContentFile(base64.b64decode(SIGNATURE.partition(",")[2]), "signature.png")
    notice = yard.receive(
        yard.signed("5"), good="1", defective="1", paper=scan("receipt.pdf"), customer_signature=drawn
    )
    client.force_login(yard.world.root)
    receipt = notice.receipts.get()
    assert (receipt.paper.name, receipt.clerk_signature) == ("receipt.pdf", None)
    pages = (
        notice.get_absolute_url(),
        notice.complaint.get_absolute_url(),
        notice.order.get_absolute_url(),
        notice.complaint.pickup.get_absolute_url(),
        "/returns/",
        "/returns/?tab=to_come",
    )
    for page in pages:
        assert notice.number in client.get(page).content.decode(), page
    paper = client.get(f"/returns/{notice.pk}/print/").content.decode()
    assert ("1. 配电箱" in paper, "B1" in paper, "Boss" in paper) == (True, True, True)
    paper = client.get(f"/returns/receipts/{receipt.pk}/print/").content.decode()
    assert (receipt.number in paper, receipt.customer_signature.get_absolute_url() in paper) == (True, True)
    assert f"/complaints/{notice.complaint_id}/report/" in client.get(notice.get_absolute_url()).content.decode()
    report = client.get(f"/complaints/{notice.complaint_id}/report/").content.decode()
    assert (notice.number in report, receipt.number in report) == (True, True)
    dialog = client.get(f"/do/returns.receive_return/{notice.pk}/").content.decode()
    assert 'value="3.000"' in dialog


def test_a_warehouse_system_receives_by_rest(yard: Yard, client: Client) -> None:
    notice = yard.signed("5")
    client.force_login(yard.world.clerk)
    row = notice.lines.get()
    answer = client.get(f"/api/v1/returns/{notice.pk}/").json()
    assert (answer["number"], answer["lines"][0]["open_quantity"]) == (notice.number, "5.000")
    sent = {"brought_by": "司机", "lines": [{"line": row.pk, "good": "4", "defective": "2"}]}
    said = client.post(f"/api/v1/returns/{notice.pk}/returns.receive_return/", sent, content_type="application/json")
    assert (said.status_code, said.json()["error"]["code"]) == (409, "too_much")
    sent["lines"][0]["defective"] = "1"  # type: ignore[index]
    said = client.post(f"/api/v1/returns/{notice.pk}/returns.receive_return/", sent, content_type="application/json")
    assert (said.status_code, yard.fresh(notice).status, yard.stock()[0]) == (200, "done", D("95.000"))


@pytest.mark.parametrize("role", ["counter", "warehouse", "order_desk"])
def test_counter_warehouse_and_slip_desk_take_goods_in(yard: Yard, role: str) -> None:
    notice = yard.signed("1")
    by = yard.world.person("taker", role, department=yard.heads["warehouse"].department)
    yard.world.warehouse.clerks.add(by)
    assert yard.receive(notice, good="1", by=by).status == "done"


def test_a_keeper_of_another_warehouse_takes_nothing_in(yard: Yard) -> None:
    notice = yard.signed("1")
    by = yard.world.person("elsewhere", "warehouse", department=yard.heads["warehouse"].department)
    with refused("other_warehouse"):
        yard.receive(notice, good="1", by=by)
    assert (yard.line(), yard.fresh(notice).status) == ((D("9.000"), D("0.000")), "expected")


def test_a_clerk_at_the_counter_of_another_warehouse_does_not_see_what_comes_back_here(yard: Yard) -> None:
    notice = yard.signed("1")
    by = yard.world.person("elsewhere", "counter", department=yard.heads["warehouse"].department)
    with pytest.raises(ReturnNotice.DoesNotExist):
        yard.receive(notice, good="1", by=by)
    assert (yard.line(), yard.fresh(notice).status) == ((D("9.000"), D("0.000")), "expected")


def test_the_slip_desk_takes_goods_in_wherever_they_come(yard: Yard, desk_clerk: User) -> None:
    assert yard.receive(yard.signed("1"), good="1", by=desk_clerk).status == "done"


def test_a_telephoned_return_that_is_moved_is_told_at_both_warehouses_and_to_the_customer(yard: Yard) -> None:
    notice = actions.order_return_by_phone(yard.registered(), by=yard.world.boss, **CALL)
    other = Warehouse.objects.create(name="江北仓库", address="江北路 1 号")
    there = yard.world.person("there", "counter")
    other.clerks.add(there)
    given: dict[str, Any] = {"by": yard.world.alice, "lines": yard.goods(notice), "why": "划伤"}
    notice = actions.change_return(notice, warehouse=other, **given)
    assert news(there) == ["退货地点变更"]
    assert news(yard.world.clerk) == ["电话通知急退", "退货地点变更"]
    mails = Message.objects.filter(template="returns.bring", channel="mail").order_by("pk")
    assert ["江北仓库" in each.text("zh-hans")["body"] for each in mails] == [False, True]
    actions.change_return(yard.fresh(notice), warehouse=other, **given)
    assert (news(there), mails.count()) == (["退货地点变更"], 2)
