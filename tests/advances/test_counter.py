"""The counter consumes an advance: to the fen, to the last minute of its last day, and never beyond (KC 5.1.11.1)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.actions import ACTIONS
from orders.advances import actions as advances
from orders.advances.accounts import account_of
from orders.advances.models import Advance, AdvanceUse
from orders.advances.tasks import expire
from orders.contracts import actions as contracts
from orders.contracts.models import Contract, ShipmentRequest
from orders.leaving import released, worth_of
from orders.models import Order
from pickup import actions as pickup
from pickup.link_pages import context
from pickup.models import Pickup
from pickup.verdict import verdict
from tests.advances.conftest import Company
from tests.world import HANDED, MORNING, refused, scan, shanghai

S = Advance.Status


def fresh(advance: Advance) -> Advance:
    return Advance.objects.get(pk=advance.pk)


def again(found: Pickup) -> Pickup:
    return Pickup.objects.get(pk=found.pk)


def stops(found: Pickup) -> list[tuple[str, str]]:
    return [(each.code, each.sentence) for each in verdict(again(found)).stops]


def uses(advance: Advance) -> list[tuple[str, Decimal]]:
    return list(advance.uses.values_list("reference", "amount"))


# What it lets leave.


def test_goods_beyond_what_is_paid_leave_under_it_and_its_page_says_which_record(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    record = company.hand_over(advance.order)
    assert uses(advance) == [(record.number, Decimal("140.00"))]
    use = AdvanceUse.objects.get()
    assert (use.paper, use.at) == (record, MORNING)
    assert fresh(advance).used_at == MORNING


def test_what_is_paid_leaves_without_touching_it(company: Company) -> None:
    advance = company.granted(company.order(paid="640.00", goods="5"))
    company.hand_over(advance.order)
    assert (uses(advance), fresh(advance).used_at) == ([], None)


@pytest.mark.parametrize(("ceiling", "free"), [("140.00", True), ("139.99", False)])
def test_the_ceiling_holds_to_the_fen(company: Company, ceiling: str, free: bool) -> None:
    advance = company.granted(company.order(goods="5"), ceiling=Decimal(ceiling))
    found = company.told(advance.order)
    if free:
        pickup.hand_over(again(found), by=company.world.root, **HANDED)
        assert uses(advance)[0][1] == Decimal("140.00")
        return
    [(code, sentence)] = stops(found)
    assert code == "unpaid"
    assert "¥0.01" in sentence and advance.number in sentence and "¥139.99" in sentence and "2026-12-01" in sentence
    with refused("unpaid"):
        pickup.hand_over(again(found), by=company.world.root, **HANDED)


def test_it_is_used_in_parts_and_the_parts_together_stay_below_the_ceiling(company: Company) -> None:
    order = company.order(goods="5")
    advance = company.granted(order)
    first = company.hand_over(order)
    company.world.receive("2", batch="B2")
    company.check(order)
    second = company.hand_over(order)
    assert uses(advance) == [(first.number, Decimal("140.00")), (second.number, Decimal("256.00"))]
    company.world.receive("3", batch="B3")
    company.check(order)
    found = company.told(order)
    [(_code, sentence)] = stops(found)
    assert "¥280.00" in sentence and "¥104.00" in sentence  # 780.00 would be unpaid; 104.00 of the 500.00 is free
    with refused("unpaid"):
        pickup.hand_over(again(found), by=company.world.root, **HANDED)
    company.pay(order, "279.99")
    assert "¥0.01" in stops(found)[0][1]


def test_what_is_consumed_follows_from_what_has_left_and_what_is_paid(company: Company) -> None:
    advance = company.used()
    order = Order.objects.get(pk=advance.order_id)
    assert worth_of(order.pk) - order.paid == Decimal("140.00") == advances.taken(advance)
    assert released(order) == Decimal("500.00")
    row = Advance.objects.with_figures().get()
    assert (row.taken, row.left, row.owed) == (Decimal("140.00"), Decimal("640.00"), Decimal("140.00"))


def test_what_was_taken_off_for_returned_goods_is_not_owed_under_an_advance(company: Company) -> None:
    order = Order.objects.get(pk=company.used().order_id)
    Order.objects.filter(pk=order.pk).update(returned=order.total - Decimal("600.00"))
    order.refresh_from_db()
    assert Advance.objects.with_figures().get().owed == account_of(order).owed == Decimal("100.00")


def test_list_and_counter_round_what_has_left_in_the_same_way(company: Company) -> None:
    order = company.order()
    line = order.lines.get()
    for amount, quantity, collected in (("10.01", "3", "1"), ("0.05", "7", "3"), ("99.99", "1.5", "0.7")):
        type(line).objects.filter(pk=line.pk).update(amount=amount, quantity=quantity, collected=collected)
        company.applied(order, ceiling=Decimal("0.01"))
        assert Advance.objects.with_figures().get().left == worth_of(order.pk)
        Advance.objects.all().delete()


def test_a_handover_that_is_taken_back_gives_it_free_again(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    record = company.hand_over(advance.order)
    opposite = pickup.reverse_handover(again(record.pickup), by=company.world.root, reason="数错了")
    assert uses(advance) == [(record.number, Decimal("140.00")), (opposite.number, Decimal("-140.00"))]
    assert (fresh(advance).status, fresh(advance).used_at) == (S.GRANTED, None)
    company.hand_over(advance.order)
    assert advances.taken(advance) == Decimal("140.00")


def test_what_an_override_lets_leave_beyond_the_ceiling_is_not_the_advances(company: Company) -> None:
    advance = company.granted(company.order(goods="5"), ceiling=Decimal("100.00"))
    found = company.told(advance.order)
    pickup.hand_over_anyway(again(found), by=company.world.root, override="总经理电话同意", **HANDED)
    assert [amount for _number, amount in uses(advance)] == [Decimal("100.00")]
    pickup.reverse_later(again(found), by=company.world.root, reason="退回")
    assert advances.taken(advance) == 0


def test_a_delivery_uses_it_too(company: Company) -> None:
    order = company.order(goods="5")
    Order.objects.filter(pk=order.pk).update(fulfilment="delivery", place="成都市")
    advance = company.granted(order)
    given = {"at": clock.now(), "place": "成都市", "receiver": "赵四"}
    pickup.deliver_order(Order.objects.get(pk=order.pk), by=company.world.root, **given)
    assert uses(advance) == [("DL2026-000001", Decimal("140.00"))]


# What it does not.


def test_without_an_advance_goods_beyond_what_is_paid_stay(company: Company) -> None:
    found = company.told(company.order(goods="5"))
    [(code, sentence)] = stops(found)
    assert code == "unpaid" and "¥140.00" in sentence


def test_an_application_that_nobody_has_decided_lets_nothing_leave(company: Company) -> None:
    advance = company.applied(company.order(goods="5"))
    found = company.told(advance.order)
    assert advance.number in stops(found)[0][1]
    with refused("unpaid"):
        pickup.hand_over(again(found), by=company.world.root, **HANDED)


def test_it_holds_to_the_last_minute_of_its_last_day_where_the_company_is(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    found = company.told(advance.order)
    Pickup.objects.filter(pk=found.pk).update(window=company.world.window(hours=0.5 + 24 * 8 + 14))
    with clock.at(shanghai(1, 23, 59, month=12)):
        assert stops(found) == []
        assert expire() == 0
    with clock.at(shanghai(2, 0, 0, month=12)):
        [(code, sentence)] = stops(found)
        assert code == "unpaid" and "2026-12-01" in sentence
        with refused("unpaid"):
            pickup.hand_over(again(found), by=company.world.root, **HANDED)
        assert expire() == 1
        assert fresh(advance).status == S.EXPIRED
        assert stops(found)[0][1] == sentence


def test_it_is_revoked_while_the_customer_stands_at_the_counter(company: Company) -> None:
    advance = company.granted(company.order(goods="5"))
    found = company.told(advance.order)
    pickup.arrive(again(found), by=company.world.root)
    assert verdict(again(found)).colour == "green"
    advances.revoke_advance(advance, by=company.cashier, reason="客户涉诉")
    assert "客户涉诉" in stops(found)[0][1]
    with refused("unpaid"):
        pickup.hand_over(again(found), by=company.world.root, **HANDED)


def test_the_customer_is_asked_only_for_what_is_not_released(company: Company) -> None:
    found = company.told(company.order(goods="5"))
    company.granted(found.order, ceiling=Decimal("100.00"))
    papers = context(again(found), None)["checklist"]  # type: ignore[arg-type]
    assert [each for each in papers if "40.00" in str(each)] and not [each for each in papers if "140.00" in str(each)]


# A contract's shipment.


def in_force(company: Company) -> Contract:
    """A contract in force by which the money comes first, as its order has it from then on."""
    world, first = company.world, {"delivery_on": clock.today(), "payment_terms": "prepay"}
    contract = contracts.fill_in_form(world.classified(), by=world.root, **first)
    ACTIONS["contracts.ask_pass_contract"](contract, by=world.root)
    company.sign(company.boss)
    for verb in (contracts.make_contract, contracts.send_contract):
        verb(Contract.objects.get(pk=contract.pk), by=world.root)
    signed = {"signed_on": clock.today(), "scan": scan()}
    contracts.mark_returned(Contract.objects.get(pk=contract.pk), by=world.root, **signed)
    Order.objects.filter(pk=contract.order_id).update(owner=company.seller, department=company.world.sales)
    return Contract.objects.get(pk=contract.pk)


def test_a_shipment_that_waits_for_money_goes_once_an_advance_is_granted(company: Company) -> None:
    contract = in_force(company)
    given = {"said": "周五来车", "transport": "渝A12345", "ships_on": clock.today()}
    request = contracts.arrange_shipment(contract, by=company.world.root, amount=Decimal("500.00"), **given)
    assert (request.status, request.funds) == (ShipmentRequest.Status.SHORT, Decimal("0.00"))
    company.granted(contract.order)
    request = contracts.request_again(ShipmentRequest.objects.get(), by=company.world.root)
    assert (request.status, request.funds) == (ShipmentRequest.Status.REQUESTED, Decimal("500.00"))


def test_a_shipment_beyond_the_ceiling_still_waits(company: Company) -> None:
    contract = in_force(company)
    company.granted(contract.order)
    given = {"said": "周五来车", "transport": "渝A12345", "ships_on": clock.today()}
    request = contracts.arrange_shipment(contract, by=company.world.root, amount=Decimal("500.01"), **given)
    assert request.status == ShipmentRequest.Status.SHORT


# What it costs.


@pytest.mark.parametrize(("terms", "paid"), [("prepay", "1280.00"), ("credit", "0")])
def test_where_the_money_is_there_or_may_come_later_nobody_asks_about_advances(
    company: Company, terms: str, paid: str
) -> None:
    order = company.order(paid=paid)
    Order.objects.filter(pk=order.pk).update(payment_terms=terms)
    found = company.told(order)
    with CaptureQueriesContext(connection) as queries:
        assert verdict(again(found)).colour == "green"
        pickup.hand_over(again(found), by=company.world.root, **HANDED)
    assert not [each["sql"] for each in queries.captured_queries if "advances_" in each["sql"]]
