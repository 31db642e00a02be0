"""For every verb of the apps something that it can be done to, and input that it accepts, as REST writes it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crm import clock
from customers import actions as customers
from customers.models import Address, ChangeReport, Note, Task
from orders import actions as orders
from orders.contracts import actions as contracts
from orders.models import Handover, Milestone, Payment
from pickup import actions as pickup
from tests.world import SIGNATURE, World, scan

Ready = Callable[[World], tuple[Any, dict[str, Any]]]
TODAY = "2026-11-23"
NEXT_WEEK = "2026-11-30"


def _note(world: World) -> Note:
    return customers.note_information(by=world.root, name="成都某公司", text="新客户", owner=None)


def _task(world: World) -> Task:
    return customers.plan_task(world.customer, by=world.root, what="寄样品", due_on=clock.today())


def _report(world: World) -> ChangeReport:
    line = {"field": "region", "contact": None, "value": "成都"}
    return customers.report_change(world.customer, by=world.root, lines=[line], changed_on=clock.today())


def _document(world: World) -> Any:
    return customers.add_document(world.customer, by=world.root, kind="licence", number="91350100M000100Y43")


def _milestone(world: World) -> Milestone:
    return orders.add_milestone(world.accepted(), by=world.root, name="备货", due_on=clock.today())


def _handover(world: World) -> Handover:
    return Handover.objects.get(order=world.reviewed())


REQUIREMENTS = {"goods": "配电箱", "stated": "下月底前交货，送货上门", "legal": "3C 认证"}
REVIEW_FORM = {"delivery_on": "2026-12-03", "payment_terms": "credit", "payment_days": 0, "place": "重庆市渝北区"}
SUPPLEMENT = {
    "why": "客户增量",
    "agreed": "王小明，微信",
    "effective_on": TODAY,
    "lines": [{"position": 1, "quantity": "12"}],
    "delivery_on": NEXT_WEEK,
}
ARRANGED = {"said": "周五来车", "transport": "渝A12345", "ships_on": NEXT_WEEK}


def _requirement(world: World) -> Any:
    return contracts.note_requirements(world.customer, by=world.root, goods="配电箱", stated="月底前交货")


def _to_be_signed(world: World) -> Any:
    world.person("signer", "sales_manager")
    return world.form_filled()


def _copy_here(world: World) -> Any:
    return contracts.hand_in_signed_copy(world.contract_sent(), by=world.root, scan=scan())


def _shipment(world: World) -> Any:
    return contracts.arrange_shipment(
        world.contract_in_force(), by=world.root, said="周五来车", transport="渝A12345", ships_on=clock.today()
    )


def _short_of_funds(world: World) -> Any:
    contract = world.contract_in_force()
    contract.payment_terms = "prepay"
    contract.save()
    request = contracts.arrange_shipment(
        contract, by=world.root, said="周五来车", transport="渝A12345", ships_on=clock.today()
    )
    orders.enter_payment(contract.order, by=world.root, amount=contract.total)
    return request


def _all_done(world: World) -> Any:
    contract = world.contract_in_force()
    contract.order.lines.update(collected=10)
    orders.enter_payment(contract.order, by=world.root, amount=contract.total)
    return contract


def _payment(world: World) -> Payment:
    return orders.enter_payment(world.new_order(), by=world.root, amount=100)


def _answered(world: World) -> Any:
    from orders.inquiries import actions as inquiries

    return inquiries.answer_inquiry(world.new_inquiry(), by=world.root, answer="有货", reply="written")


def _authority(world: World) -> Any:
    return pickup.add_authority(
        world.customer, by=world.root, person="赵四", id_number="11010519491231002X", valid_until=clock.today()
    )


def _missed(world: World) -> Any:
    return pickup.miss_pickup(world.notified(), by=world.root)


def _suspended(world: World) -> Any:
    return customers.suspend_supply(world.customer, by=world.root, reason="逾期")


def _signed_off(world: World) -> Any:
    return orders.hand_in_sheet(world.collected(), by=world.root)


def _unpaid(world: World) -> Any:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    return world.notified()


def _sent_form(world: World) -> Any:
    from orders.applications import actions as applications

    assert world.product and world.type  # what he can order, and as what
    return applications.ask_to_apply(world.customer, by=world.root, contact=world.contact).sent_forms.get()


CONTACT = {"name": "李四", "preferred_channel": "phone", "language": "zh-hans", "mobile": "13900139000"}
HANDOVER = {"identity": "id_seen", "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}
AUTHORITY = {"person": "赵四", "id_number": "11010519491231002X", "valid_from": TODAY, "valid_until": NEXT_WEEK}


def _line(world: World) -> dict[str, Any]:
    return {"product": world.product.pk, "quantity": "2"}


def _application(world: World) -> dict[str, Any]:
    return {"customer": world.customer.pk, "type": world.type.pk, "wanted_on": NEXT_WEEK, "lines": [_line(world)]}


def _later(world: World) -> Any:
    return world.window(hours=30)


READY: dict[str, Ready] = {
    "customers.note_information": lambda w: (
        None,
        {"name": "成都某公司", "source": "call", "received_at": "2026-11-23T09:00:00+08:00", "text": "新客户"},
    ),
    "customers.enter_customer": lambda w: (_note(w), {"name": "成都某公司"}),
    "customers.match_note": lambda w: (_note(w), {"customer": w.customer.pk}),
    "customers.dismiss_note": lambda w: (_note(w), {"reason": "广告"}),
    "customers.create_customer": lambda w: (None, {"name": "成都某公司", "contacts": [{"name": "李四"}]}),
    "customers.verify_customer": lambda w: (w.customer, {}),
    "customers.change_customer": lambda w: (
        w.customer,
        {"name": "新名称", "kind": "company"},
    ),
    "customers.set_relation": lambda w: (w.customer, {"relation": "active"}),
    "customers.assign_customer": lambda w: (w.customer, {"owner": w.reader.pk}),
    "customers.set_payment_terms": lambda w: (w.customer, {"payment_terms": "credit", "payment_days": 30}),
    "customers.suspend_supply": lambda w: (w.customer, {"reason": "逾期"}),
    "customers.resume_supply": lambda w: (_suspended(w), {"reason": "已付清"}),
    "customers.add_contact": lambda w: (w.customer, CONTACT),
    "customers.change_contact": lambda w: (w.contact, CONTACT),
    "customers.retire_contact": lambda w: (w.contact, {}),
    "customers.add_address": lambda w: (w.customer, {"kind": "delivery", "text": "成都市"}),
    "customers.change_address": lambda w: (
        Address.objects.get(customer=w.customer),
        {"kind": "delivery", "text": "成都市"},
    ),
    "customers.add_document": lambda w: (w.customer, {"kind": "licence", "number": "91350100M000100Y43"}),
    "customers.renew_document": lambda w: (_document(w), {"expires_on": "2027-11-23"}),
    "customers.report_change": lambda w: (
        w.customer,
        {"changed_on": TODAY, "lines": [{"field": "region", "value": "成都"}]},
    ),
    "customers.tell_change": lambda w: (w.customer, {"text": "电话换了"}),
    "customers.decide_change": lambda w: (_report(w), {"accept": []}),
    "customers.log_contact": lambda w: (
        w.customer,
        {"channel": "phone", "direction": "out", "at": "2026-11-23T09:00:00+08:00", "what": "问候"},
    ),
    "customers.plan_task": lambda w: (w.customer, {"what": "寄样品", "due_on": NEXT_WEEK}),
    "customers.finish_task": lambda w: (_task(w), {}),
    "customers.drop_task": lambda w: (_task(w), {"reason": "不需要"}),
    "customers.ask_for_details": lambda w: (w.customer, {"contact": w.contact.pk}),
    "catalog.create_product": lambda w: (None, {"code": "P9", "name": "开关", "unit": w.piece.pk, "price": "9.90"}),
    "catalog.change_product": lambda w: (
        w.product,
        {"code": "P001", "name": "新配电箱", "unit": w.piece.pk, "tax_rate": "13"},
    ),
    "catalog.add_packing": lambda w: (
        w.product,
        {"unit": _pallet(w).pk, "factor": "480"},
    ),
    "catalog.set_price": lambda w: (w.product, {"valid_from": NEXT_WEEK, "price": "130", "lowest": "120"}),
    "catalog.discontinue_product": lambda w: (w.product, {}),
    "catalog.reinstate_product": lambda w: (_discontinued(w), {}),
    "inquiries.record_inquiry": lambda w: (None, {"name": "某公司", "matter": "价格？", "channel": "phone"}),
    "inquiries.take_inquiry": lambda w: (w.new_inquiry(), {}),
    "inquiries.pass_on_inquiry": lambda w: (w.new_inquiry(), {"owner": w.reader.pk}),
    "inquiries.answer_inquiry": lambda w: (w.new_inquiry(), {"answer": "有货", "reply": "mail"}),
    "inquiries.call_back": lambda w: (_answered(w), {"what": "已致电"}),
    "inquiries.link_customer": lambda w: (w.new_inquiry(), {"customer": w.customer.pk}),
    "inquiries.close_inquiry": lambda w: (w.new_inquiry(), {"reason": "无意向"}),
    "applications.ask_to_apply": lambda w: (w.customer, {"contact": w.contact.pk}),
    "applications.ask_inquirer_to_apply": lambda w: (
        w.new_inquiry(customer=w.customer),
        {"contact": w.contact.pk},
    ),
    "applications.fill_in_application": lambda w: (
        _sent_form(w),
        {"wanted_on": NEXT_WEEK, "lines": [{"what": "配电箱", "quantity": "2"}]},
    ),
    "orders.apply_order": lambda w: (None, _application(w)),
    "orders.take_over_order": lambda w: (None, _application(w)),
    "orders.order_inquiry": lambda w: (w.new_inquiry(), _application(w)),
    "orders.revise_order": lambda w: (
        w.new_order(draft=True),
        {"type": w.type.pk, "wanted_on": NEXT_WEEK, "lines": [_line(w)]},
    ),
    "orders.submit_order": lambda w: (w.new_order(draft=True), {}),
    "orders.allow_price": lambda w: (_cheap(w), {"reason": "老客户"}),
    "orders.ask_allow_price": lambda w: (_cheap(w), {"reason": "老客户"}),
    "orders.pass_review": lambda w: (w.new_order(), {}),
    "orders.send_back": lambda w: (w.new_order(), {"mend": "补电话"}),
    "orders.receive_handover": lambda w: (_handover(w), {}),
    "orders.allocate_order": lambda w: (w.reviewed(), {}),
    "orders.accept_order": lambda w: (w.allocated(), {}),
    "orders.decline_order": lambda w: (w.allocated(), {"reason": "太忙"}),
    "orders.pass_on_order": lambda w: (w.allocated(), {}),
    "orders.ask_to_confirm": lambda w: (w.accepted(), {}),
    "orders.confirm_order": lambda w: (w.accepted(), {"channel": "phone"}),
    "orders.ask_for_changes": lambda w: (w.accepted(), {"wishes": "改期"}),
    "orders.plan_order": lambda w: (w.accepted(), {"milestones": [{"name": "备货", "due_on": NEXT_WEEK}]}),
    "orders.add_milestone": lambda w: (w.accepted(), {"name": "备货", "due_on": NEXT_WEEK}),
    "orders.finish_milestone": lambda w: (_milestone(w), {}),
    "orders.move_milestone": lambda w: (_milestone(w), {"due_on": NEXT_WEEK, "reason": "缺料"}),
    "orders.drop_milestone": lambda w: (_milestone(w), {"reason": "不需要"}),
    "orders.report_progress": lambda w: (w.accepted(), {"progress": "一半", "given": "system"}),
    "orders.hold_session": lambda w: (
        w.accepted(),
        {"held_at": TODAY, "departments": [w.sales.pk], "topic": "缺料", "minutes": "周三到货"},
    ),
    "orders.tell_progress": lambda w: (w.accepted(), {"text": "一半"}),
    "orders.advise_shipping": lambda w: (
        w.confirmed(fulfilment="delivery", place="渝北"),
        {"ships_on": NEXT_WEEK, "goods": "配电箱 10 台"},
    ),
    "orders.enter_payment": lambda w: (
        w.new_order(),
        {"amount": "100.00", "received_on": TODAY, "method": "transfer"},
    ),
    "orders.reverse_payment": lambda w: (_payment(w), {"reason": "录错"}),
    "orders.note_collection": lambda w: (w.ready(), {}),
    "orders.reopen_collection": lambda w: (w.ready(), {}),
    "orders.hand_in_sheet": lambda w: (w.collected(), {}),
    "orders.close_order": lambda w: (_signed_off(w), {}),
    "orders.amend_order": lambda w: (w.confirmed(), {}),
    "orders.cancel_order": lambda w: (w.new_order(), {"reason": "客户取消"}),
    "contracts.follow_terms": lambda w: (w.confirmed(), {}),
    "contracts.note_requirements": lambda w: (w.customer, REQUIREMENTS),
    "contracts.record_requirements": lambda w: (w.new_order(), REQUIREMENTS),
    "contracts.change_requirement": lambda w: (_requirement(w), REQUIREMENTS),
    "contracts.send_sample": lambda w: (
        _requirement(w),
        {"batch": "B20261120", "sent_how": "顺丰 SF1234", "sent_on": TODAY},
    ),
    "contracts.note_sample_answer": lambda w: (
        _requirement(w),
        {"accepted": "accepted", "answered_on": TODAY, "answered_how": "phone"},
    ),
    "contracts.record_acceptance": lambda w: (w.accepted(), {"accepted_by": "phone", "accepted_words": "可以"}),
    "contracts.classify_contract": lambda w: (w.spoken(), {"kind": "special", "class_reason": "非标"}),
    "contracts.fill_in_form": lambda w: (w.classified(), REVIEW_FORM),
    "contracts.begin_review": lambda w: (w.form_filled(), {}),
    "contracts.end_review": lambda w: (w.form_filled(), {}),
    "contracts.ask_pass_contract": lambda w: (_to_be_signed(w), {}),
    "contracts.pass_contract": lambda w: (w.form_filled(), {}),
    "contracts.make_contract": lambda w: (w.contract_passed(), {"signed_place": "重庆"}),
    "contracts.send_contract": lambda w: (w.contract_made(), {}),
    "contracts.hand_in_signed_copy": lambda w: (w.contract_sent(), {"scan": scan()}),
    "contracts.mark_returned": lambda w: (_copy_here(w), {"signed_on": TODAY}),
    "contracts.archive_contract": lambda w: (w.contract_in_force(), {"archive_place": "A 柜 3 盒"}),
    "contracts.arrange_shipment": lambda w: (w.contract_in_force(), ARRANGED),
    "contracts.request_again": lambda w: (_short_of_funds(w), {}),
    "contracts.take_up_shipment": lambda w: (_shipment(w), {}),
    "contracts.withdraw_shipment": lambda w: (_shipment(w), {"reason": "客户改期"}),
    "contracts.mark_executed": lambda w: (_all_done(w), {}),
    "contracts.resume_contract": lambda w: (contracts.mark_executed(_all_done(w), by=w.root), {"reason": "付款撤销"}),
    "contracts.draft_supplement": lambda w: (w.contract_in_force(), SUPPLEMENT),
    "contracts.revise_supplement": lambda w: (w.supplement(), {**SUPPLEMENT, "place": "成都市"}),
    "contracts.ask_apply_supplement": lambda w: (w.supplement(), {}),
    "contracts.apply_supplement": lambda w: (w.supplement(), {}),
    "contracts.drop_supplement": lambda w: (w.supplement(), {"reason": "不改了"}),
    "contracts.move_contract_date": lambda w: (w.contract_in_force(), {}),
    "contracts.end_contract": lambda w: (w.contract_in_force(), {}),
    "contracts.cancel_contract": lambda w: (w.spoken(), {"reason": "客户反悔"}),
    "stock.receive_goods": lambda w: (
        None,
        {"warehouse": w.warehouse.pk, "lines": [{"product": w.product.pk, "quantity": "5"}]},
    ),
    "stock.count_stock": lambda w: (
        None,
        {"warehouse": w.warehouse.pk, "reason": "盘点", "lines": [{"product": w.product.pk, "quantity": "5"}]},
    ),
    "pickup.check_stock": lambda w: (w.confirmed(), {"warehouse": w.warehouse.pk, "sound": True}),
    "pickup.take_part": lambda w: (_short_of_some(w), {"warehouse": w.warehouse.pk, "agreed": "电话"}),
    "pickup.agree_later": lambda w: (w.short(), {"wanted_on": NEXT_WEEK, "agreed": "电话"}),
    "pickup.substitute": lambda w: _substitution(w),
    "pickup.plan_pickup": lambda w: (w.ready(), {"window": w.window().pk}),
    "pickup.send_notice": lambda w: (w.planned(), {}),
    "pickup.confirm_pickup": lambda w: (w.notified(), {}),
    "pickup.move_pickup": lambda w: (w.notified(), {"window": _later(w).pk}),
    "pickup.remind_customer": lambda w: (w.notified(), {}),
    "pickup.ask_by_phone": lambda w: (w.notified(), {}),
    "pickup.cancel_pickup": lambda w: (w.notified(), {"reason": "客户取消"}),
    "pickup.deliver_order": lambda w: (
        w.ready(fulfilment="delivery", place="成都市"),
        {
            "at": "2026-11-23T09:00:00+08:00",
            "place": "成都市",
            "receiver": "赵四",
            "prepared": ["packaging", "documents", "transport"],
        },
    ),
    "pickup.release_stock": lambda w: (w.ready(), {"reason": "破损"}),
    "pickup.call_off": lambda w: (w.ready(), {"reason": "客户取消"}),
    "pickup.waive_rest": lambda w: (_partly_collected(w), {"reason": "余量不要了"}),
    "pickup.add_authority": lambda w: (w.customer, AUTHORITY),
    "pickup.name_collector": lambda w: (w.notified(), AUTHORITY),
    "pickup.revoke_authority": lambda w: (_authority(w), {"reason": "离职"}),
    "pickup.arrive": lambda w: (w.notified(), {}),
    "pickup.hand_over": lambda w: (w.notified(), HANDOVER),
    "pickup.hand_over_anyway": lambda w: (_unpaid(w), {**HANDOVER, "override": "经理同意"}),
    "pickup.reverse_handover": lambda w: (w.handed_over(), {"reason": "拿错"}),
    "pickup.reverse_later": lambda w: (w.handed_over(), {"reason": "拿错"}),
    "pickup.miss_pickup": lambda w: (w.notified(), {}),
}


def _pallet(world: World) -> Any:
    from orders.catalog.models import Unit

    return Unit.objects.create(code="托", name="托")


def _discontinued(world: World) -> Any:
    from orders.catalog import actions as catalog

    return catalog.discontinue_product(world.product, by=world.root)


def _short_of_some(world: World) -> Any:
    world.receive("4")
    return world.short()


def _partly_collected(world: World) -> Any:
    found = world.notified()
    line = {"line": found.order.lines.get(), "quantity": Decimal(4), "difference": "只要一部分"}
    pickup.hand_over(found, by=world.root, identity="id_seen", lines=[line])
    return found.order


def _cheap(world: World) -> Any:
    order = world.new_order()
    order.lines.update(price=1, lowest=100)
    order.low_price = True
    order.save()
    return order


def _substitution(world: World) -> tuple[Any, dict[str, Any]]:
    order = world.short()
    return order, {"line": order.lines.get().pk, "product": world.new_product("P002").pk, "agreed": "电话"}
