"""The customer fills in the order application form on his phone, also where his browser runs no scripts (O3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm import clock
from customers.models import Contact
from orders.applications import actions as applications
from orders.catalog import actions as catalog
from orders.models import Order
from tests.browser.conftest import LANGUAGES, Visitor, link_of
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def link(world: World, language: str) -> str:
    """The path of a link that was mailed to the customer's contact, in his language."""
    assert world.product and world.type
    catalog.create_product(
        by=world.root, code="P002", name="接线端子", unit=world.piece, tax_rate=13, packings=[], price="0.35"
    )
    Contact.objects.filter(pk=world.contact.pk).update(language=language)
    applications.ask_to_apply(world.customer, by=world.root, contact=Contact.objects.get())
    return link_of("applications.form")


def test_on_a_phone(world: World, link: str, visitor: Callable[..., Visitor]) -> None:
    him = visitor("customer", "phone")
    page = him.page
    him.go(link)
    him.check("empty")
    assert page.locator("[data-lines] tbody tr").count() == 1

    him.pick(page, "lines-0-product", "jxdz", "接线端子")  # by pinyin initials
    assert page.locator("[name=lines-0-unit] option").count() == 1
    page.fill("[name=lines-0-quantity]", "3333")
    page.click("[data-add-line]")
    second = page.locator("[data-lines] tbody tr").nth(1)
    him.pick(page, second.locator("input[type=hidden]").get_attribute("name"), "pdx", "配电箱")
    second.locator("[name$=-unit]").select_option(str(world.carton.pk))
    second.locator("[name$=-quantity]").fill("2")
    page.click("[data-add-line]")
    third = page.locator("[data-lines] tbody tr").nth(2)
    third.locator("[name$=-what]").fill("防爆灯 20W")
    third.locator("[name$=-quantity]").fill("-3")
    assert third.locator("[name$=-what]").input_value() == "防爆灯 20W"  # one's own words stand

    # 3333 × 0.35 = 1,166.55 with 134.20 tax in it; 2 × 3,072 = 6,144 with 706.83.
    assert page.locator("[data-total]").inner_text() == "¥7,310.55"
    assert page.locator("[data-tax]").inner_text() == "¥841.03"

    page.locator("[name=fulfilment][value=delivery]").check()
    page.fill("[name=wanted_on]", (clock.today() + timedelta(days=9)).isoformat())
    page.click("form .btn-primary")
    page.locator(".errors-note").wait_for()
    him.check("errors")
    assert page.locator("[name$=-quantity][aria-invalid]").count() == 1
    assert page.locator("[name=place][aria-invalid]").count() == 1
    assert page.locator("[data-total]").inner_text() == "¥7,310.55"  # what was chosen is still chosen
    page.locator("[name=lines-2-quantity]").fill("3")
    page.fill("[name=place]", "重庆市渝北区金开大道 88 号")
    page.click("form .btn-primary")
    page.locator("h1", has_not_text="application form").wait_for()
    order = Order.objects.get()
    page.get_by_text(order.number).wait_for()
    him.check("sent")
    assert (order.status, str(order.total), str(order.tax)) == (Order.Status.DRAFT, "7310.55", "841.03")
    assert "防爆灯 20W" in order.remarks
    page.problems = [each for each in page.problems if "422" not in each]
    him.sound()


def test_without_scripts(world: World, link: str, language: str, open_page: Any, live_server: Any) -> None:
    page = open_page("phone", LANGUAGES[language], java_script_enabled=False)
    page.goto(live_server.url + link)
    assert page.locator("[data-lines] tbody tr:visible").count() == 6
    page.fill("[name=lines-0-what]", "p001")  # the product's number
    page.fill("[name=lines-0-quantity]", "2")
    page.fill("[name=lines-3-what]", "接线端子")
    page.fill("[name=lines-3-quantity]", "5")
    page.fill("[name=wanted_on]", (clock.today() + timedelta(days=9)).isoformat())
    page.click("form .btn-primary")
    order = Order.objects.get()
    page.get_by_text(order.number).wait_for()
    assert (order.status, order.lines.count(), str(order.total)) == (Order.Status.SUBMITTED, 2, "257.75")
