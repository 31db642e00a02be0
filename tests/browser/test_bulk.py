"""Many rows at once in a real browser: ticked, previewed, done, reported, and taken back."""

from collections.abc import Callable

import pytest

from crm.records.models import ActionLog
from customers.models import Customer
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser


def owners() -> set[str]:
    return set(Customer.objects.values_list("owner__username", flat=True))


def test_rows_are_ticked_given_to_another_and_taken_back(
    world: World, language: str, visitor: Callable[..., Visitor]
) -> None:
    for _each in range(3):
        world.new_customer()
    world.person("boss", "sales_manager", name="鲍经理", name_en="Boss", language=language)
    world.person("lin", "sales", name="林芳", name_en="Lin Fang")
    boss = visitor("bulk")
    boss.sign_in("boss")
    boss.go("/customers/")
    page = boss.page
    page.locator(".pick-all").check()
    page.locator('.bulk button[hx-get*="assign_customer"]').click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    boss.check("preview")
    boss.pick(dialog, "owner", "林", "林芳" if language == "zh-hans" else "Lin")
    dialog.locator(".sheet-foot .btn-primary").dblclick()
    page.locator('dialog[open] a[href*="take-back"]').wait_for()
    boss.check("report")
    assert owners() == {"lin"}
    assert set(ActionLog.objects.filter(verb="customers.assign_customer").values_list("door", flat=True)) == {"page"}
    page.locator('dialog[open] a[href*="take-back"]').click()
    page.locator("dialog[open] form[action*='take-back'] .btn-primary").wait_for()
    boss.check("back")
    page.locator("dialog[open] form[action*='take-back'] .btn-primary").click()
    page.locator("dialog[open] [role=status]").wait_for()
    assert owners() == {"root"}
    assert ActionLog.objects.filter(verb="customers.assign_customer").count() == 6
    boss.go("/bulk/")
    boss.check("earlier")
    page.locator("td.key a").first.click()
    page.wait_for_load_state("load")
    boss.check("report_page")
    boss.sound()
