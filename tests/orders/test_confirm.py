"""Confirmation by the owner, or by the customer himself through his link (ZT 3.1)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from crm import clock
from crm.links.models import Link
from crm.outbox.models import Message
from crm.records.models import ActionLog
from customers.models import Contact, ContactEntry
from orders import actions as orders
from orders.forms import ConfirmForm
from orders.models import Order
from tests.mailed import hidden, path_of
from tests.world import MORNING, World, nothing_moves, refused

S = Order.Status


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def asked(world: World) -> tuple[Order, str]:
    """An order of Alice's, and the path of the link that was mailed."""
    order = world.accepted()
    Order.objects.update(owner=world.alice)
    orders.ask_to_confirm(Order.objects.get(pk=order.pk), by=world.alice)
    body = Message.objects.get(template="orders.confirm").text("zh-hans")["body"]
    assert f"金额 ¥{order.total:,.2f}，" in body
    return Order.objects.get(pk=order.pk), path_of("orders.confirm")


def test_the_owner_confirms_by_phone(world: World) -> None:
    order = orders.confirm_order(
        world.accepted(), by=world.root, channel="phone", contact=world.contact, remarks="周五前备齐"
    )
    assert (order.status, order.confirmed_at, order.contact) == (S.CONFIRMED, MORNING, world.contact)
    assert ActionLog.objects.get(verb="orders.confirm_order").inputs["channel"] == "phone"
    call = ContactEntry.objects.get()
    assert (call.customer, call.by, call.channel, call.direction) == (world.customer, world.root, "phone", "out")
    assert (call.contact, call.at, call.what) == (world.contact, MORNING, f"Confirmed order {order.number}. 周五前备齐")


def test_a_contact_of_another_customer_is_not_offered(world: World) -> None:
    other = world.new_customer().contacts.get()
    form = ConfirmForm({"channel": "phone", "contact": other.pk}, by=world.root, obj=world.accepted())
    assert list(form.problems()) == ["contact"]


def test_the_link_shows_every_line_price_and_date(world: World) -> None:
    order, path = asked(world)
    page = Client().get(path, {"lang": "en"}).content.decode()
    for text in (order.number, "配电箱", "1,280.00", "128.00", "2026-12-03", "Confirm the order", "Ask for changes"):
        assert text in page
    assert "<script" not in page or "nonce" in page or "src=" in page


def test_the_customer_confirms_by_his_link(world: World) -> None:
    order, path = asked(world)
    client = Client()
    page = client.get(path)
    response = client.post(path, {"_verb": "orders.confirm_order", **hidden(page)})
    order.refresh_from_db()
    assert (response.status_code, order.status, order.confirmed_at) == (303, S.CONFIRMED, MORNING)
    row = ActionLog.objects.get(verb="orders.confirm_order")
    assert (row.door, row.link, row.actor.username) == ("link", Link.objects.get().pk, "links")
    assert row.inputs["channel"] == "link"
    assert Link.objects.get().status == "used"
    assert not ContactEntry.objects.exists()  # nobody called
    assert "Confirm the order" in client.get(path, {"lang": "en"}).content.decode()


def test_his_used_link_goes_on_telling_how_far_the_order_is(world: World) -> None:
    order, path = asked(world)
    client = Client()
    client.post(path, {"_verb": "orders.confirm_order", **hidden(client.get(path))})
    after = client.get(path, {"lang": "en"}).text
    assert "Your order is confirmed, and we are preparing the goods." in after
    assert order.number in after and "1,280.00" in after
    Order.objects.filter(pk=order.pk).update(status=S.READY)
    assert "Your goods are ready." in client.get(path, {"lang": "en"}).text


def test_a_second_confirmation_changes_nothing(world: World) -> None:
    _order, path = asked(world)
    client = Client()
    data = {"_verb": "orders.confirm_order", **hidden(client.get(path))}
    client.post(path, data)
    with nothing_moves():
        assert client.post(path, data).status_code == 303
        assert client.post(path, {**data, "_key": "another"}).status_code == 200


def test_the_customer_asks_for_changes_and_the_owner_is_told(world: World) -> None:
    _order, path = asked(world)
    client = Client()
    data = {"_verb": "orders.ask_for_changes", **hidden(client.get(path)), "wishes": "改到 12 月 10 日"}
    assert client.post(path, data).status_code == 303
    notice = Message.objects.get(template="orders.changes")
    assert (notice.recipient, Order.objects.get().status) == (world.alice, S.ACCEPTED)
    assert "改到 12 月 10 日" in notice.body


def test_nobody_confirms_lines_he_did_not_see(world: World) -> None:
    order, path = asked(world)
    client = Client()
    data = {"_verb": "orders.confirm_order", **hidden(client.get(path))}
    line = {"product": world.product, "quantity": Decimal(99), "unit": world.piece, "factor": Decimal(1)}
    orders.revise_order(order, by=world.root, lines=[line])
    orders.pass_review(order, by=world.root)
    orders.allocate_order(order, by=world.root, owner=world.root, reason="x")
    orders.accept_order(order, by=world.root)
    with nothing_moves():
        response = client.post(path, data)
    page = response.content.decode()
    assert response.status_code == 412
    assert "1,280.00" in page and "12,672.00" in page
    assert client.post(path, {"_verb": "orders.confirm_order", **hidden(response)}).status_code == 303
    assert Order.objects.get().status == S.CONFIRMED


def test_an_order_that_is_being_reviewed_again_cannot_be_confirmed(world: World) -> None:
    order, path = asked(world)
    client = Client()
    data = {"_verb": "orders.confirm_order", **hidden(client.get(path))}
    line = {"product": world.product, "quantity": Decimal(10), "unit": world.piece, "factor": Decimal(1)}
    orders.revise_order(order, by=world.root, lines=[line], wanted_on=date(2026, 12, 24))
    with nothing_moves():
        again = client.post(path, data)  # he is shown what is different, and no button to confirm it
        assert again.status_code == 412
        assert "orders.confirm_order" not in again.content.decode()


def test_a_link_that_has_run_out_says_so(world: World) -> None:
    _order, path = asked(world)
    with clock.at(MORNING + timedelta(days=14)), nothing_moves():
        assert Client().get(path).status_code == 410
        assert Client().post(path, {"_verb": "orders.confirm_order"}).status_code == 410


def test_another_verb_than_the_pages_is_refused(world: World) -> None:
    _order, path = asked(world)
    with nothing_moves():
        assert Client().post(path, {"_verb": "orders.cancel_order", "reason": "x"}).status_code == 403


def test_a_contact_without_mail_is_confirmed_by_phone(world: World) -> None:
    order, root = world.accepted(), world.root
    contact = Contact.objects.get()
    contact.email = ""
    contact.save()
    order = Order.objects.get()
    with refused("no_mail_address"):
        orders.ask_to_confirm(order, by=root)


def test_staff_confirm_meanwhile_and_the_link_says_it_is_done(world: World) -> None:
    order, path = asked(world)
    client = Client()
    data = {"_verb": "orders.confirm_order", **hidden(client.get(path))}
    orders.confirm_order(order, by=world.alice, channel="phone")
    with nothing_moves():
        assert client.post(path, data).status_code in (409, 412)


def test_the_page_speaks_the_contacts_language_and_the_one_he_asks_for(world: World) -> None:
    _order, path = asked(world)
    assert Client().get(path)["Content-Language"] == "zh-hans"
    assert Client().get(path, {"lang": "en"})["Content-Language"] == "en"
