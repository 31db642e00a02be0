"""The preliminary review: what the system finds, what stops, what is sent back and mended (JD 2.2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm import clock
from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.healing import voided
from crm.approvals.models import ApprovalRequest, Task
from crm.deadlines.models import Deadline
from crm.outbox.models import Message
from customers import actions as customers
from customers.models import Contact
from orders import actions as orders
from orders.catalog import actions as catalog
from orders.findings import findings
from orders.forms import NewApplicationForm
from orders.models import Handover, Line, Order
from tests.world import World, refused, shanghai

S = Order.Status


def codes(order: Order) -> list[tuple[str, bool, int | None]]:
    return [(each.code, each.stop, each.line) for each in findings(Order.objects.get(pk=order.pk))]


def line(world: World, **facts: Any) -> dict[str, Any]:
    return {"product": world.product, "quantity": Decimal(10), "unit": world.piece, "factor": Decimal(1), **facts}


def test_nothing_is_found_in_a_good_application(world: World) -> None:
    assert codes(world.new_order()) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"fulfilment": "delivery", "place": ""}, ("no_place", True, None)),
        ({"wanted_on": date(2026, 11, 22)}, ("past_date", True, None)),
        ({"wanted_on": date(2026, 12, 5)}, ("day_off", False, None)),  # a Saturday
        ({"payment_terms": "prepay"}, ("prepay", False, None)),
        ({"contact": None}, ("no_contact", False, None)),
    ],
)
def test_what_is_missing_or_cannot_be(world: World, facts: dict[str, Any], expected: Any) -> None:
    order = world.new_order()
    Order.objects.update(**facts)
    assert codes(order) == [expected]


def test_an_order_taken_over_from_before_may_have_a_past_date(world: World) -> None:
    order = world.new_order()
    Order.objects.update(wanted_on=date(2025, 1, 1), history=True, payment_terms="prepay")
    assert codes(order) == []


def test_a_contact_whom_nobody_can_reach(world: World) -> None:
    order = world.new_order()
    contact = Contact.objects.get()
    contact.mobile = contact.phone = contact.email = ""
    contact.save()
    assert codes(order) == [("unreachable", False, None)]


def test_no_lines_stop(world: World) -> None:
    order = world.new_order()
    order.lines.all().delete()
    assert codes(order) == [("no_lines", True, None)]


def test_a_discontinued_product_stops_and_names_its_line(world: World) -> None:
    order = world.new_order()
    catalog.discontinue_product(world.product, by=world.root)
    assert codes(order) == [("discontinued", True, 1)]


def test_a_price_above_the_list_is_for_a_person_to_judge(world: World) -> None:
    order = world.new_order(lines=[line(world), line(world, price=Decimal("130.00"))])
    assert codes(order) == [("price_differs", False, 2)]
    assert findings(order)[0].sentence == "Line 2: ¥130.00 differs from the list price ¥128.00."


def test_a_price_below_the_lowest_stops_until_the_manager_has_allowed_it(world: World) -> None:
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    alice, root = User.objects.get(username="alice"), world.root
    order = world.new_order(lines=[line(world), line(world, price=Decimal("127.99"))], by=alice)
    assert codes(order) == [("price_too_low", True, 2)]
    with refused("findings"):
        orders.pass_review(order, by=root)
    with refused("needs_approval"):
        orders.allow_price(order, by=alice, reason="老客户")
    request = ACTIONS["orders.ask_allow_price"](order, by=alice, reason="老客户")
    assert {fact["key"]: fact["text"]["en"] for fact in request.question.wording} == {
        "customer": world.customer.name,
        "line_2": f"{world.product}\n¥127.99 instead of at least ¥128.00, 10 pc",
        "total": "¥2,559.90",
        "reason": "老客户",
    }
    task = Task.objects.get()
    assert (task.approver, request.requester, request.amount) == (world.boss, alice, Decimal("2559.90"))
    approvals.approve(task, by=world.boss)
    order = Order.objects.get(pk=order.pk)
    assert (order.price_reason, codes(order)) == ("老客户", [("price_too_low", False, 2)])
    assert orders.pass_review(order, by=root).status == S.REVIEWED


def test_a_price_that_was_changed_meanwhile_is_asked_for_again(world: World) -> None:
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    alice = User.objects.get(username="alice")
    order = world.new_order(lines=[line(world, price=Decimal("127.99"))], by=alice, draft=True)
    ACTIONS["orders.ask_allow_price"](order, by=alice, reason="老客户")
    facts = {"wanted_on": order.wanted_on, "type": order.type, "contact": None}
    orders.revise_order(order, by=alice, lines=[line(world, price=Decimal("1.00"))], **facts)
    assert ApprovalRequest.objects.get().status == "void"
    assert Order.objects.get().price_reason == ""


def test_a_low_price_is_allowed_for_the_product_that_was_asked_about(world: World) -> None:
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    alice = User.objects.get(username="alice")
    cheap = line(world, price=Decimal("127.99"))
    order = world.new_order(lines=[cheap], by=alice, draft=True)
    ACTIONS["orders.ask_allow_price"](order, by=alice, reason="老客户")
    facts = {"wanted_on": order.wanted_on, "type": order.type, "contact": None}
    other = {**cheap, "product": world.new_product("P002")}
    orders.revise_order(order, by=alice, lines=[other], **facts)
    assert ApprovalRequest.objects.get().status == "void"
    second = ACTIONS["orders.ask_allow_price"](order, by=alice, reason="老客户")
    Line.objects.update(specification="RAL5010")
    with refused("changed_since"):
        approvals.approve(Task.objects.get(request=second), by=world.boss)


def test_an_order_that_was_cancelled_meanwhile_is_asked_about_no_more(world: World) -> None:
    world.alice, world.boss  # noqa: B018 - so that the boss leads her
    alice = User.objects.get(username="alice")
    order = world.new_order(lines=[line(world, price=Decimal("127.99"))], by=alice)
    ACTIONS["orders.ask_allow_price"](order, by=alice, reason="老客户")
    orders.cancel_order(Order.objects.get(), by=alice, reason="客户取消")
    assert voided(User.objects.system("approvals")) == 0  # the gate has told of it already
    request = ApprovalRequest.objects.get()
    assert (request.status, request.changes[0]["after"]["en"]) == ("void", "Cancelled")
    assert Task.objects.get().status != "waiting"


def test_a_price_between_the_lowest_and_the_list_only_differs(world: World) -> None:
    catalog.set_price(world.product, by=world.root, valid_from=clock.today(), price=Decimal(128), lowest=Decimal(120))
    order = world.new_order(lines=[line(world, price=Decimal("120.00"))])
    assert codes(order) == [("price_differs", False, 1)]


def test_a_product_without_a_list_price_is_for_a_person_to_judge(world: World) -> None:
    product = catalog.create_product(
        by=world.root, code="P9", name="开关", unit=world.piece, tax_rate=Decimal(13), packings=[]
    )
    order = world.new_order(lines=[line(world, product=product, price=Decimal(1))])
    assert codes(order) == [("no_price", False, 1)]


def test_a_suspended_customer_stops(world: World) -> None:
    order = world.new_order()
    customers.suspend_supply(world.customer, by=world.root, reason="逾期")
    assert codes(order) == [("suspended", True, None)]


def test_what_is_wanted_soon_and_not_in_stock_is_for_a_person_to_judge(world: World) -> None:
    world.receive("15")
    order = world.new_order(lines=[line(world), line(world)], wanted_on=date(2026, 11, 30))
    assert codes(order) == [("not_in_stock", False, 2)]
    assert findings(order)[0].sentence == "Line 2: 10 pc of 配电箱 are wanted soon, and 5 pc are free in stock."
    world.receive("5", batch="B2")
    assert codes(order) == []


def test_what_is_wanted_later_can_still_be_bought(world: World) -> None:
    assert codes(world.new_order(wanted_on=date(2026, 12, 1))) == []
    assert codes(world.new_order(wanted_on=date(2026, 11, 30))) == [("not_in_stock", False, 1)]


def test_stops_come_first(world: World) -> None:
    order = world.new_order(lines=[line(world, price=Decimal("130.00"))])
    Order.objects.update(fulfilment="delivery", payment_terms="prepay")
    assert codes(order) == [("no_place", True, None), ("price_differs", False, 1), ("prepay", False, None)]


def test_a_stop_keeps_the_review_from_being_passed(world: World) -> None:
    order, root = world.new_order(), world.root
    Order.objects.update(fulfilment="delivery")
    with refused("findings") as caught:
        orders.pass_review(order, by=root)
    assert caught.value.sentence == "A delivery needs a place."
    assert caught.value.remedy == "Send it back, saying what to correct."


def test_the_cost_of_the_findings_does_not_grow_with_the_lines(world: World, django_assert_num_queries: Any) -> None:
    findings(world.new_order())  # reads the calendar
    for number in (1, 30):
        soon = world.new_order(lines=[line(world)] * number, wanted_on=date(2026, 11, 25))
        order = Order.objects.get(pk=soon.pk)
        with django_assert_num_queries(10):
            assert len(findings(order)) == number


def test_passing_hands_the_papers_to_the_order_desk(world: World) -> None:
    order = orders.pass_review(world.new_order(), by=world.root, remarks="加急")
    handover = Handover.objects.get()
    assert order.status == S.REVIEWED
    assert (handover.giver, handover.department.code, handover.status) == (world.root, "order_desk", "given")
    assert (handover.what, handover.remarks) == ("application", "加急")
    orders.receive_handover(handover, by=world.root)
    handover.refresh_from_db()
    assert (handover.receiver, handover.received_at, handover.status) == (world.root, clock.now(), "received")


def test_sent_back_mended_and_submitted_again(world: World) -> None:
    order = orders.send_back(world.new_order(), by=world.root, mend="缺收货地址")
    notice = Message.objects.get(template="orders.sent_back")
    assert (order.status, order.mend, notice.recipient) == (S.RETURNED, "缺收货地址", world.root)
    assert "缺收货地址" in notice.body
    with clock.at(shanghai(23, 11)):
        orders.revise_order(order, by=world.root, lines=[line(world, quantity=Decimal(12))])
        assert Order.objects.get().status == S.RETURNED
        order = orders.submit_order(order, by=world.root)
    assert (order.status, order.mend, order.submitted_at) == (S.SUBMITTED, "", shanghai(23, 11))
    assert (order.total, order.tax) == (Decimal("1536.00"), Decimal("176.71"))  # 1536 · 13 / 113 = 176.7079…


def test_what_was_reviewed_and_is_revised_is_reviewed_again(world: World) -> None:
    order = world.accepted()
    orders.revise_order(order, by=world.root, lines=[line(world)], wanted_on=date(2026, 12, 24))
    assert (order.status, order.wanted_on) == (S.SUBMITTED, date(2026, 12, 24))


def test_what_the_customer_confirmed_is_not_revised(world: World) -> None:
    order, root, lines = world.confirmed(), world.root, [line(world)]
    with refused("wrong_state"):
        orders.revise_order(order, by=root, lines=lines)


def test_a_draft_waits_until_it_is_submitted(world: World) -> None:
    order = world.new_order(draft=True)
    assert (order.status, order.submitted_at) == (S.DRAFT, None)
    assert orders.submit_order(order, by=world.root).status == S.SUBMITTED


def test_totals_are_the_sums_of_the_lines(world: World) -> None:
    lines = [line(world, price=Decimal(price), quantity=Decimal(3)) for price in ("130.01", "128.33", "129.99")]
    order = world.new_order(lines=lines)
    rows = list(order.lines.all())
    assert [(row.position, row.amount, row.tax) for row in rows] == [
        (1, Decimal("390.03"), Decimal("44.87")),  # 44.8707…
        (2, Decimal("384.99"), Decimal("44.29")),  # 44.2908…
        (3, Decimal("389.97"), Decimal("44.86")),  # 44.8638…
    ]
    assert (order.total, order.tax) == (Decimal("1164.99"), Decimal("134.02"))


def test_the_review_has_four_working_hours_at_the_order_desk(world: World) -> None:
    world.new_order()
    row = Deadline.objects.get(rule="order.review")
    assert (row.responsible, row.department.code) == (None, "order_desk")
    assert row.due_at == shanghai(23, 15)  # 2.5 h until noon, 1.5 h after 13:30
    orders.pass_review(Order.objects.get(), by=world.root)
    row.refresh_from_db()
    assert row.outcome == "met"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"wanted_on": "2026-11-22"}, "wanted_on", "past"),
        ({"wanted_on": "someday"}, "wanted_on", "invalid"),
        ({"wanted_on": "9999-12-31"}, "wanted_on", "too_far"),
        ({"wanted_on": "2031-11-24"}, "wanted_on", "too_far"),
        ({"customer": "1_0"}, "customer", "invalid_choice"),
        ({"customer": "0"}, "customer", "invalid_choice"),
        ({"customer": ""}, "customer", "required"),
        ({"lines": []}, "lines", "too_few"),
        ({"lines": "x"}, "lines", "not_a_list"),
        ({"contact": "foreign"}, "contact", "foreign"),
    ],
)
def test_an_application_that_cannot_be(world: World, given: dict[str, Any], field: str, code: str) -> None:
    if given.get("contact"):
        given = {"contact": world.new_customer().contacts.get().pk}
    data = {
        "customer": world.customer.pk,
        "type": world.type.pk,
        "wanted_on": "2026-12-01",
        "lines": [{"product": world.product.pk, "quantity": "1"}],
        **given,
    }
    problems = NewApplicationForm(data, by=world.root).problems()
    assert [error["code"] for error in problems[field]] == [code]


def test_the_furthest_day_is_five_years_ahead(world: World) -> None:
    data = {
        "customer": world.customer.pk,
        "type": world.type.pk,
        "wanted_on": "2031-11-23",
        "lines": [{"product": world.product.pk, "quantity": "1"}],
    }
    assert NewApplicationForm(data, by=world.root).problems() == {}


@pytest.mark.parametrize(
    ("given", "cell", "code"),
    [
        ({"quantity": "1_0"}, "quantity", "invalid"),
        ({"quantity": "1", "price": "1_0"}, "price", "invalid"),
        ({"quantity": "1", "unit": "1_0"}, "unit", "invalid_choice"),
        ({"product": "0", "quantity": "1"}, "product", "invalid_choice"),
        ({"product": str(10**17), "quantity": "1"}, "product", "invalid_choice"),
        ({"product": "", "quantity": "1"}, "product", "required"),
        ({"quantity": "1", "colour": "red"}, "colour", "unknown"),
    ],
)
def test_a_line_that_cannot_be_is_named_and_the_others_are_read(
    world: World, given: dict[str, Any], cell: str, code: str
) -> None:
    good = {"product": world.product.pk, "quantity": "2"}
    data = {
        "customer": world.customer.pk,
        "type": world.type.pk,
        "wanted_on": "2026-12-01",
        "lines": [good, {"product": world.product.pk, **given}, good],
    }
    problems = NewApplicationForm(data, by=world.root).problems()
    assert {place: [each["code"] for each in found] for place, found in problems.items()} == {
        f"lines[1].{cell}": [code]
    }


def test_digits_of_a_chinese_keyboard_are_digits_on_a_page(world: World) -> None:
    data = {
        "customer": world.customer.pk,
        "type": world.type.pk,
        "wanted_on": "2026-12-01",
        "lines": [{"product": world.product.pk, "quantity": "１２"}],
    }
    form = NewApplicationForm(data, by=world.root)
    assert form.is_valid()
    assert form.cleaned_data["lines"][0]["quantity"] == Decimal(12)


def test_a_customer_who_is_not_mine_cannot_be_ordered_for(world: World) -> None:
    data = {
        "customer": world.customer.pk,
        "type": world.type.pk,
        "wanted_on": "2026-12-01",
        "lines": [{"product": world.product.pk, "quantity": "1"}],
    }
    assert list(NewApplicationForm(data, by=world.charlie).problems()) == ["customer"]


def test_the_applicant_does_not_review(world: World) -> None:
    order, alice = world.new_order(), world.alice
    Order.objects.update(applied_by=alice)
    with refused("forbidden"):
        orders.pass_review(order, by=alice)


def test_a_day_is_past_at_midnight_in_shanghai(world: World) -> None:
    world.receive()
    order = world.new_order(wanted_on=date(2026, 11, 24))
    with clock.at(shanghai(24, 23, 59)):
        assert codes(order) == []
    with clock.at(shanghai(24, 23, 59) + timedelta(minutes=1)):
        assert codes(order) == [("past_date", True, None)]
