"""Reports, the calendar of pickups and notes in a real browser: a manager at his desk, and on his phone in the dark."""

from collections.abc import Callable
from typing import Any

import pytest

from orders.models import Order
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def order(world: World, language: str) -> Order:
    """An order whose goods are told of, seen by a manager who leads people and a counter."""
    boss = world.person(
        "boss", "sales_manager", "executive", "warehouse", name="鲍经理", name_en="Boss", language=language
    )
    world.warehouse.clerks.add(boss)
    return world.notified().order


def test_figures_open_their_records(order: Order, visitor: Callable[..., Visitor]) -> None:
    boss = visitor("reports")
    boss.sign_in("boss")
    boss.check("today")
    boss.go("/reports/")
    boss.check("reports")
    bar = boss.page.locator("#chart-orders-by-state svg a").first
    bar.focus()
    boss.page.keyboard.press("Enter")
    boss.page.wait_for_url("**/orders/?status=ready")
    assert boss.page.locator("table.rows tbody tr", has_text=order.number).count() == 1
    boss.go("/reports/")
    boss.page.locator("#chart-orders-by-state header a").click()
    boss.page.locator("dialog[open] [name=purpose]").wait_for()
    boss.check("export")
    boss.sound()


def test_reports_and_calendar_on_a_phone_in_the_dark(
    order: Order, open_page: Any, live_server: Any, language: str
) -> None:
    page = open_page("phone", "zh-CN" if language == "zh-hans" else "en-GB", color_scheme="dark")
    boss = Visitor(page, live_server.url, f"{language}_reports_phone")
    boss.sign_in("boss")
    boss.check("today")
    for path, what in (("/reports/", "reports"), ("/pickups/calendar/", "calendar"), ("/deadlines/", "deadlines")):
        boss.go(path)
        boss.check(what)
    boss.sound()


def test_a_note_is_written_found_and_taken_back(order: Order, visitor: Callable[..., Visitor]) -> None:
    boss = visitor("notes")
    boss.sign_in("boss")
    boss.go(order.get_absolute_url())
    page = boss.page
    page.fill("#story-text", "客户周五前来提货")
    page.locator(".story-write .btn").click()
    page.locator("li.internal", has_text="客户周五前来提货").wait_for()
    boss.check("written")
    page.locator(".story-tabs a").nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('#story ol.story > li').length === 1")
    boss.check("notes")
    page.locator("#story ol.story a[href*='withdraw_note']").click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    boss.send(dialog)
    page.wait_for_function("() => !document.body.innerText.includes('客户周五前来提货')")
    boss.sound()
