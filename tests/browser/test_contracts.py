"""A special contract in a real browser: accepted orally, judged in parts on phones, signed by link, in force."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm import clock
from crm.approvals.models import Condition, Task
from orders.contracts.models import Contract
from orders.models import Order
from tests.browser.conftest import Visitor, link_of
from tests.world import World, scan

pytestmark = pytest.mark.browser
S = Contract.Status
PAGE = re.compile(rb"/Type\s*/Page\b")  # of a PDF
DEPARTMENTS = (("boss", "sales_manager"), ("maker", "production"), ("carrier", "logistics"), ("cashier", "finance"))


@pytest.fixture
def order(world: World, language: str) -> Order:
    """An accepted order of Alice's; whoever judges contracts is there, and reads the language of the test."""
    people = (("alice", "sales"), ("support", "sales_support"), ("chief", "executive"), *DEPARTMENTS)
    made = [
        world.person(name, role, name=name.title(), name_en=name.title(), language=language) for name, role in people
    ]
    order = world.accepted()
    Order.objects.filter(pk=order.pk).update(owner=made[0])
    return Order.objects.get(pk=order.pk)


@pytest.mark.long
def test_from_the_customers_word_to_a_contract_in_force(
    order: Order, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(scan().read())
    alice, support = visitor("seller"), visitor("support")
    alice.sign_in("alice")
    alice.go(order.get_absolute_url())
    alice.do("contracts.record_acceptance", _choose("accepted_by", "phone"), accepted_words="就按这个价")
    contract = Contract.objects.get()
    support.sign_in("support")
    support.go("/contracts/?tab=classify")
    support.check("list")
    support.go(contract.get_absolute_url())
    support.do("contracts.classify_contract", _choose("kind", "special"), class_reason="需新开模具")
    alice.go(contract.get_absolute_url())
    dialog = alice.open("contracts.fill_in_form")
    dialog.locator('[name="payment"]').fill("预付 30%")
    dialog.locator('[name="quality"]').fill("GB/T 7251.12")
    alice.check("form")
    alice.send(dialog)
    alice.do("contracts.ask_pass_contract")
    for name, _role in DEPARTMENTS:
        _judge(visitor, name, condition=name == "cashier")
    assert Task.objects.filter(status="waiting").count() == 0  # the condition holds the general manager up
    condition = Condition.objects.get()
    alice.go(condition.get_absolute_url())
    alice.do("approvals.meet_condition", proof="回单已附")
    alice.check("condition_met")
    _judge(visitor, "chief")
    contract.refresh_from_db()
    assert contract.status == S.PASSED
    support.go(contract.get_absolute_url())
    support.do("contracts.make_contract", signed_place="重庆")
    support.do("contracts.send_contract")
    customer = visitor("customer", "phone")
    customer.go(link_of("contracts.sign"))
    customer.check("link")
    customer.page.set_input_files("[name=scan]", paper)
    customer.page.click(".btn-primary.btn-big")
    customer.page.wait_for_load_state("load")
    customer.check("handed_in")
    support.go(contract.get_absolute_url())
    support.do("contracts.mark_returned")
    support.check("in_force")
    contract.refresh_from_db()
    assert (contract.status, contract.kind) == (S.IN_FORCE, "special")
    pocket = visitor("pocket", "phone")
    pocket.sign_in("alice")
    for address, what in (("contract/", "paper"), ("review/", "review_form"), ("versions/", "versions")):
        for reader in (support, pocket):
            reader.go(f"{contract.get_absolute_url()}{address}")
            reader.check(what)
    support.go(f"{contract.get_absolute_url()}contract/")
    assert len(PAGE.findall(support.page.pdf(prefer_css_page_size=True))) == 1  # one line of goods is one sheet
    for each in (alice, support, customer, pocket):
        each.sound()


def _choose(field: str, value: str) -> Callable[[Any], None]:
    return lambda dialog: dialog.locator(f'[name="{field}"]').select_option(value)


def _judge(visitor: Callable[..., Visitor], name: str, *, condition: bool = False) -> None:
    """Somebody signs his part on his phone; finance wants something first."""
    who = visitor(name, "phone")
    who.sign_in(name)
    task = Task.objects.get(status="waiting", approver__username=name)
    who.go(task.get_absolute_url())
    who.check("card")
    if condition:
        dialog = who.open("approvals.raise_condition")
        dialog.locator('[name="text"]').fill("预付款到账，附回单")
        who.pick(dialog, "owner", "Ali", "Alice")
        dialog.locator('[name="due_on"]').fill(str(clock.today()))
        who.send(dialog)
    who.do("approvals.approve", opinion=f"{name} 同意")
    who.sound()
