"""An approval in a real browser: asked at the desk, decided by the manager on a phone, told, sent back, asked again."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from crm.actions import Action
from crm.approvals.models import ApprovalRequest, Task
from crm.approvals.telling import link_for
from customers.models import Customer
from tests.approvals.conftest import allow, declare, remove
from tests.browser.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.browser
S = ApprovalRequest.Status


@pytest.fixture
def rebate() -> Iterator[Action]:
    try:
        yield declare()
    finally:
        remove()


@pytest.fixture
def company(world: World, language: str, rebate: Action) -> World:
    """Alice, whose manager is the boss; both speak the language of the test."""
    allow()
    boss = world.person("boss", "sales_manager", name="鲍经理", name_en="Boss", language=language)
    chief = world.person("chief", "executive", name="周总", name_en="Chief", language=language)
    boss.manager = chief
    boss.save()
    alice = world.person("alice", "sales", name="李娜", name_en="Alice", manager=boss, language=language)
    Customer.objects.filter(pk=world.customer.pk).update(owner=alice, department=world.sales)
    return world


def ask(alice: Visitor, address: str, **fields: str) -> None:
    """Ask from the customer's page, where the verb stands in the menu of further ones."""
    alice.go(address)
    alice.page.locator("#content .doings details.menu summary").first.click()
    alice.do("customers.ask_grant_rebate", **fields)


@pytest.mark.long
def test_asked_at_the_desk_and_decided_on_the_phone(company: World, visitor: Callable[..., Visitor]) -> None:
    address = company.customer.get_absolute_url()
    alice = visitor("requester")
    alice.sign_in("alice")
    ask(alice, address, amount="500.00", reason="老客户首单")
    request = ApprovalRequest.objects.get()
    alice.page.wait_for_url(f"**{request.get_absolute_url()}")
    alice.check("asked")
    task = Task.objects.get()
    boss = visitor("approver", "phone")
    boss.sign_in("boss")
    boss.check("today")
    boss.go("/approvals/?tab=waiting")
    boss.check("inbox")
    boss.go(link_for(task, task.approver).removeprefix(settings.CRM_URL))
    boss.check("card")
    boss.do("approvals.send_back", reason="请降到 300")
    request.refresh_from_db()
    assert request.status == S.SENT_BACK
    alice.go(address)
    alice.check("record")
    ask(alice, address, amount="300.00", reason="已降低")
    again = ApprovalRequest.objects.latest("pk")
    boss.go(again.get_absolute_url())
    boss.check("again")
    boss.do("approvals.approve", opinion="同意")
    again.refresh_from_db()
    assert again.status == S.DONE
    assert "rebate 300.00" in Customer.objects.get(pk=company.customer.pk).remarks
    boss.go(link_for(Task.objects.latest("pk"), task.approver).removeprefix(settings.CRM_URL))
    boss.check("already")
    alice.sound()
    boss.sound()
