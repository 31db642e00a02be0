"""The board of orders: the list's rows in columns by state, with sums; moving a card runs the verb that leads there."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.listing import COUNTED
from crm.records.models import ActionLog
from crm.web.board import CARDS
from crm.web.boards import BOARDS, leads, steps, ways
from orders import actions as orders
from orders.boards import ORDER_BOARD
from orders.models import Order
from tests.world import World, nothing_moves

S = Order.Status
HTMX = {"HX-Request": "true"}


def column(html: str, key: str) -> str:
    """The part of the page that is one column."""
    return html.split(f'data-column="{key}"')[1].split("</section>")[0]


def head(html: str, key: str) -> tuple[str, str]:
    """What stands above a column: number and sum."""
    found = re.search(r'class="count">([^<]+)</span><span class="board-sum">([^<]+)<', column(html, key))
    assert found
    return found[1], found[2]


def move(client: Client, order: Order, to: str = "", **data: Any) -> Any:
    given = {"to": to} if to else {}
    version = Order.objects.get(pk=order.pk).version
    return client.post(f"/orders/board/{order.pk}/move/", {"_version": version, **given, **data}, headers=HTMX)


def test_orders_stand_in_the_column_of_their_state_with_number_and_sum(
    world: World, client_of: Callable[..., Client]
) -> None:
    one, two, draft = world.reviewed(), world.reviewed(quantity="20"), world.new_order(draft=True)
    html = client_of(world.root).get("/orders/board/").content.decode()
    assert head(html, "desk") == ("2", "¥3,840.00")
    assert head(html, "application") == ("1", "¥1,280.00")
    assert head(html, "ready") == ("0", "¥0.00")
    assert [f'id="card-{each.pk}"' in column(html, "desk") for each in (one, two, draft)] == [True, True, False]
    assert "Draft" in column(html, "application")
    assert one.customer.name in column(html, "desk") and "根" not in column(html, "desk")


def test_what_has_ended_stands_on_no_board_and_is_not_summed(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(4)
    pks = list(Order.objects.order_by("pk").values_list("pk", flat=True))
    Order.objects.filter(pk=pks[0]).update(status="closed")
    Order.objects.filter(pk=pks[1]).update(status="cancelled")
    html = client_of(world.root).get("/orders/board/").content.decode()
    assert head(html, "application") == ("2", "¥70.00")
    assert html.count("data-card ") == 2


def test_it_shows_the_same_rows_as_the_list_with_the_same_filters(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(10)
    other = world.reviewed(project="西部项目")
    client = client_of(world.root)
    html = client.get("/orders/board/", {"q": "西部项目"}).content.decode()
    assert html.count("data-card ") == 1 and f'id="card-{other.pk}"' in html
    assert 'href="/orders/?q=%E8%A5%BF%E9%83%A8%E9%A1%B9%E7%9B%AE"' in html
    assert f'id="card-{other.pk}"' not in client.get("/orders/board/", {"tab": "review"}).content.decode()
    html = client.get("/orders/board/", {"status": "reviewed"}).content.decode()
    assert (head(html, "application"), head(html, "desk")[0]) == (("0", "¥0.00"), "1")
    assert client.get("/orders/board/", {"status": "melted"}).status_code == 400
    assert 'href="/orders/board/?q=x"' in client.get("/orders/", {"q": "x"}).content.decode()


def test_one_sees_ones_own_only_and_moves_nothing_else(world: World, client_of: Callable[..., Client]) -> None:
    theirs = world.allocated()
    mine = orders.allocate_order(world.reviewed(), by=world.root, owner=world.alice, reason="x")
    client = client_of(world.alice)
    html = client.get("/orders/board/").content.decode()
    assert f'id="card-{mine.pk}"' in html and f'id="card-{theirs.pk}"' not in html
    assert head(html, "allocated") == ("1", "¥1,280.00")
    with nothing_moves():
        assert client.get(f"/orders/board/{theirs.pk}/move/").status_code == 404
        assert move(client, theirs, "confirming").status_code == 404
        assert move(client, mine, "nowhere").status_code == 404
        assert client_of(world.stranger).get("/orders/board/").status_code == 403
        assert move(client_of(world.stranger), mine, "confirming").status_code == 403


def test_it_costs_the_same_for_fifty_and_for_two_hundred_orders(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    client = client_of(world.root)
    rows, counts = many(200), []
    states = [state for state in S.values if state not in ("closed", "cancelled")]
    shown = {50: 50, 200: 3 * CARDS + 4 * 18}  # eleven states share them, three columns have more than they show
    for number in (50, 200):
        Order.objects.filter(pk__in=[each.pk for each in rows]).update(status="closed")
        for index, order in enumerate(rows[:number]):
            Order.objects.filter(pk=order.pk).update(status=states[index % len(states)])
        client.get("/orders/board/")
        with CaptureQueriesContext(connection) as caught:
            html = client.get("/orders/board/").content.decode()
        counts.append(len(caught))
        assert html.count(" data-card ") == shown[number]
    assert counts == [counts[0]] * 2
    assert counts[0] <= 24


def test_a_column_shows_the_most_urgent_and_more_when_asked(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(CARDS + 5)
    client = client_of(world.root)
    html = client.get("/orders/board/").content.decode()
    first = Order.objects.order_by("wanted_on", "pk").values_list("pk", flat=True)[:CARDS]
    assert [int(pk) for pk in re.findall(r'id="card-(\d+)"', html)] == list(first)
    assert head(html, "application")[0] == "25"
    assert 'hx-get="?more=application"' in html
    html = client.get("/orders/board/", {"more": "application"}, headers={**HTMX, "HX-Target": "board"})
    assert html.content.decode().count("data-card ") == 25 and b"<html" not in html.content


def test_cards_and_sums_are_found_by_one_index_that_holds_no_closed_order(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(200)
    Order.objects.filter(pk__in=Order.objects.order_by("pk")[20:]).update(status="closed")
    client = client_of(world.root)
    client.get("/orders/board/")
    with CaptureQueriesContext(connection) as caught:
        client.get("/orders/board/")
    asked = [each["sql"] for each in caught if "orders_order" in each["sql"] and "wanted_on" in each["sql"]]
    asked += [each["sql"] for each in caught if "SUM(" in each["sql"]]
    assert len(asked) == 1 + len(ORDER_BOARD.columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "orders_on_board" in plan and "Seq Scan on orders_order" not in plan, plan


def test_counting_and_summing_stop_at_a_thousand(
    world: World, many: Callable[[int], list[Order]], client_of: Callable[..., Client]
) -> None:
    many(COUNTED + 50)
    Order.objects.update(total=Decimal(1))
    html = client_of(world.root).get("/orders/board/").content.decode()
    assert head(html, "application") == ("1,000+", "¥1,001.00+")


def test_a_move_that_needs_no_input_is_done_at_once(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.reviewed(), client_of(world.root)
    answer = move(client, order, "allocated", _key="k1")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
    assert move(client, order, "allocated", _key="k1").headers["HX-Refresh"] == "true"  # the same click again
    order.refresh_from_db()
    assert (order.status, order.owner) == ("allocated", world.root)
    assert ActionLog.objects.filter(verb="orders.allocate_order").count() == 1
    assert "Done: Allocate" in client.get("/orders/board/").content.decode()


def test_a_move_that_needs_input_opens_the_verbs_dialog(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.accepted(), client_of(world.root)
    with nothing_moves():
        answer = move(client, order, "preparing")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/do/orders.confirm_order/{order.pk}/")


def test_with_several_verbs_it_asks_which(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.allocated(), client_of(world.root)
    with nothing_moves():
        answer = move(client, order, "desk")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r'name="verb" value="([^"]+)"', html) == ["orders.decline_order", "orders.pass_on_order"]
    with nothing_moves():
        answer = move(client, order, verb="orders.decline_order")
    assert answer.headers["Location"] == f"/do/orders.decline_order/{order.pk}/"
    assert move(client, order, verb="orders.pass_on_order").headers["HX-Refresh"] == "true"


def test_a_move_to_which_no_step_leads_says_so_and_what_is_possible(
    world: World, client_of: Callable[..., Client]
) -> None:
    order, client = world.reviewed(), client_of(world.root)
    with nothing_moves():
        answer = move(client, order, "collected")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "No step leads there from “At the order desk”." in html and "It stays where it is" in html
    assert 'value="orders.allocate_order"' in html


def test_a_refused_move_says_why(world: World, client_of: Callable[..., Client]) -> None:
    order = orders.allocate_order(world.reviewed(), by=world.root, owner=world.alice, reason="x")
    with nothing_moves():
        answer = move(client_of(world.root), order, "confirming")
    assert answer.status_code == 409
    assert "Only Alice can do this." in answer.content.decode()
    keeper = world.person("keeper", "warehouse")
    with nothing_moves():
        answer = move(client_of(keeper), order, "confirming")
    assert (answer.status_code, "You do not have the right to do this." in answer.content.decode()) == (403, True)


def test_a_card_that_somebody_moved_meanwhile_stays_where_he_put_it(
    world: World, client_of: Callable[..., Client]
) -> None:
    order = world.reviewed()
    seen = order.version
    orders.allocate_order(order, by=world.root)
    for to in ("allocated", "confirming", "desk"):
        with nothing_moves():
            answer = move(client_of(world.root), order, to, _version=seen)
        assert answer.status_code == 412
        assert "Someone has changed this in the meantime." in answer.content.decode()


def test_the_menu_of_a_card_says_where_it_can_go_and_why_not(world: World, client_of: Callable[..., Client]) -> None:
    order = world.ready()
    html = client_of(world.root).get(f"/orders/board/{order.pk}/move/").content.decode()
    assert "Note what was collected" in html and "This happens by itself." in html
    fresh = world.reviewed()
    page = client_of(world.root).get(f"/orders/board/{fresh.pk}/move/", headers=HTMX).content.decode()
    assert 'value="orders.allocate_order"' in page and page.lstrip().startswith("<dialog")


def test_without_scripts_the_menu_is_a_page_and_leads_back_to_the_board(
    world: World, client_of: Callable[..., Client]
) -> None:
    order, client = world.reviewed(), client_of(world.root)
    assert "<html" in client.get(f"/orders/board/{order.pk}/move/").content.decode()
    answer = client.post(f"/orders/board/{order.pk}/move/", {"verb": "orders.allocate_order"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/orders/board/")
    order.refresh_from_db()
    assert order.status == "allocated"


def test_a_verb_that_is_none_of_its_steps_moves_nothing(world: World, client_of: Callable[..., Client]) -> None:
    order, client = world.reviewed(), client_of(world.root)
    for verb in ("orders.close_order", "orders.cancel_order", "orders.melt"):
        with nothing_moves():
            assert move(client, order, verb=verb).status_code == 409


def test_columns_light_up_for_what_one_may_do(world: World) -> None:
    board = ORDER_BOARD
    assert ways(board, world.root)["reviewed"] == ["allocated"]
    assert "ready" in ways(board, world.root)["confirmed"]
    assert ways(board, world.reader) == {state: [] for state in board.column_of}


@pytest.mark.parametrize("key", sorted(BOARDS))
def test_every_state_that_is_not_the_end_stands_in_one_column(key: str) -> None:
    board = BOARDS[key]
    states = [str(state) for column in board.columns for state in column.states]
    assert len(states) == len(set(states))
    missing = set(board.listing.model.Status.values) - set(states)
    assert all(board.listing.model.STATUS_COLOURS[state] == "neutral" for state in missing)
    index = [each.fields for each in board.listing.model._meta.indexes]
    assert ["status", board.order, "id"] in index


def test_a_verb_that_leaves_the_column_is_a_step_and_others_are_none(world: World) -> None:
    board, order = ORDER_BOARD, world.new_order()
    names = [each.verb.name for each in steps(board, order, world.root)]
    assert names == ["orders.pass_review"]
    assert [each.key for each in leads(board, orders.send_back, "submitted")] == []
