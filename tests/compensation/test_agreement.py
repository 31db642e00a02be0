"""The supplementary agreement on a compensation from the approved plan to its force, and who does what (KC 5.2.3.3)."""

from decimal import Decimal
from typing import Any

import pytest

from complaints import actions as complaints
from complaints.actions.measures import finish_measure
from complaints.compensation import actions
from complaints.compensation.models import LINK_PURPOSE, Agreement
from complaints.models import Complaint
from complaints.telling import let_see
from complaints.unfinished import unfinished
from crm import clock
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import Attachment
from crm.refusals import Forbidden
from orders.contracts.models import Contract
from orders.models import Allowance, Order
from tests.compensation.conftest import Desk, figures
from tests.world import nothing_moves, refused, scan

AMOUNT = Decimal("120.00")


def drafted(desk: Desk) -> Agreement:
    return desk.agreement(desk.decided("compensation", amount=AMOUNT, compensation="补偿返工费"))


def told(username: str, step: str) -> bool:
    rows = Message.objects.filter(template="compensation.step", recipient__username=username)
    return rows.filter(key__contains=f"compensation-{step}-").exists()


def test_the_approved_plan_makes_the_agreement_word_for_word(desk: Desk) -> None:
    agreement = drafted(desk)
    assert (agreement.number, agreement.status, agreement.amount) == ("BC2026-000001", "drafted", AMOUNT)
    assert agreement.order is not None and agreement.contract is None
    assert agreement.text.splitlines() == [
        f"鉴于需方就订单 {agreement.order} 项下货物提出客户投诉（投诉编号 TS2026-000001），"
        "经查明情况并由双方协商一致，订立本补充协议：",
        "一、处理办法：更换两台柜门",
        "二、赔偿内容：补偿返工费",
        f"三、赔偿金额：￥120.00（人民币壹佰贰拾元整，含税），由供方从订单 {agreement.order} 的应付货款中扣减；"
        "需方已付清货款的，由供方退还。已开具发票的，供方就该金额开具红字发票。",
        "四、除上述约定外，原订单其余条款不变；本协议与原订单具有同等效力。需方确认就上述投诉事项不再另行主张赔偿。",
        "五、本协议一式两份，双方各执一份，自双方签字盖章之日起生效。",
    ]
    assert told("boss", "sign") and not told("alice", "sign")
    assert Agreement.objects.visible_to(desk.support).exists()


def test_an_agreement_about_an_order_under_contract_is_a_part_of_the_contract(desk: Desk) -> None:
    complaint = desk.planned("compensation", amount=AMOUNT)
    order = desk.order(complaint)
    contract = Contract.objects.create(
        number="CT2026-000009",
        status="in_force",
        kind="regular",
        order=order,
        customer=order.customer,
        owner=desk.world.alice,
        recorded_by=desk.world.alice,
        accepted_at=clock.now(),
        total=order.total,
    )
    desk.decide(desk.ask(complaint))
    agreement = desk.agreement(complaint)
    assert agreement.contract == contract
    assert f"就合同 CT2026-000009（订单 {order}）项下货物" in agreement.text
    assert "除上述约定外，原合同其余条款不变" in agreement.text
    desk.in_force(complaint)
    assert figures(order)["due"] == "1160.00"


def test_it_is_signed_sealed_sent_and_comes_back(desk: Desk) -> None:
    agreement = drafted(desk)
    actions.sign_agreement(agreement, by=desk.world.boss)
    assert (agreement.status, agreement.signed_by) == ("signed", desk.world.boss)
    assert told("support", "seal")
    actions.seal_agreement(agreement, by=desk.support, scan=scan("ours.pdf"))
    assert (agreement.status, agreement.sealed_by) == ("sealed", desk.support)
    assert told("alice", "send")
    actions.send_agreement(agreement, by=desk.world.alice)
    assert Link.objects.filter(purpose=LINK_PURPOSE, status="active").count() == 1
    links = User.objects.system("links")
    actions.hand_in_agreement(agreement, by=links, name="王小明", scan=scan("his.pdf"))
    assert (agreement.status, agreement.his_name) == ("sealed", "王小明")
    assert told("support", "copy") and told("alice", "copy")
    actions.return_agreement(agreement, by=desk.support, his_name="王小明", his_day=clock.today())
    assert (agreement.status, agreement.due_before) == ("in_force", Decimal("1280.00"))
    assert agreement.allowance == Allowance.objects.get()
    assert Attachment.objects.about(agreement).count() == 2
    assert told("alice", "in_force")


def test_who_wrote_the_plan_neither_signs_nor_seals(desk: Desk) -> None:
    agreement = drafted(desk)
    desk.world.alice.groups.add(*desk.world.boss.groups.all())
    alice = User.objects.get(pk=desk.world.alice.pk)
    with refused("own_plan"):
        actions.sign_agreement(agreement, by=alice)
    actions.sign_agreement(agreement, by=desk.world.boss)
    with refused("own_plan"):
        actions.seal_agreement(agreement, by=alice)


def test_only_a_manager_signs_and_only_who_keeps_the_seal_seals(desk: Desk) -> None:
    agreement = drafted(desk)
    with pytest.raises(Forbidden), nothing_moves():
        actions.sign_agreement(agreement, by=desk.support)
    actions.sign_agreement(agreement, by=desk.world.boss)
    with pytest.raises(Forbidden), nothing_moves():
        actions.seal_agreement(agreement, by=desk.world.alice)


def test_it_is_signed_once(desk: Desk) -> None:
    agreement = desk.in_force(desk.decided("compensation", amount=AMOUNT))
    order = agreement.order
    assert order is not None
    for verb, given in (
        (actions.sign_agreement, {}),
        (actions.return_agreement, {"his_name": "王", "his_day": clock.today(), "scan": scan()}),
    ):
        with refused("wrong_state"):
            verb(desk.fresh(agreement), by=desk.world.boss, **given)
    assert figures(order)["due"] == "1160.00"


def test_without_his_copy_nothing_is_in_force(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    agreement = desk.sealed(complaint)
    with refused("no_copy"):
        actions.return_agreement(agreement, by=desk.support, his_name="王小明", his_day=clock.today())
    assert figures(desk.order(complaint))["due"] == "1280.00"


def test_measures_done_wait_for_the_agreement_and_the_agreement_for_them(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    assert desk.finish(complaint).status == "carrying_out"
    desk.in_force(complaint)
    assert desk.fresh(complaint).status == "carried_out"


def test_the_agreement_first_and_the_last_measure_then(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    desk.in_force(complaint)
    assert desk.fresh(complaint).status == "carrying_out"
    measure = complaint.measures.get(kind="remedy")
    finish_measure(measure, by=measure.owner, outcome="已完成", proof=scan())
    assert desk.fresh(complaint).status == "carried_out"


def test_compensation_in_goods_needs_the_signed_agreement_only(desk: Desk) -> None:
    complaint = desk.decided("compensation", compensation="赠送门锁两套")
    agreement = desk.in_force(complaint)
    assert (agreement.amount, agreement.allowance) == (None, None)
    assert figures(desk.order(complaint))["due"] == "1280.00"
    assert desk.finish(complaint).status == "carried_out"


def test_a_changed_plan_withdraws_the_agreement_and_its_link(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    agreement = actions.send_agreement(desk.sealed(complaint), by=desk.world.alice)
    complaints.change_plan(complaint, by=desk.world.boss, reason="客户改主意")
    assert desk.fresh(agreement).status == "dropped"
    assert not Link.objects.filter(purpose=LINK_PURPOSE, status="active").exists()
    with refused("wrong_state"):
        actions.return_agreement(
            desk.fresh(agreement), by=desk.support, his_name="王", his_day=clock.today(), scan=scan()
        )
    again = desk.decided("compensation", complaint=desk.fresh(complaint), amount=Decimal("80.00"))
    assert desk.agreement(again).number == "BC2026-000002"
    desk.in_force(again)
    assert figures(desk.order(complaint))["due"] == "1200.00"


def test_a_plan_whose_agreement_is_in_force_is_not_changed(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    desk.in_force(complaint)
    with refused("in_force"):
        complaints.change_plan(desk.fresh(complaint), by=desk.world.boss, reason="客户改主意")
    assert desk.fresh(complaint).status == "carrying_out"


def test_a_plan_that_takes_off_too_much_is_not_written(desk: Desk) -> None:
    complaint = desk.found()
    for outcome in ("compensation", "discount"):
        with refused("more_than_due"):
            desk.write(complaint, outcome=outcome, amount=Decimal("1280.01"))
    with refused("no_amount"):
        desk.write(complaint, outcome="discount")
    Order.objects.filter(pk=complaint.order_id).update(status="cancelled")
    with refused("not_reducible"):
        desk.write(desk.fresh(complaint), outcome="discount", amount=AMOUNT)


def test_an_amount_needs_an_order_and_goods_do_not(desk: Desk) -> None:
    complaint = desk.found()
    Complaint.objects.filter(pk=complaint.pk).update(order=None, pickup=None)
    complaint = desk.fresh(complaint)
    for outcome in ("compensation", "discount"):
        with refused("no_order"):
            desk.write(complaint, outcome=outcome, amount=AMOUNT)
    found = desk.agreement(desk.decided("compensation", complaint=complaint, compensation="赠送门锁两套"))
    assert found.order is None and "双方往来" in found.text


def test_an_order_that_costs_less_by_then_is_not_reduced(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=Decimal("1000.00"))
    agreement = desk.sealed(complaint)
    Order.objects.filter(pk=complaint.order_id).update(settled=Decimal("900.00"))
    with refused("more_than_due"):
        actions.return_agreement(agreement, by=desk.support, his_name="王", his_day=clock.today(), scan=scan())


def test_an_order_that_is_gone_when_the_plan_is_approved_stops_it(desk: Desk) -> None:
    complaint = desk.planned("discount", amount=AMOUNT)
    Order.objects.filter(pk=complaint.order_id).update(settled=Decimal("100.00"))
    request = desk.ask(complaint)
    desk.decide(request)
    request = ApprovalRequest.objects.get(pk=request.pk)
    assert (desk.fresh(complaint).status, request.status) == ("deciding", "failed")
    assert "100.00" in request.problem
    assert not Allowance.objects.exists()
    approvals.withdraw(request, by=desk.world.alice, reason="金额过高")
    assert desk.fresh(complaint).status == "found"


def test_an_agreement_is_unfinished_until_both_have_signed_it(desk: Desk) -> None:
    complaint = desk.decided("compensation", amount=AMOUNT)
    found = unfinished(complaint)
    assert found is not None and found.code == "agreement_open"
    desk.in_force(complaint)
    assert unfinished(complaint) is None


def test_who_signed_for_us_does_not_find_that_the_customer_has_signed(desk: Desk) -> None:
    agreement = desk.sealed(desk.decided("compensation", amount=AMOUNT))
    given: Any = {"his_name": "王小明", "his_day": clock.today(), "scan": scan()}
    with refused("own_signature"):
        actions.return_agreement(agreement, by=desk.world.boss, **given)
    assert not Allowance.objects.exists()
    assert actions.return_agreement(desk.fresh(agreement), by=desk.support, **given).status == "in_force"


def test_it_is_sent_by_who_carries_the_complaint_or_keeps_the_seal(desk: Desk) -> None:
    agreement = desk.sealed(desk.decided("compensation", amount=AMOUNT))
    other = desk.world.person("helper", "sales")
    let_see(agreement.complaint, users=[other])
    with refused("not_carrying"):
        actions.send_agreement(agreement, by=other)
    assert not Link.objects.filter(purpose=LINK_PURPOSE).exists()
    actions.send_agreement(agreement, by=desk.support)
    assert Link.objects.filter(purpose=LINK_PURPOSE, status="active").count() == 1
