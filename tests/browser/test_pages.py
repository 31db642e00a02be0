"""Pages of the frame in a real browser: on a manager's phone, by keyboard, in the dark, and when something is wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from customers import actions as customers
from orders.models import Order
from pickup import actions as pickup
from pickup.models import Record
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def order(world: World, language: str) -> Order:
    """A confirmed order that a manager sees, with goods in stock."""
    world.person("boss", "sales_manager", "counter", name="鲍经理", name_en="Boss", language=language)
    world.receive()
    return world.confirmed()


def test_on_a_managers_phone(order: Order, world: World, visitor: Callable[..., Visitor]) -> None:
    boss = visitor("manager", "phone")
    boss.sign_in("boss")
    boss.check("today")
    for path, what in (
        ("/orders/", "orders"),
        ("/customers/", "customers"),
        (order.get_absolute_url(), "order"),
        (world.customer.get_absolute_url(), "customer"),
    ):
        boss.go(path)
        boss.check(what)
    boss.go(order.get_absolute_url())
    dialog = boss.open("orders.plan_order")
    boss.check("plan")
    dialog.locator('[name="milestones-0-name"]').fill("")
    dialog.locator(".sheet-foot .btn-primary").click()
    boss.page.locator("dialog[open] .errors-note").wait_for()
    boss.check("plan_refused")
    boss.page.problems = [each for each in boss.page.problems if "422" not in each]
    boss.sound()


def test_by_keyboard_alone(order: Order, world: World, visitor: Callable[..., Visitor]) -> None:
    boss = visitor("keyboard")
    boss.sign_in("boss")
    boss.page.keyboard.press("Control+k")
    boss.page.keyboard.type("晨光")
    boss.page.locator("dialog[open] a", has_text=world.customer.name).first.wait_for()
    boss.check("palette")
    boss.page.keyboard.press("Escape")
    boss.go("/orders/")
    boss.page.keyboard.press("j")
    boss.page.keyboard.press("Enter")
    boss.page.wait_for_url(boss.url + order.get_absolute_url())
    boss.page.keyboard.press(".")  # the next step
    boss.page.locator("dialog[open]").wait_for()
    boss.page.keyboard.press("Escape")
    boss.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    assert boss.page.evaluate("() => document.activeElement.matches('[data-next-step]')")
    boss.page.go_back()
    boss.page.wait_for_function(
        "(url) => document.activeElement.getAttribute('href') === url", arg=order.get_absolute_url()
    )
    boss.sound()


def test_a_red_verdict_and_an_unknown_code_at_the_counter(
    order: Order, world: World, visitor: Callable[..., Visitor]
) -> None:
    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    told = pickup.plan_pickup(order, by=world.root, window=world.window(hours=0.4), notify=True)
    boss_user = type(world.root).objects.get(username="boss")
    world.warehouse.clerks.add(boss_user)
    customers.suspend_supply(world.customer, by=world.root, reason="逾期 30 天")
    boss = visitor("counter", "tablet")
    boss.sign_in("boss")
    boss.go("/pickups/counter/")
    for code, what in (("00000000", "unknown"), (told.code, "suspended")):
        boss.page.locator("#code").fill(code)
        boss.page.keyboard.press("Enter")
        boss.page.locator(".verdict-red", has_text=code if what == "unknown" else "逾期 30 天").wait_for()
        boss.check(what)
    boss.sound()


def test_a_scanner_is_heard_wherever_the_focus_is_and_only_the_button_hands_over(
    order: Order, world: World, visitor: Callable[..., Visitor]
) -> None:
    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    told = pickup.plan_pickup(order, by=world.root, window=world.window(hours=0.4), notify=True)
    world.warehouse.clerks.add(type(world.root).objects.get(username="boss"))
    boss = visitor("scanner", "tablet")
    boss.sign_in("boss")
    boss.go("/pickups/counter/")
    page = boss.page

    def scan(code: str) -> None:
        # As a wedge scanner does it, a few milliseconds from key to key; playwright's own pace hangs on the machine.
        page.evaluate(
            "(code) => { let at = 1e6; for (const key of [...code, 'Enter']) {"
            " const event = new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true});"
            " Object.defineProperty(event, 'timeStamp', {value: at += 5});"
            " const field = document.activeElement; field.dispatchEvent(event);"
            " if (key !== 'Enter' && 'value' in field && !event.defaultPrevented) field.value += key; } }",
            code,
        )

    page.keyboard.type(told.code)
    page.keyboard.press("Enter")
    page.locator("#handover").wait_for()
    vehicle = page.locator("[name=vehicle]")
    vehicle.fill("渝A12345")
    vehicle.press("Enter")  # a form's Enter would hand over
    for which in ("customer_signature", "clerk_signature"):
        boss.sign(which)
    vehicle.focus()
    vehicle.press("Enter")
    scan(told.code)  # the same customer again: nothing typed is lost
    assert page.input_value("[name=vehicle]") == "渝A12345"
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    vehicle.focus()
    scan("00000000")  # another one, which is asked about first
    assert asked == ["confirm"] and page.input_value("[name=vehicle]") == "渝A12345"
    assert page.locator(".verdict-green").count() == 1 and not Record.objects.exists()
    page.once("dialog", lambda dialog: dialog.accept())
    vehicle.focus()
    scan("00000000")
    page.locator(".verdict-red", has_text="00000000").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "code"
    boss.sound()


def test_in_the_dark_and_where_nothing_is(order: Order, open_page: Any, live_server: Any, language: str) -> None:
    page = open_page("desktop", "zh-CN" if language == "zh-hans" else "en-GB", color_scheme="dark")
    boss = Visitor(page, live_server.url, f"{language}_dark")
    boss.sign_in("boss")
    boss.check("today")
    boss.go(order.get_absolute_url())
    boss.check("order")
    page.goto(live_server.url + "/nowhere/")
    boss.check("not_found")


def test_a_difference_is_asked_for_and_nothing_typed_is_lost(
    order: Order, world: World, visitor: Callable[..., Visitor]
) -> None:
    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    told = pickup.plan_pickup(order, by=world.root, window=world.window(hours=0.4), notify=True)
    world.warehouse.clerks.add(type(world.root).objects.get(username="boss"))
    boss = visitor("difference", "tablet")
    boss.sign_in("boss")
    boss.go(f"/pickups/counter/?pickup={told.pk}")
    page = boss.page
    page.locator("#handover").wait_for()
    page.fill("[name=vehicle]", "渝A12345")
    for _each in range(6):
        page.locator("[data-step='-1']").click()
    page.locator("#handover .btn-big").click()  # unsigned: it does not leave the page
    assert page.locator("canvas.missing").count() == 2
    for which in ("customer_signature", "clerk_signature"):
        boss.sign(which)
    assert page.locator("canvas.missing").count() == 0
    page.route("**/do/**", lambda route: route.fulfill(status=403, body="<h1>403</h1>"), times=1)
    page.locator("#handover .btn-big").click()  # an answer that is no dialog is said as well
    page.locator("#refused .note").wait_for()
    page.problems = [each for each in page.problems if "403" not in each]
    page.locator("#handover .btn-big").click()
    page.locator("#refused .note", has_text="10").wait_for()
    boss.check("difference")
    assert "10" in page.locator("#refused").inner_text()
    assert page.input_value("[name=vehicle]") == "渝A12345"
    assert page.input_value("[name=lines-0-quantity]") == "4"
    page.fill("[name=lines-0-difference]", "车装不下")
    page.locator("#handover .btn-big").click()
    page.wait_for_function("() => !document.querySelector('#handover')")
    record = Record.objects.get()
    assert (record.vehicle, record.lines.get().quantity, record.lines.get().difference) == ("渝A12345", 4, "车装不下")
    assert record.customer_signature and record.clerk_signature
    page.problems = [each for each in page.problems if "409" not in each]
    boss.sound()
