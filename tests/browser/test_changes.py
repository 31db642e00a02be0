"""A change and a delay in a real browser: drafted, confirmed by link on a phone, approved, acknowledged, compared."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.accounts.models import Department, User
from crm.approvals.models import Task
from orders.changes.models import Change, CustomerRequest, Extension
from orders.models import Order
from tests.browser.conftest import Visitor, link_of
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def order(world: World, language: str) -> Order:
    """A confirmed order of Alice's; the boss heads her department, the maker heads production."""
    made = {
        name: world.person(name, role, name=name.title(), name_en=name.title(), language=language, **facts)
        for name, role, facts in (
            ("alice", "sales", {}),
            ("boss", "sales_manager", {}),
            ("maker", "production", {"department": Department.objects.create(code="production", name="生产部")}),
        )
    }
    Department.objects.filter(code="sales").update(head=made["boss"])
    Department.objects.filter(code="production").update(head=made["maker"])
    order = world.confirmed()
    Order.objects.filter(pk=order.pk).update(owner=made["alice"])
    return Order.objects.get(pk=order.pk)


@pytest.mark.long
def test_an_order_is_changed_with_everybodys_word(order: Order, visitor: Callable[..., Visitor]) -> None:
    alice, customer = visitor("seller"), visitor("customer", "phone")
    alice.sign_in("alice")
    alice.go(order.get_absolute_url())
    dialog = alice.open("changes.draft_change")
    dialog.locator('[name="why"]').fill("客户现场追加两台")
    dialog.locator('[name="lines-0-quantity"]').fill("12")
    dialog.locator('[name="wanted_on"]').fill(str(order.wanted_on + timedelta(days=7)))
    alice.check("draft")
    alice.send(dialog)
    change = Change.objects.get()
    alice.go(change.get_absolute_url())
    alice.do("changes.send_change")
    alice.check("with_the_customer")
    customer.go(link_of("changes.confirm"))
    customer.check("link")
    customer.page.locator("form .btn-primary.btn-big").first.click()
    customer.page.wait_for_load_state("load")
    customer.check("confirmed")
    alice.go(change.get_absolute_url())
    alice.do("changes.ask_apply_change")
    boss = visitor("boss", "phone")
    boss.sign_in("boss")
    boss.go(Task.objects.get(status="waiting").get_absolute_url())
    boss.check("card")
    boss.do("approvals.approve")
    order.refresh_from_db()
    change.refresh_from_db()
    assert (change.status, order.lines.get().quantity) == ("applied", 12)
    maker = visitor("maker", "phone")
    maker.sign_in("maker")
    maker.go(change.get_absolute_url())
    maker.check("to_acknowledge")
    maker.do("changes.acknowledge_change", remarks="OK")
    alice.go(change.get_absolute_url())
    alice.check("applied")
    alice.go(order.get_absolute_url())
    alice.check("order")
    for address, what in (
        (f"/changes/orders/{order.pk}/versions/", "versions"),
        (f"{change.get_absolute_url()}print/", "form"),
        ("/changes/", "list"),
    ):
        alice.go(address)
        alice.check(what)
    maker.go(f"/changes/orders/{order.pk}/versions/")
    maker.check("versions")
    for each in (alice, customer, boss, maker):
        each.sound()


@pytest.mark.long
def test_a_delay_is_agreed_on_and_a_request_answered(order: Order, visitor: Callable[..., Visitor]) -> None:
    alice, maker, customer = visitor("seller"), visitor("maker", "phone"), visitor("customer", "phone")
    alice.sign_in("alice")
    alice.go(order.get_absolute_url())
    alice.do("changes.report_delay", what="铜排供应商停产检修")
    extension = Extension.objects.get()
    assert extension.planner == User.objects.get(username="maker")
    maker.sign_in("maker")
    maker.go(extension.get_absolute_url())
    dialog = maker.open("changes.answer_delay")
    dialog.locator('[name="kept"]').select_option("no")
    dialog.locator('[name="planning"]').fill("外购件周五到货")
    dialog.locator('[name="remedy"]').fill("加班装配")
    dialog.locator('[name="possible_on"]').fill(str(order.wanted_on + timedelta(days=7)))
    maker.check("planning")
    maker.send(dialog)
    alice.go(extension.get_absolute_url())
    dialog = alice.open("changes.request_extension")
    alice.check("request")
    alice.send(dialog)
    customer.go(link_of("changes.extension"))
    customer.check("extension_link")
    customer.page.locator("form .btn-primary.btn-big").first.click()
    customer.page.wait_for_load_state("load")
    customer.check("agreed")
    order.refresh_from_db()
    assert order.wanted_on == Extension.objects.get().new_on
    alice.go(order.get_absolute_url())
    alice.do("changes.invite_requests")
    customer.go(link_of("changes.invite"))
    customer.page.locator('[name="text"]').fill("柜体改为 RAL7032")
    customer.page.locator("form .btn-primary.btn-big").first.click()
    customer.page.wait_for_load_state("load")
    customer.check("handed_in")
    request = CustomerRequest.objects.get()
    alice.go(request.get_absolute_url())
    alice.do("changes.answer_request", answer="可以，按新颜色喷涂")
    alice.check("answered")
    for path, what in (
        ("/changes/extensions/", "extensions"),
        ("/changes/requests/", "requests"),
        (extension.get_absolute_url(), "extension"),
        (f"{extension.get_absolute_url()}print/", "extension_form"),
        (order.get_absolute_url(), "order"),
    ):
        alice.go(path)
        alice.check(what)
    for each in (alice, maker, customer):
        each.sound()
