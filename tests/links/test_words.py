"""What a customer reads where his step is not possible any more: where it stands in his words, and whom to call."""

from collections.abc import Iterator

import pytest
from django.test import Client

from crm import clock
from crm.links.making import links_of
from crm.links.pages import PAGES
from orders import actions as orders
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Pickup
from tests.mailed import hidden, path_of
from tests.world import MORNING, World, nothing_moves


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(MORNING):
        yield World()


def test_an_order_confirmed_by_phone_says_so_and_whom_to_call(world: World, settings) -> None:
    settings.COMPANY_PHONE = "023-63860000"
    order = orders.ask_to_confirm(world.accepted(), by=world.root)
    path = path_of("orders.confirm")
    posted = hidden(Client().get(path, {"lang": "en"}))
    orders.confirm_order(order, by=world.root, channel="phone")
    with nothing_moves():
        seen = Client().get(path, {"lang": "en"})
        tried = Client().post(f"{path}?lang=en", {"_verb": "orders.confirm_order", **posted})
    assert (seen.status_code, tried.status_code) == (200, 409)
    for page in (seen.text, tried.text):
        assert "<h1>Your order is confirmed, and we are preparing the goods.</h1>" in page
        assert "If you have a question, call 根:" in page
        assert '<a href="tel:023-63860000">' in page
        assert "Not possible" not in page and "Confirmed by the customer" not in page
        assert 'name="_verb"' not in page


def test_without_a_phone_he_is_told_whom_to_ask(world: World, settings) -> None:
    settings.COMPANY_PHONE = ""
    orders.confirm_order(orders.ask_to_confirm(world.accepted(), by=world.root), by=world.root, channel="phone")
    assert "If you have a question, ask 根." in Client().get(path_of("orders.confirm"), {"lang": "en"}).text


def test_a_cancelled_pickup_ends_its_link_and_says_so(world: World) -> None:
    found = world.notified()
    path = path_of("pickup.notice")
    assert "pass-code" in Client().get(path).text
    pickup.cancel_pickup(found, by=world.root, reason="客户取消")
    link = links_of(found).get()
    assert (link.status, link.is_open) == ("ended", False)
    with nothing_moves():
        answers = [
            Client().get(path, {"lang": "en"}),
            Client().post(f"{path}?lang=en", {"_verb": "pickup.move_pickup"}),
        ]
    for answer in answers:
        assert answer.status_code == 410
        assert "<h1>This pickup was cancelled.</h1>" in answer.text
        assert "nothing left to do" in answer.text and "pass-code" not in answer.text


def test_a_link_that_another_took_the_place_of_points_to_that(world: World) -> None:
    found = world.notified()
    path = path_of("pickup.notice")
    pickup.send_notice(found, by=world.root)
    assert sorted(links_of(found).values_list("status", flat=True)) == ["active", "ended"]
    page = Client().get(path, {"lang": "en"})
    assert page.status_code == 410 and "if we sent you a later one, use that" in page.text


def test_who_confirmed_by_phone_reads_it_beside_what_he_may_still_do(world: World) -> None:
    pickup.confirm_pickup(world.notified(), by=world.root)
    text = Client().get(path_of("pickup.notice"), {"lang": "en"}).text
    assert "<b>You have confirmed this pickup, and we expect you at the time below.</b>" in text
    assert "Choose another time" in text and "nothing left for you to do" not in text


def test_who_did_not_come_reads_why_he_is_asked_for_another_time(world: World) -> None:
    pickup.miss_pickup(world.notified(), by=world.root)
    text = Client().get(path_of("pickup.another"), {"lang": "en"}).text
    assert "<b>The time of this pickup is over" in text
    assert "Choose another time" in text


def test_what_he_did_himself_is_not_said_twice(world: World) -> None:
    world.notified()
    path = path_of("pickup.notice")
    posted = hidden(Client().get(path))
    Client().post(path, {"_verb": "pickup.confirm_pickup", **posted})
    text = Client().get(path, {"lang": "en"}).text
    assert "<b>I will come then</b>" in text and "You have confirmed this pickup" not in text


def test_an_expired_link_names_whom_to_ask(world: World, settings) -> None:
    settings.COMPANY_PHONE = ""
    found = world.notified()
    path = path_of("pickup.notice")
    with clock.at(links_of(found).get().expires_at):
        page = Client().get(path, {"lang": "en"})
    assert page.status_code == 410 and "If you have a question, ask 根." in page.text


@pytest.mark.parametrize(("purpose", "model"), [("orders.confirm", Order), ("pickup.pass", Pickup)])
def test_every_state_has_words_for_the_customer(purpose: str, model: type[Order] | type[Pickup]) -> None:
    told = [str(PAGES[purpose].state(model(status=status))) for status in model.Status.values]
    assert all(told)
    assert not any(word in " ".join(told) for word in ("review", "desk", "allocat"))
