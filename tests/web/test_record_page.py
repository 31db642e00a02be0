"""The record page: the one next step, what is refused and why, and what it costs."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import clock
from crm.actions import actions_of
from crm.web.recordpage import Way
from customers import actions as customers
from orders import actions as orders
from orders.contracts.models import Contract, Requirement, Supplement
from orders.models import Order
from orders.payments.models import Receipt
from pickup.models import Pickup
from tests.world import World


def next_step(page: Any) -> str:
    """The verb of the primary button, if there is one."""
    found = re.search(r'class="btn btn-primary" data-next-step href="/do/([\w.]+)/', page.content.decode())
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("state", "role", "verb"),
    [
        ("new_order", "order_desk", "orders.pass_review"),
        ("reviewed", "order_desk", "orders.allocate_order"),
        ("confirmed", "warehouse", "pickup.check_stock"),
        ("confirmed", "sales_manager", "orders.plan_order"),
        ("short", "sales_manager", "pickup.take_part"),
        ("ready", "sales_manager", "pickup.plan_pickup"),
    ],
)
def test_the_next_step_is_the_one_that_the_deadlines_ask_for(
    world: World, client_of: Callable[..., Client], state: str, role: str, verb: str
) -> None:
    order = getattr(world, state)()
    person = world.person("somebody", role)
    assert next_step(client_of(person).get(order.get_absolute_url())) == verb


@pytest.mark.parametrize(
    ("model", "state", "refused", "verb"),
    [
        (Contract, "classified", [], "fill_in_form"),
        (Contract, "filled", ["pass_contract", "begin_review"], "ask_pass_contract"),
        (Contract, "passed", [], "make_contract"),
        (Contract, "passed", ["make_contract"], ""),  # who may not make it is not sent back to the form
        (Supplement, "drafted", ["apply_supplement"], "ask_apply_supplement"),
        (Requirement, "sent", [], "note_sample_answer"),
        (Order, "draft", [], "submit_order"),
        (Order, "returned", [], "submit_order"),  # back to where it goes on from
        (Pickup, "handed_over", [], ""),  # to take the handover back is no next step
        (Receipt, "matched", [], ""),
    ],
)
def test_the_next_step_leads_on(model: Any, state: str, refused: list[str], verb: str) -> None:
    way = Way(model(status=state))
    found = [each for each in actions_of(model) if each.source is None or state in each.source]
    steps = [(way.step(each), each.codename) for each in found if way.step(each) and each.codename not in refused]
    assert min(steps, key=lambda step: step[0], default=(0, ""))[1] == verb


def test_to_give_up_is_never_the_next_step(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    Order.objects.update(applied_by=world.alice)
    page = client_of(world.alice).get(order.get_absolute_url())
    assert next_step(page) == ""
    assert f"/do/orders.cancel_order/{order.pk}/" in page.content.decode()


def test_what_is_not_possible_now_is_named_with_the_reason(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    Order.objects.update(fulfilment="delivery")
    html = client_of(world.root).get(order.get_absolute_url()).content.decode()
    assert "A delivery needs a place." in html
    assert "Not possible while it is “In review”." in html


def test_verbs_that_one_has_no_right_to_are_not_mentioned(world: World, client_of: Callable[..., Client]) -> None:
    order = world.new_order()
    html = client_of(world.reader).get(order.get_absolute_url()).content.decode()
    assert "/do/orders." not in html and "Not possible now" not in html


def test_identifiers_are_masked(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.alice).get("/") and client_of(world.root).get(world.customer.get_absolute_url())
    assert "13800138000" not in html.content.decode()
    assert "wang@example.com" not in html.content.decode()


@pytest.mark.parametrize("path", ["order", "customer", "inquiry", "pickup", "record", "product"])
def test_a_stranger_gets_no_page(world: World, client_of: Callable[..., Client], path: str) -> None:
    told = world.handed_over()
    records = {
        "order": told.order,
        "customer": world.customer,
        "inquiry": world.new_inquiry(),
        "pickup": told,
        "record": told.records.get(),
        "product": world.product,
    }
    url = records[path].get_absolute_url()
    assert client_of(world.root).get(url).status_code == 200
    expected = 200 if path == "product" else 404  # what is sold is no secret inside the company
    assert client_of(world.stranger).get(url).status_code == expected
    assert Client().get(url).status_code == 302


def test_what_a_record_costs_does_not_grow_with_what_belongs_to_it(
    world: World, client_of: Callable[..., Client]
) -> None:
    order, client = world.accepted(), client_of(world.root)
    counts = []
    for number in (1, 8):
        for _each in range(number):
            orders.add_milestone(order, by=world.root, name="备货", due_on=date(2026, 12, 1))
            orders.report_progress(order, by=world.root, progress="一半")
            orders.enter_payment(order, by=world.root, amount=1, again=True)
            customers.log_contact(
                world.customer, by=world.root, channel="phone", direction="out", at=clock.now(), what="x"
            )
            world.new_order()
        for url in (order.get_absolute_url(), world.customer.get_absolute_url()):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:], counts
    assert counts[0] <= 64 and counts[1] <= 69, counts


def test_what_the_start_page_costs_does_not_grow_with_what_waits(
    world: World, client_of: Callable[..., Client]
) -> None:
    client = client_of(world.root)
    counts = []
    for number in (5, 20):
        for _each in range(number):
            world.new_inquiry(owner=world.root)
            world.new_customer()
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 45, counts
