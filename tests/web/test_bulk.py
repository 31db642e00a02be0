"""One verb for many rows: a preview, each row in its own transaction, the refused ones named."""

from collections.abc import Callable

from django.test import Client

from crm.records.models import ActionLog
from orders.models import Order
from tests.world import World, nothing_moves


def test_a_preview_says_which_rows_are_possible_and_changes_nothing(
    world: World, client_of: Callable[..., Client]
) -> None:
    ready, other = world.reviewed(), world.new_order()
    with nothing_moves():
        page = client_of(world.root).get("/do-many/orders.allocate_order/", {"pk": [ready.pk, other.pk]})
    html = page.content.decode()
    assert "1 possible, 1 not" in html
    assert f'name="pk" value="{ready.pk}"' in html and f'name="pk" value="{other.pk}"' not in html
    assert "Not possible while it is “In review”." in html


def test_what_is_possible_is_done_and_what_is_not_is_named(world: World, client_of: Callable[..., Client]) -> None:
    ready, other = world.reviewed(), world.new_order()
    client = client_of(world.root)
    page = client.post("/do-many/orders.allocate_order/", {"pk": [ready.pk, other.pk], "_key": "k1"})
    assert "1 done, 1 refused" in page.content.decode()
    assert dict(Order.objects.values_list("pk", "status")) == {ready.pk: "allocated", other.pk: "submitted"}
    logged = ActionLog.objects.filter(verb="orders.allocate_order").count()
    again = client.post("/do-many/orders.allocate_order/", {"pk": [ready.pk, other.pk], "_key": "k1"})
    assert again.status_code == 200
    assert ActionLog.objects.filter(verb="orders.allocate_order").count() == logged == 1


def test_bad_input_is_asked_for_again_and_nothing_is_done(world: World, client_of: Callable[..., Client]) -> None:
    ready = world.reviewed()
    with nothing_moves():
        page = client_of(world.root).post("/do-many/orders.allocate_order/", {"pk": [ready.pk], "owner": "99999"})
    assert page.status_code == 422


def test_rows_that_one_does_not_see_are_left_out(world: World, client_of: Callable[..., Client]) -> None:
    ready = world.reviewed()
    desk = world.person("desk", "order_desk")
    charlie = world.charlie
    with nothing_moves():
        page = client_of(charlie).get("/do-many/orders.allocate_order/", {"pk": [ready.pk]})
    assert ready.number not in page.content.decode()
    assert ready.number in client_of(desk).get("/do-many/orders.allocate_order/", {"pk": [ready.pk]}).content.decode()


def test_only_what_a_list_offers_is_done_to_many(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    client = client_of(world.root)
    assert client.post("/do-many/orders.cancel_order/", {"pk": [order.pk], "reason": "x"}).status_code == 404
    assert client.get("/do-many/orders.melt/").status_code == 404
    assert Order.objects.get().status == "submitted"


def test_odd_keys_break_nothing(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    for pk in ("abc", "", "-1", "99999999999999999999999999"):
        assert client.get("/do-many/orders.allocate_order/", {"pk": [pk]}).status_code == 200
