"""The start page: what waits, most urgent first; numbers of one's own work; and what it costs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline
from crm.reports import today as start
from orders import actions as orders
from orders.inquiries.actions import record_inquiry
from orders.models import Order
from tests.world import World


def plan(world: World, number: int) -> None:
    """An order of Alice's with so many milestones."""
    order = world.confirmed()
    lines = [{"name": f"第{each}步", "due_on": clock.today() + timedelta(days=each + 1)} for each in range(number)]
    orders.plan_order(order, by=world.root, milestones=lines)


def labels(user: User) -> dict[str, str]:
    """The numbers of a start page by what they say."""
    reverse("today")  # reads the addresses, with which the areas are declared
    return {str(each["label"]): each["value"] for each in start.numbers(user)}


def test_reception_sees_the_numbers_of_its_own_work(world: World) -> None:
    desk = world.person("desk", "reception")
    for each in range(3):
        record_inquiry(by=desk, name=f"问{each}", channel="phone", matter="多少钱？", urgent=False, phone="13800138000")
    with clock.at(clock.now() + timedelta(days=1)):
        record_inquiry(by=desk, name="问", channel="phone", matter="多少钱？", urgent=False, phone="13800138000")
        found = labels(User.objects.get(pk=desk.pk))
    assert found["Inquiries: To be answered"] == "4"
    assert found["Inquiries: Received today"] == "1"
    assert not any("Mine" in label and value == "0" for label, value in found.items())


def test_whom_a_verb_is_asked_of_sees_how_much_waits_for_it(world: World) -> None:
    world.new_order()
    assert labels(world.person("desk", "order_desk"))["Orders: In review"] == "1"
    assert "Orders: In review" not in labels(world.person("money", "finance"))


def test_numbers_open_the_list_behind_them(world: World, client_of: Callable[..., Client]) -> None:
    world.new_order()
    client = client_of(world.person("desk", "order_desk"))
    html = client.get("/").content.decode()
    urls = re.findall(r'<a href="(/[^"]+\?tab=\w+)"><b>', html)
    assert 2 <= len(urls) <= start.NUMBERS
    assert all(client.get(url).status_code == 200 for url in urls)


def test_a_milestone_names_the_order_that_it_is_of(world: World, client_of: Callable[..., Client]) -> None:
    plan(world, 1)
    milestone = Deadline.objects.get(rule="order.milestone", closed_at=None)
    page: Any = start.today(User.objects.get(pk=milestone.responsible_id))
    rows = [row for group in page["groups"] for row in group["rows"] if str(row["label"]) == "第0步"]
    assert [str(row["part_of"]) for row in rows] == ["SO2026-000001"]


def test_a_long_group_says_that_there_is_more_and_shows_it_when_asked(
    world: World, client_of: Callable[..., Client]
) -> None:
    plan(world, start.SHOWN + 5)
    user = User.objects.get(pk=Deadline.objects.filter(rule="order.milestone").first().responsible_id)  # type: ignore[union-attr]
    assert max(len(group["rows"]) for group in start.today(user)["groups"]) == start.SHOWN
    client = client_of(user)
    assert 'href="?all=1#group-next"' in client.get("/").content.decode()
    assert client.get("/?all=1").content.decode().count('class="task"') >= start.SHOWN + 5


def test_the_page_costs_the_same_for_three_milestones_and_for_thirty(
    world: World, client_of: Callable[..., Client]
) -> None:
    plan(world, 3)
    user = User.objects.get(pk=Deadline.objects.filter(rule="order.milestone").first().responsible_id)  # type: ignore[union-attr]
    client = client_of(user)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    plan(world, 28)
    client.get("/")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(few)


def test_who_only_watches_sees_what_goes_wrong(world: World) -> None:
    order = world.confirmed()
    Order.objects.filter(pk=order.pk).update(wanted_on=clock.today() - timedelta(days=1))
    found = labels(world.person("head", "executive"))
    assert found["Orders: Wanted before today"] == "1"
