"""A list's filters in a real browser: they come when they are opened, narrow the list, and stay while one searches."""

from collections.abc import Callable

import pytest

from orders.models import Order
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser


def test_filters_come_when_they_are_opened_and_stay_while_one_searches(
    world: World, language: str, visitor: Callable[..., Visitor]
) -> None:
    first, second = world.new_order(), world.new_order()
    Order.objects.filter(pk=second.pk).update(status="reviewed")
    world.person("boss", "sales_manager", name="鲍经理", name_en="Boss", language=language)
    boss = visitor("filters")
    boss.sign_in("boss")
    boss.go("/orders/")
    page, asked = boss.page, []
    page.on("request", lambda request: asked.append(request.url))
    panel = page.locator("#filter-fields")
    assert panel.locator("select").count() == 0
    page.locator(".tools-form details summary").click()
    panel.locator("select").first.wait_for()
    boss.check("open")
    panel.locator('input[value="reviewed"]').check()
    page.locator(f'#list a[href="{first.get_absolute_url()}"]').wait_for(state="detached")
    assert page.locator(f'#list a[href="{second.get_absolute_url()}"]').count() == 1
    assert page.url.endswith("?status=reviewed")
    assert len([url for url in asked if "filters=1" in url]) == 1
    boss.go("/orders/?status=reviewed")
    page.locator("#list-search").fill(second.number)
    page.wait_for_url("**status=reviewed*")
    page.wait_for_url(f"**q={second.number}*")
    assert "status=reviewed" in page.url
    boss.check("found")
