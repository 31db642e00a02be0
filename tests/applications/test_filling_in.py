"""The customer fills in the application form by his link, and an application like any other comes of it (JD 2.2)."""

import re
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from crm import clock
from crm.deadlines.models import Deadline
from crm.deadlines.seeding import seed_calendar
from crm.links.actions import revoke_link
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers import actions as customers
from customers.models import Customer
from orders import actions as orders
from orders.applications import actions as applications
from orders.applications.models import SentForm
from orders.catalog import actions as catalog
from orders.inquiries.models import Inquiry
from orders.models import Order
from tests.mailed import hidden, path_of
from tests.world import MORNING, World, nothing_moves, shanghai

S = Order.Status
GIVEN = {"_verb": "applications.fill_in_application", "wanted_on": "2026-11-30", "fulfilment": "pickup"}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def mailed(world: World, inquiry: Inquiry | None = None) -> str:
    """The path of a link that Alice sent to the customer's contact."""
    assert world.product and world.type
    customers.assign_customer(world.customer, by=world.root, owner=world.alice)
    if inquiry:
        applications.ask_inquirer_to_apply(inquiry, by=world.alice, contact=world.contact)
    else:
        applications.ask_to_apply(Customer.objects.get(), by=world.alice, contact=world.contact)
    return path_of("applications.form")


def row(number: int = 0, **cells: Any) -> dict[str, Any]:
    return {f"lines-{number}-{name}": value for name, value in cells.items()}


def send(path: str, *rows: dict[str, Any], client: Client | None = None, **given: Any) -> Any:
    """Open the form, fill it in and send it, in English."""
    client = client or Client()
    data = {**GIVEN, **hidden(client.get(path, {"lang": "en"})), **given}
    for each in rows:
        data |= each
    return client.post(f"{path}?lang=en", data)


def test_the_page_shows_for_whom_it_is_and_asks_for_goods_project_time_and_place(world: World) -> None:
    page = Client().get(mailed(world), {"lang": "en"})
    assert page.status_code == 200
    for text in ("Order application form", world.customer.name, "For 王小明", "On account", "Send the application"):
        assert text in page.text
    for name in ("lines-0-what", "lines-0-quantity", "lines-4-what", "project", "description", "wanted_on", "place"):
        assert f'name="{name}"' in page.text
    assert 'min="2026-11-23"' in page.text
    assert "Review" not in page.text and "applicant" not in page.text


def test_it_becomes_an_application_in_review_on_behalf_of_who_sent_the_link(world: World) -> None:
    seed_calendar([2026])
    link = mailed(world)
    answer = send(
        link,
        row(0, product=world.product.pk, what="配电箱", quantity="2", unit=world.carton.pk, specification="明装"),
        row(1, product=world.product.pk, what="配电箱", quantity="3"),
        project="地铁 15 号线 🚇",
        description="站厅层照明",
        reference="PO-77",
        fulfilment="delivery",
        place="渝北区金开大道 88 号",
        remarks="请上午送",
    )
    assert answer.status_code == 303
    order = Order.objects.get()
    assert (order.status, order.applied_by, order.customer, order.contact) == (
        S.SUBMITTED,
        world.alice,
        world.customer,
        world.contact,
    )
    assert (order.project, order.description, order.reference) == ("地铁 15 号线 🚇", "站厅层照明", "PO-77")
    assert (order.fulfilment, order.place, order.remarks) == ("delivery", "渝北区金开大道 88 号", "请上午送")
    assert (order.wanted_on.isoformat(), order.payment_terms) == ("2026-11-30", "credit")
    first, second = order.lines.order_by("position")
    assert (first.unit, first.factor, first.price, first.specification) == (world.carton, 24, 3072, "明装")
    assert (second.unit, second.price, second.amount) == (world.piece, 128, 384)
    assert (order.total, order.tax) == (6528, Decimal("706.83") + Decimal("44.18"))
    assert Deadline.objects.open().filter(rule="order.review").exists()
    notice = Message.objects.get(template="applications.filled_in")
    assert notice.recipient == world.alice and order.number in notice.body
    assert "已提交初审" in notice.text("zh-hans")["body"] and "It is in review." in notice.text("en")["body"]
    orders.send_back(order, by=world.root, mend="补图纸")
    assert Message.objects.get(template="orders.sent_back").recipient == world.alice


def test_who_filled_it_in_when_and_by_which_link_is_in_the_log_and_on_the_page(world: World) -> None:
    link = mailed(world)
    send(link, row(what="配电箱", quantity="1"))
    order, form = Order.objects.get(), SentForm.objects.get()
    log = ActionLog.objects.get(verb="applications.fill_in_application")
    assert (log.actor.username, log.door, log.link) == ("links", "link", Link.objects.get().pk)
    caused = ActionLog.objects.filter(cause=log).values_list("verb", flat=True)
    assert list(caused) == ["orders.apply_order"]
    assert (form.order, form.filled_at, form.status) == (order, MORNING, "filled")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.alice)
    page = client.get(order.get_absolute_url()).text
    for text in ("Filled in by the customer", "王小明", "by his link", "Sent by Alice"):
        assert text in page


def test_an_inquiry_goes_on_as_ordered(world: World) -> None:
    seed_calendar([2026])
    inquiry = world.new_inquiry(customer=world.customer, owner=world.alice)
    assert send(mailed(world, inquiry), row(what="配电箱", quantity="1")).status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.order) == (Inquiry.Status.ORDERED, Order.objects.get())
    assert Deadline.objects.get(rule="inquiry.application").outcome == "met"


def test_what_is_on_no_list_stays_a_draft_that_sales_completes(world: World) -> None:
    seed_calendar([2026])
    answer = send(
        mailed(world),
        row(0, what="配电箱", quantity="1"),
        row(1, what="防爆灯 20W 💡", specification="IP65", quantity="30.5", unit=world.piece.pk),
        remarks="周五前回复",
    )
    assert answer.status_code == 303
    order = Order.objects.get()
    wish = "• 防爆灯 20W 💡 · IP65 · 30.5 件"
    assert (order.status, order.lines.count(), order.total) == (S.DRAFT, 1, 128)
    assert order.remarks == f"{wish.replace('件', 'pc')}\n周五前回复"
    assert "防爆灯 20W" in Message.objects.get(template="applications.filled_in").body
    due = Deadline.objects.open().get(rule="application.complete")
    assert (due.responsible, due.due_at) == (world.alice, shanghai(24, 9, 30))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.alice)
    page = client.get(order.get_absolute_url()).text
    assert "Not on the price list; find a product for each" in page
    assert "The customer described goods that are on no list: 防爆灯 20W 💡." in page
    assert "Complete and right" not in page
    orders.submit_order(order, by=world.alice)
    due.refresh_from_db()
    assert (due.outcome, order.status) == ("met", S.SUBMITTED)


def test_wishes_alone_make_a_draft_without_lines_that_cannot_pass(world: World) -> None:
    send(mailed(world), row(what="一种没有的灯", quantity="1"))
    order = Order.objects.get()
    assert (order.status, order.lines.count(), order.total) == (S.DRAFT, 0, 0)
    orders.submit_order(order, by=world.alice)
    verdict = orders.pass_review.refusal(order, world.root)
    assert verdict is not None and verdict.code == "findings"


def test_a_draft_of_staff_has_no_such_deadline(world: World) -> None:
    seed_calendar([2026])
    world.new_order(draft=True)
    assert not Deadline.objects.filter(rule="application.complete").exists()


def test_it_is_of_the_type_that_the_customer_ordered_last(world: World) -> None:
    from orders.models import OrderType

    link = mailed(world)
    rush = OrderType.objects.create(code="a-rush", name="加急订单")
    world.new_order(type=world.type)
    send(link, row(what="配电箱", quantity="1"))
    assert Order.objects.latest("pk").type == world.type
    assert world.type != rush == OrderType.objects.first()  # which would be the first


def test_a_used_link_shows_the_number_the_state_and_what_was_sent(world: World) -> None:
    link = mailed(world)
    client = Client()
    send(link, row(0, what="配电箱", quantity="2"), row(1, what="别的灯", quantity="1"), client=client, project="二期")
    page = client.get(link, {"lang": "en"}).text
    order = Order.objects.get()
    for text in (
        order.number,
        "completing it",
        "1. 配电箱",
        "2 pc × ¥128.00 = ¥256.00",
        "2. 别的灯",
        "二期",
        "¥256.00",
    ):
        assert text in page
    Order.objects.update(remarks="内部：客户信用差", status=S.CONFIRMED)
    again = client.get(link, {"lang": "en"}).text
    assert "Your order is confirmed" in again
    assert "信用差" not in again  # what staff notes is not his to read
    with nothing_moves():
        assert send(link, row(what="配电箱", quantity="9"), client=client, _key="other").status_code == 200


def test_sending_twice_makes_one_order(world: World) -> None:
    link = mailed(world)
    client = Client()
    data = {**GIVEN, **hidden(client.get(link)), **row(what="配电箱", quantity="1")}
    assert [client.post(link, data).status_code for _click in range(2)] == [303, 303]
    assert client.post(link, {**data, "_key": "another"}).status_code == 200
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "given", "said"),
    [
        ({"what": ""}, {}, 'id="id_lines-0-what_error"'),
        ({"quantity": ""}, {}, 'id="id_lines-0-quantity_error"'),
        ({"quantity": "-1"}, {}, "greater than or equal to 0.001"),
        ({"quantity": "1.5"}, {}, "pc is counted with 0 decimals."),
        ({"quantity": "1e9"}, {}, "more than 9 digits"),
        ({"unit": "99999"}, {}, "not one of the available choices"),
        ({"what": "x" * 121}, {}, "at most 120 characters"),
        ({"what": "灯\ufffd"}, {}, "A part of this text arrived unreadable."),
        ({"product": "99999"}, {}, "not on our price list any more"),
        ({"product": "²"}, {}, "not on our price list any more"),
        ({}, {"wanted_on": "2026-11-22"}, "This day is past."),
        ({}, {"wanted_on": ""}, 'id="id_fill_in_application_wanted_on_error"'),
        ({}, {"fulfilment": "delivery"}, "Say where we are to deliver."),
        ({}, {"fulfilment": "pigeon"}, "not one of the available choices"),
        ({}, {"project": "x" * 121}, "at most 120 characters"),
        ({"what": "灯"}, {"remarks": "长" * 1999}, "too long together"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    world: World, cells: dict[str, Any], given: dict[str, Any], said: str
) -> None:
    link = mailed(world)
    typed = {"what": "配电箱", "quantity": "2", "unit": "", "specification": "明装的", **cells}
    with nothing_moves():
        answer = send(link, row(**typed), **{"description": "站厅层", **given})
    assert answer.status_code == 422
    assert said in answer.text
    assert "明装的" in answer.text and "站厅层" in answer.text
    assert Link.objects.get().status == "active"
    assert send(link, row(what="配电箱", quantity="2")).status_code == 303


def test_a_form_without_goods_is_no_application(world: World) -> None:
    link = mailed(world)
    with nothing_moves():
        answer = send(link, remarks="随便")
    assert answer.status_code == 422 and "At least 1 line is needed." in answer.text


def test_a_unit_that_the_product_is_not_sold_in_is_refused_at_the_unit(world: World) -> None:
    from orders.catalog.models import Unit

    link, kilo = mailed(world), Unit.objects.create(code="kg", name="千克", name_en="kg")
    with nothing_moves():
        answer = send(link, row(product=world.product.pk, what="配电箱", quantity="1", unit=kilo.pk))
    assert answer.status_code == 422 and "配电箱 is not sold in kg." in answer.text


def test_what_is_not_offered_is_neither_found_nor_taken(world: World) -> None:
    link = mailed(world)
    gone, dear = world.new_product("P008"), world.new_product("P009")
    catalog.discontinue_product(gone, by=world.root)
    dear.prices.all().delete()
    found = Client().get(f"{link}find/", {"q": "配电箱"}).json()["results"]
    assert [each["id"] for each in found] == [world.product.pk]
    for product in (gone, dear):
        with nothing_moves():
            answer = send(link, row(product=product.pk, what="配电箱", quantity="1"))
        assert "not on our price list any more" in answer.text


def test_typing_finds_products_with_their_units_and_list_prices_and_nothing_more(world: World) -> None:
    link = mailed(world)
    catalog.set_price(world.product, by=world.root, valid_from=clock.today(), price=130, lowest=111)
    world.receive("12345")
    answer = Client().get(f"{link}find/", {"q": "pdx", "lang": "en"})  # by pinyin initials
    assert answer.json() == {
        "results": [
            {
                "id": world.product.pk,
                "text": "配电箱",
                "detail": "P001 · ¥130.00 / pc",
                "about": "P001",
                "tax_rate": "13.00",
                "units": [
                    {"id": world.piece.pk, "label": "pc", "price": "130.00"},
                    {"id": world.carton.pk, "label": "carton", "price": "3120.00"},
                ],
            }
        ]
    }
    assert [each["id"] for each in Client().get(f"{link}find/").json()["results"]] == [world.product.pk]
    assert Client().get(f"{link}find/", {"q": world.customer.name}).json() == {"results": []}
    for page in (Client().get(link).text, send(link, row(product=world.product.pk, what="", quantity="1")).text):
        assert "111" not in page and "12345" not in page


def test_nothing_is_found_by_a_link_that_does_not_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    link = mailed(world)
    order = orders.ask_to_confirm(world.accepted(), by=world.root)
    body = Message.objects.get(template="orders.confirm").text("zh-hans")["body"]
    other = re.search(r"http://testserver(/l/\S+)", body)
    assert order and other
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    assert Client().get(f"{other[1]}find/").status_code == 404  # it has nothing to find
    assert Client().get("/l/forged/find/").status_code == 404
    assert [Client().get(f"{link}find/").status_code for _key in range(121)] == [200] * 120 + [429]
    monkeypatch.setattr("time.time", lambda: 1_000_000_060.0)
    with clock.at(MORNING + timedelta(days=14)):
        assert Client().get(f"{link}find/").status_code == 404
    revoke_link(Link.objects.get(purpose="applications.form"), by=world.root)
    assert Client().get(f"{link}find/").status_code == 404


def test_a_forged_expired_or_revoked_link_makes_no_order(world: World) -> None:
    link = mailed(world)
    data = {**GIVEN, **hidden(Client().get(link)), **row(what="配电箱", quantity="1")}
    forged = link[:-2] + ("A" if link[-2] != "A" else "B") + "/"
    with nothing_moves():
        assert Client().post(forged, data).status_code == 404
        with clock.at(MORNING + timedelta(days=14)):
            assert Client().post(link, data).status_code == 410
    revoke_link(Link.objects.get(), by=world.root)
    with nothing_moves():
        assert Client().post(link, data).status_code == 410
    assert not Order.objects.exists()


def test_what_the_form_does_not_ask_for_cannot_be_said(world: World) -> None:
    link = mailed(world)
    other = world.new_customer()
    sneaked = {
        "customer": other.pk,
        "contact": other.contacts.get().pk,
        "applicant": world.root.pk,
        "type": "99",
        "draft": "on",
        "payment_terms": "prepay",
        "price_reason": "x",
        "history": "on",
    }
    assert send(link, row(what="配电箱", quantity="1"), **sneaked).status_code == 303
    order = Order.objects.get()
    assert (order.customer, order.contact, order.applied_by) == (world.customer, world.contact, world.alice)
    assert (order.status, order.payment_terms, order.price_reason, order.history) == (S.SUBMITTED, "credit", "", False)


def test_nobody_names_his_own_price(world: World) -> None:
    link = mailed(world)
    with nothing_moves():
        answer = send(link, row(product=world.product.pk, what="配电箱", quantity="1", price="0.01"))
    assert answer.status_code == 422 and not Order.objects.exists()


def test_a_hundred_lines_are_one_application(world: World) -> None:
    rows = [row(each, product=world.product.pk, what="配电箱", quantity="1") for each in range(100)]
    assert send(mailed(world), *rows).status_code == 303
    order = Order.objects.get()
    assert (order.lines.count(), order.total) == (100, 12800)


def test_more_lines_than_a_form_holds_are_refused(world: World) -> None:
    rows = [row(each, what="配电箱", quantity="1") for each in range(201)]
    link = mailed(world)
    with nothing_moves():
        answer = send(link, *rows)
    assert answer.status_code == 422 and "At most 200 lines" in answer.text


def test_an_inquiry_that_staff_took_the_order_of_says_so_to_the_customer(world: World) -> None:
    inquiry = world.new_inquiry(customer=world.customer)
    link = mailed(world, inquiry)
    data = {**GIVEN, **hidden(Client().get(link)), **row(what="配电箱", quantity="1")}
    line = {"product": world.product, "quantity": 2, "unit": world.piece, "factor": 1}
    given = {"customer": world.customer, "type": world.type, "lines": [line], "contact": None}
    orders.order_inquiry(inquiry, by=world.root, wanted_on=clock.today(), **given)
    with nothing_moves():
        shown = Client().get(link, {"lang": "en"})
        tried = Client().post(f"{link}?lang=en", data)
    assert "Your order has been written down already." in shown.text and 'name="_verb"' not in shown.text
    assert tried.status_code in (409, 412) and Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_form_at_once_make_one_order() -> None:
    with clock.at(MORNING):
        world = World()
        link = mailed(world)
        posts = [
            {**GIVEN, **hidden(Client().get(link)), **row(what="配电箱", quantity=str(each + 1))} for each in range(2)
        ]
    start, answers = threading.Barrier(2), []

    def click(data: dict[str, Any]) -> None:
        start.wait(60)
        with clock.at(MORNING):
            answers.append(Client().post(link, data).status_code)
        connection.close()

    threads = [threading.Thread(target=click, args=[data]) for data in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 303]
    assert (Order.objects.count(), ActionLog.objects.filter(verb="orders.apply_order").count()) == (1, 1)
