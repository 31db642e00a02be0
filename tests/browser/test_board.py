"""The board in a real browser: cards are dragged by mouse and finger, moved by keyboard, and go back when refused."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.accounts.models import User
from orders import actions as orders
from orders.models import Order
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def boss(world: World, language: str) -> User:
    """A person who leads sales and the order desk, and owns what is allocated to him."""
    return world.person("boss", "sales_manager", "order_desk_manager", name="鲍经理", name_en="Boss", language=language)


def middle(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 120)


def drag(page: Any, order: Order, column: str) -> None:
    """Take the card by its customer's name, and let it go over the column."""
    x, y = middle(page, f"#card-{order.pk} .board-card-body .grow")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 5, steps=3)
    page.locator(f'[data-column="{column}"]').scroll_into_view_if_needed()
    to_x, to_y = middle(page, f'[data-column="{column}"]')
    page.mouse.move(to_x, to_y, steps=6)
    page.mouse.up()


def touch_drag(page: Any, selector: str, column: str) -> None:
    """The same with a finger on the grip, held at the edge until the board has scrolled the column into reach."""
    session = page.context.new_cdp_session(page)
    x, y = middle(page, selector)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": left, "y": top} for left, top in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", (x, y))
    send("touchMove", (x + 10, y))
    width = page.viewport_size["width"]
    send("touchMove", (width - 10, y + 20))
    page.wait_for_function(
        "([name, width]) => document.querySelector(`[data-column=${name}]`).getBoundingClientRect().left < width - 80",
        arg=[column, width],
    )
    send("touchMove", (width - 70, y + 20))
    send("touchEnd")


def stands_in(page: Any, order: Order, column: str) -> bool:
    return page.locator(f'[data-column="{column}"] #card-{order.pk}').count() == 1


def test_cards_are_dragged_and_what_is_refused_goes_back(
    world: World, boss: User, visitor: Callable[..., Visitor]
) -> None:
    fresh = world.reviewed()
    accepted = orders.allocate_order(world.reviewed(), by=world.root, owner=boss, reason="x")
    orders.accept_order(accepted, by=boss)
    foreign = world.allocated()
    seen = visitor("board")
    seen.sign_in("boss")
    seen.go("/orders/")
    seen.page.click('a[href="/orders/board/"]')
    seen.page.wait_for_url(seen.url + "/orders/board/")
    page = seen.page
    seen.check("board")

    # Nothing is missing: it is done at once.
    drag(page, fresh, "allocated")
    page.wait_for_function(f"() => document.querySelector('[data-column=allocated] #card-{fresh.pk}')")
    fresh.refresh_from_db()
    assert fresh.status == "allocated"
    page.wait_for_function(f"() => document.getElementById('card-{fresh.pk}').contains(document.activeElement)")

    # Something is missing: the verb's dialog opens; given up, the card is back where it was.
    drag(page, accepted, "preparing")
    page.locator("dialog[open] [name=channel]").wait_for()
    assert page.locator(".board-frame").count() == 1
    seen.check("dialog")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog[open], .board-frame, .board-waiting')")
    assert stands_in(page, accepted, "confirming")

    # Filled in, it leads back to the board, and the card stands in its new column.
    drag(page, accepted, "preparing")
    page.locator("dialog[open] [name=channel]").wait_for()
    page.locator("dialog[open] .sheet-foot .btn-primary").click()
    page.wait_for_function(f"() => document.querySelector('[data-column=preparing] #card-{accepted.pk}')")
    accepted.refresh_from_db()
    assert (accepted.status, page.url) == ("confirmed", seen.url + "/orders/board/")

    # Somebody else's: it says why, and the card goes back.
    drag(page, foreign, "confirming")
    page.locator("dialog[open] [role=alert]", has_text=str(world.root)).wait_for()
    seen.check("refused")
    page.locator("dialog[open] .sheet-foot [data-close]").click()
    page.wait_for_function("() => !document.querySelector('dialog[open], .board-frame, .board-waiting')")
    assert stands_in(page, foreign, "allocated")
    foreign.refresh_from_db()
    assert foreign.status == "allocated"

    # Escape lets go of it, and to press without dragging opens the record.
    x, y = middle(page, f"#card-{foreign.pk} .board-card-body .grow")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 10, steps=4)
    assert page.locator(".board-ghost").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".board-ghost, .board-lifted").count() == 0
    page.mouse.up()
    page.click(f"#card-{foreign.pk} .board-card-head a")
    page.wait_for_url(seen.url + foreign.get_absolute_url())
    page.problems = [each for each in page.problems if "409" not in each]
    seen.sound()


def test_a_card_is_moved_by_the_keyboard_alone(world: World, boss: User, visitor: Callable[..., Visitor]) -> None:
    fresh = world.reviewed()
    seen = visitor("board_keys")
    seen.sign_in("boss")
    seen.go("/orders/board/")
    page = seen.page
    page.locator(f"#card-{fresh.pk} [data-grip]").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] [name=verb]").first.wait_for()
    seen.check("keys")
    page.locator("dialog[open] [value='orders.allocate_order']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => document.querySelector('[data-column=allocated] #card-{fresh.pk}')")
    fresh.refresh_from_db()
    assert fresh.status == "allocated"
    seen.sound()


def test_on_a_phone_a_finger_drags_by_the_grip(world: World, boss: User, visitor: Callable[..., Visitor]) -> None:
    fresh = world.reviewed()
    seen = visitor("board_phone", "phone")
    seen.sign_in("boss")
    seen.go("/orders/board/?tab=allocate")
    page = seen.page
    seen.check("phone")
    page.locator(f"#card-{fresh.pk}").scroll_into_view_if_needed()
    touch_drag(page, f"#card-{fresh.pk} [data-grip]", "allocated")
    page.wait_for_function("() => document.querySelector('.toast-item')")
    fresh.refresh_from_db()
    assert fresh.status == "allocated"
    seen.sound()
