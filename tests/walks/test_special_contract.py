"""A special contract through REST, each step by its role: from the requirement record to executed (KC 5.1, JD 7)."""

from datetime import timedelta
from decimal import Decimal

from crm import clock
from customers.credit import actions as credit
from customers.credit.models import RatingChange
from orders.models import Order
from tests.walks.conftest import Customer, House
from tests.world import MORNING, SIGNATURE, scan

NEXT_MONTH = "2026-12-21"
HANDED = {"identity": "id_seen", "customer_signature": SIGNATURE, "clerk_signature": SIGNATURE}
AHEAD = {
    "ceiling": "10360.00",
    "expires_on": "2026-11-27",
    "promised_on": "2026-11-30",
    "situation": "三年来均按时付款",
    "why": "工地停工待料",
}


def test_a_special_contract_is_carried_out(house: House, customer: Customer) -> None:
    world, do, sign, seller = house.world, house.do, house.sign, house.people["sales"].pk
    world.type  # noqa: B018 - orders need a type
    buyer = world.new_customer(payment_terms="prepay")
    do("sales_manager", f"customers/{buyer.pk}/customers.assign_customer", owner=seller)
    world.receive("500")

    # His credit is assessed by the salesperson and decided by finance: rating B; this order he pays first all the same.
    credit.set_up_ratings(by=world.root)
    judged = {f"{aspect}_score": 75 for aspect in ("operations", "finances", "payment")}
    said = {"operations": "经营稳定", "finances": "负债率 40%", "payment": "三年无逾期"}
    rated = do("sales", f"customers/{buyer.pk}/credit.assess_customer", **judged, **said)
    do("sales", f"assessments/{rated['pk']}/credit.ask_put_in_force")
    sign("finance")
    do("finance", f"customers/{buyer.pk}/customers.set_payment_terms", payment_terms="prepay")

    # What he requires, and the order, which is to be paid before it is collected.
    wanted = {"customer": buyer.pk, "wanted_on": NEXT_MONTH}
    order = do("sales", "orders.apply_order", lines=[{"product": world.product.pk, "quantity": "100"}], **wanted)
    place = f"orders/{order['pk']}"
    need = do("sales", f"{place}/contracts.record_requirements", goods="配电箱", stated="分两批", legal="3C 认证")
    do("quality", f"requirements/{need['pk']}/contracts.send_sample", batch="B7", sent_how="顺丰", sent_on="2026-11-23")
    do(
        "sales",
        f"requirements/{need['pk']}/contracts.note_sample_answer",
        accepted="accepted",
        answered_on="2026-11-23",
        answered_how="phone",
    )
    do("order_desk", f"{place}/orders.pass_review")
    do("order_desk", f"{place}/orders.allocate_order", owner=seller, reason="客户由她负责")
    do("sales", f"{place}/orders.accept_order")

    # The contract: accepted by word of mouth, special, reviewed by everybody, signed.
    contract = do("sales", f"{place}/contracts.record_acceptance", accepted_by="phone", accepted_words="就这样定")
    paper = f"contracts/{contract['pk']}"
    do("sales_support", f"{paper}/contracts.classify_contract", kind="special", class_reason="需开模")
    do(
        "sales",
        f"{paper}/contracts.fill_in_form",
        delivery_on=NEXT_MONTH,
        quality="GB/T 7251.12",
        payment_terms="prepay",
        payment="提货前付清",
        place="渝北自提点",
    )
    do("sales", f"{paper}/contracts.ask_pass_contract")
    sign("sales_manager", "production", "logistics", "finance", "executive")
    do("sales_support", f"{paper}/contracts.make_contract", signed_place="重庆")
    do("sales", f"{paper}/contracts.send_contract")
    customer.do("contracts.sign", "contracts.hand_in_signed_copy", scan=scan())
    do("sales_support", f"{paper}/contracts.mark_returned", signed_on="2026-11-23")
    do("sales_support", f"{paper}/contracts.archive_contract", archive_place="A-03")
    do("sales", f"{place}/orders.confirm_order", channel="phone")
    assert house.get("sales", paper)["status"] == "in_force"

    # A supplementary agreement: 20 pieces more.
    more = do(
        "sales",
        f"{paper}/contracts.draft_supplement",
        why="客户增量",
        agreed="王小明，微信",
        effective_on="2026-11-23",
        lines=[{"position": 1, "quantity": "120"}],
    )
    do("sales", f"supplements/{more['pk']}/contracts.ask_apply_supplement")
    sign("sales_manager", "production", "logistics", "finance", "executive")
    assert house.get("sales", paper)["total"] == "15360.00"
    assert Order.objects.get(pk=order["pk"]).total == Decimal("15360.00")

    # A request of the customer's is answered; production is late, he agrees to another date, the departments know.
    wish = do("sales", f"{place}/changes.note_request", text="柜体改为 RAL7032", channel="phone")
    do(
        "sales",
        f"customer-requests/{wish['pk']}/changes.answer_request",
        accepted="yes",
        answer="未喷涂部分按新颜色",
    )
    planner = house.people["production"].pk
    delay = do("sales", f"{place}/changes.report_delay", cause="production", what="铜排停产检修", planner=planner)
    late = f"extensions/{delay['pk']}"
    do(
        "production",
        f"{late}/changes.answer_delay",
        kept="no",
        planning="到货后需五天",
        remedy="加班装配",
        possible_on="2026-12-24",
    )
    do("sales", f"{late}/changes.request_extension", new_on="2026-12-24", remedy="加班装配")
    customer.do("changes.extension", "changes.agree_to_extension")
    assert house.get("sales", late)["status"] == "agreed"
    assert (house.get("sales", place)["wanted_on"], house.get("sales", paper)["delivery_on"]) == ("2026-12-24",) * 2

    # The goods are there; on the contract's date the money is not: a part is shipped ahead of it, for a promise.
    do("warehouse", f"{place}/pickup.check_stock", warehouse=world.warehouse.pk, sound=True)
    with clock.at(MORNING + timedelta(days=1)):
        asked = do(
            "sales", f"{paper}/contracts.arrange_shipment", said="周三来车", transport="渝A12345", ships_on="2026-11-25"
        )
        assert asked["status"] == "short"
        do("finance", f"{place}/orders.enter_payment", amount="5000.00", received_on="2026-11-24", method="transfer")
        house.refuses("funds_short", "sales", f"shipments/{asked['pk']}/contracts.request_again")
        advance = do("sales", f"{place}/advances.apply_advance", **AHEAD)
        ahead = f"advances/{advance['pk']}"
        house.refuses("needs_approval", "sales", f"{ahead}/advances.grant_advance")
        do("sales", f"{ahead}/advances.ask_grant_advance")
        sign("sales_manager", "finance")
        assert house.get("sales", ahead)["status"] == "granted"
        do("sales", f"shipments/{asked['pk']}/contracts.request_again")
        do("logistics", f"shipments/{asked['pk']}/contracts.take_up_shipment")
        window = world.window(hours=1)
        pickup = do("sales", f"{place}/pickup.plan_pickup", window=window.pk, notify=True)
        gate = f"pickups/{pickup['pk']}"
        customer.do("pickup.notice", "pickup.confirm_pickup")
    with clock.at(window.starts_at):
        do("counter", f"{gate}/pickup.arrive")
        record = do("counter", f"{gate}/pickup.hand_over", **HANDED)
        assert Order.objects.get(pk=order["pk"]).status == "collected"

    # The promise is broken: it is seen, lowers the rating and blocks the next one; then the rest is paid.
    house.tick(MORNING + timedelta(days=9))
    with clock.at(MORNING + timedelta(days=9)):
        assert house.get("finance", ahead)["status"] == "broken"
        told = RatingChange.objects.filter(customer=buyer)
        assert [(row.why, row.rating_before, row.rating) for row in told.order_by("pk")] == [
            ("assessed", "", "B"),
            ("lowered", "B", "C"),
        ]
        another = do("sales", "orders.apply_order", lines=[{"product": world.product.pk, "quantity": "1"}], **wanted)
        do("order_desk", f"orders/{another['pk']}/orders.pass_review")
        do("order_desk", f"orders/{another['pk']}/orders.allocate_order", owner=seller, reason="同一客户")
        do("sales", f"orders/{another['pk']}/orders.accept_order")
        house.refuses("promise_broken", "sales", f"orders/{another['pk']}/advances.apply_advance", **AHEAD)

    # The statement: one line disputed, explained, agreed; memo, invoice, payment; executed.
    with clock.at(MORNING + timedelta(days=10)):
        statement = do("sales", f"{place}/settlement.make_statement")
        sheet = f"statements/{statement['pk']}"
        do("sales", f"{sheet}/settlement.send_statement")
        customer.do(
            "settlement.confirm",
            "settlement.answer_statement",
            name="王小明",
            **{"lines-0-quantity": "118", "lines-0-words": "少两件"},
        )
        assert house.get("sales", sheet)["status"] == "disputed"
        do("sales", f"{sheet}/settlement.explain_differences", lines=[{"position": 1, "reply": "签收 120 件，附签字"}])
        do("sales", f"{sheet}/settlement.send_statement")
        customer.do("settlement.confirm", "settlement.answer_statement", name="王小明")
        assert house.get("sales", sheet)["status"] == "reconciled"
        memo = do("sales", f"{sheet}/settlement.fill_in_memo", kind="ordinary", title=buyer.name, post_to="渝北区")
        bill = f"memos/{memo['pk']}"
        do("finance", f"{bill}/settlement.pass_memo")
        do("finance", f"{bill}/settlement.issue_invoice", lines=[{"number": "26500001"}], issued_on="2026-12-03")
        do("sales", f"{bill}/settlement.post_invoice", how="post", carrier="顺丰", tracking="SF1")
        do("finance", f"{place}/orders.enter_payment", amount="10360.00", received_on="2026-12-03", method="transfer")
    assert Order.objects.get(pk=order["pk"]).open_amount == 0
    assert house.get("finance", ahead)["status"] == "settled"
    assert house.get("sales", paper)["status"] == "executed"
    assert record
