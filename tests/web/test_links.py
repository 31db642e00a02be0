"""Links on a record's page: only to pages that the reader may open, and asked for once for each kind of record."""

import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import Department, User
from crm.records.addresses import Addresses
from orders.models import Milestone, Order
from pickup import actions as pickup
from tests.world import World


def links(html: str) -> set[str]:
    """The records that a page links, without their verbs and printed forms."""
    return set(re.findall(r'(?:href|data-url)="(/(?:customers|orders|pickups|messages)/(?:\d+|records/\d+)/)"', html))


def driver(world: World) -> User:
    """Somebody who sees every pickup, and only his own department's orders."""
    return world.person("driver", "logistics", department=Department.objects.create(code="wheels", name="储运部"))


def test_what_the_reader_may_not_open_is_named_but_not_linked(world: World, client_of: Callable[..., Client]) -> None:
    order = world.ready()
    told = pickup.plan_pickup(order, by=world.root, window=world.window(), notify=True)
    html = client_of(driver(world)).get(told.get_absolute_url()).content.decode()
    assert order.number in html and str(order.customer) in html
    assert order.get_absolute_url() not in links(html)
    assert order.customer.get_absolute_url() not in links(html)
    boss = client_of(world.person("boss", "sales_manager"))
    html = boss.get(told.get_absolute_url()).content.decode()
    assert {order.get_absolute_url(), order.customer.get_absolute_url()} <= links(html)


def test_no_link_of_a_page_leads_nowhere_whoever_reads_it(world: World, client_of: Callable[..., Client]) -> None:
    order = world.ready()
    told = pickup.plan_pickup(order, by=world.root, window=world.window(), notify=True)
    pages = [each.get_absolute_url() for each in (order, order.customer, told)]
    opened = 0
    for role in ("reception", "sales", "order_desk", "finance", "warehouse", "logistics", "supervisor", "executive"):
        client = client_of(world.person(f"any-{role}", role))
        for page in pages:
            answer = client.get(page)
            if answer.status_code == 200:
                opened += 1
                for url in links(answer.content.decode()):
                    assert client.get(url).status_code == 200, (role, page, url)
    assert opened > 10


def test_a_kind_of_record_is_asked_for_once(world: World, many: Callable[[int], list[Order]]) -> None:
    orders = many(20)
    person = world.person("clerk", "order_desk")
    addresses = Addresses(person)
    addresses.expect(orders)
    person.get_all_permissions()
    addresses.of(orders[0])
    with CaptureQueriesContext(connection) as queries:
        assert [addresses.of(each) for each in orders] == [each.get_absolute_url() for each in orders]
    assert len(queries) == 0


def test_a_part_leads_to_the_whole_where_that_may_be_opened(world: World) -> None:
    order = world.confirmed()
    milestone = Milestone.objects.create(order=order, name="备货", due_on=order.wanted_on, owner=world.root)
    assert Addresses(world.root).of(milestone) == order.get_absolute_url()
    assert Addresses(driver(world)).of(milestone) == ""
