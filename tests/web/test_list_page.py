"""The list page: paging that visits every row once, sorting, filters, tabs, columns, and bad parameters."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_filters import ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter

from crm import clock
from crm.actions import ACTIONS
from crm.listing import LISTINGS
from crm.web.areas import AREAS
from customers import actions as customers
from customers.tiers import actions as tiers
from orders import actions as orders
from orders.changes import actions as changes
from orders.contracts import actions as contracts
from orders.coordination import actions as coordination
from orders.models import Order
from orders.quotations import actions as quotations
from pickup import actions as pickup
from tests.doors.ready import READY
from tests.world import World


def numbers(page: Any) -> list[str]:
    """The order numbers of a page, as they stand."""
    return re.findall(r">(T\d{4}|SO\d{4}-\d{6})<", page.content.decode())


def link(page: Any, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def walk(client: Client, first: str) -> list[list[str]]:
    """The rows of every page from `first` on."""
    pages, url = [], first
    while url or not pages:
        page = client.get("/orders/" + url)
        assert page.status_code == 200, url
        pages.append(numbers(page))
        url = link(page, "next")
        assert len(pages) < 20
    return pages


@pytest.mark.parametrize("order", ["", "-pk", "pk", "number", "-total", "total", "wanted_on", "-received_at"])
def test_every_row_is_visited_once_whatever_the_order(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client], order: str
) -> None:
    many(120)
    pages = walk(client_of(world.root), f"?order={order}" if order else "")
    rows = [number for page in pages for number in page]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert sorted(rows) == [f"T{index:04}" for index in range(120)]
    expected = {
        "-total": [row.number for row in Order.objects.order_by("-total", "-pk")],
        "total": [row.number for row in Order.objects.order_by("total", "pk")],
        "number": sorted(rows),
        "pk": sorted(rows),
        "-pk": sorted(rows, reverse=True),
        "": sorted(rows, reverse=True),
    }
    assert rows == expected.get(order, rows)


def test_the_way_back_shows_the_same_pages(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client]
) -> None:
    many(120)
    client = client_of(world.root)
    first = client.get("/orders/?order=total")
    second = client.get("/orders/" + link(first, "next"))
    third = client.get("/orders/" + link(second, "next"))
    assert link(third, "next") == ""
    back = client.get("/orders/" + link(third, "prev"))
    assert numbers(back) == numbers(second)
    assert numbers(client.get("/orders/" + link(back, "prev"))) == numbers(first)
    assert link(first, "prev") == ""


def test_a_row_that_comes_meanwhile_moves_no_other(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client]
) -> None:
    many(60)
    client = client_of(world.root)
    first = client.get("/orders/")
    world.new_order()
    second = client.get("/orders/" + link(first, "next"))
    assert numbers(first) + numbers(second) == [f"T{index:04}" for index in reversed(range(60))]


def test_a_filter_a_tab_and_a_search_narrow_it(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client]
) -> None:
    many(6)
    client = client_of(world.root)
    Order.objects.filter(number="T0002").update(status="reviewed")
    Order.objects.filter(number__in=["T0003", "T0004"]).update(owner=world.alice)
    assert numbers(client.get("/orders/?status=reviewed")) == ["T0002"]
    assert numbers(client.get("/orders/?status=reviewed&status=submitted&order=pk"))[:2] == ["T0000", "T0001"]
    assert numbers(client.get(f"/orders/?owner={world.alice.pk}")) == ["T0004", "T0003"]
    assert numbers(client.get("/orders/?tab=allocate")) == ["T0002"]
    assert numbers(client.get("/orders/?tab=mine&order=number")) == ["T0000", "T0001", "T0002", "T0005"]
    assert numbers(client.get("/orders/?q=T0005")) == ["T0005"]
    order = world.new_order()
    assert numbers(client.get("/orders/?q=晨光&order=pk"))[-1] == order.number
    assert numbers(client.get(f"/orders/?q={order.number}")) == [order.number]


def test_columns_are_chosen_by_address(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client]
) -> None:
    many(1)
    html = client_of(world.root).get("/orders/?columns=number&columns=project&columns=nonsense").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', html)
    assert heads == ["Number", "Project"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("order=color", "cannot be sorted by"),
        ("order=customer", "cannot be sorted by"),
        ("cursor=garbage", "page marker is not valid"),
        ("cursor=WyJuIiwgInhcdTAwMDAiLCAxXQ", "page marker is not valid"),
        ("status=melted", "Select a valid choice"),
        ("owner=99999", "Select a valid choice"),
        ("owner=99999999999999999999", "Select a valid choice"),
        ("customer=abc", "Enter a number"),
        ("wanted_from=yesterday", "Enter a valid date"),
    ],
)
def test_a_bad_parameter_is_400_with_a_sentence(
    world: World, client_of: Callable[..., Client], query: str, said: str
) -> None:
    response = client_of(world.root).get(f"/orders/?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()


@pytest.mark.parametrize(
    "query", ["customer=99999999999999999999999", "customer=-1", "q=%00", "tab=nonsense", "q=" + "配" * 500]
)
def test_odd_parameters_break_nothing(world: World, client_of: Callable[..., Client], query: str) -> None:
    assert client_of(world.root).get(f"/orders/?{query}").status_code in (200, 400)


def test_a_customer_is_filtered_by_name_and_no_key_is_asked_for(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client]
) -> None:
    many(2)
    other = world.new_customer(name="贵阳山泰机电有限公司")
    client = client_of(world.root)
    page = client.get(f"/orders/?filters=1&customer={world.customer.pk}").content.decode()
    assert f'name="customer" value="{world.customer.pk}"' in page
    assert page.count(world.customer.name) >= 2  # in the field and in the chip above the rows
    assert numbers(client.get(f"/orders/?customer={other.pk}")) == []
    assert 'name="wanted_from"' in page and 'type="date" name="wanted_from"' in page
    assert 'name="order_id"' not in client.get("/pickups/?filters=1").content.decode()
    stranger = world.person("stranger2", "sales")
    assert other.name not in client_of(stranger).get(f"/orders/?filters=1&customer={other.pk}").content.decode()


def test_htmx_gets_the_rows_alone(world: World, many: Callable[[int], Any], client_of: Callable[..., Client]) -> None:
    many(3)
    headers = {"HX-Request": "true", "HX-Target": "list"}
    page = client_of(world.root).get("/orders/", headers=headers)
    assert "<html" not in page.content.decode() and len(numbers(page)) == 3
    assert "HX-Request" in page["Vary"]


def test_one_sees_ones_own_only(world: World, many: Callable[[int], Any], client_of: Callable[..., Client]) -> None:
    many(4)
    Order.objects.filter(number="T0001").update(owner=world.alice)
    assert numbers(client_of(world.alice).get("/orders/")) == ["T0001"]
    assert client_of(world.stranger).get("/orders/").status_code == 403
    assert Client().get("/orders/").status_code == 302


@pytest.mark.parametrize("path", ["/orders/", "/customers/", "/inquiries/", "/pickups/", "/products/", "/stock/"])
def test_a_list_costs_the_same_for_five_and_for_fifty_rows(
    world: World,
    client_of: Callable[..., Client],
    path: str,
) -> None:
    client = client_of(world.root)
    world.notified()
    world.new_inquiry()
    client.get(path)  # what is kept in caches after the first
    counts = []
    for rows in (1, 6):
        for _each in range(rows):
            world.new_customer()
            world.new_inquiry()
            world.new_order()
            world.receive(batch=f"B{world.counted}{rows}{_each}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4, counts


def test_the_lists_of_an_area_lead_to_each_other(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/pickups/").content.decode()
    nav = re.search(r'<nav class="siblings".*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', nav) == [
        "/pickups/",
        "/pickups/records/",
        "/pickups/authorities/",
        "/pickups/windows/",
        "/stock/",
        "/stock/movements/",
        "/stock/warehouses/",
    ]
    clerk = client_of(world.clerk).get("/pickups/").content.decode()
    assert "/pickups/counter/" in clerk


def test_an_area_holds_no_more_lists_than_one_line_shows(world: World, client_of: Callable[..., Client]) -> None:
    html = client_of(world.root).get("/orders/").content.decode()
    nav = re.search(r'<nav class="siblings".*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', nav) == ["/orders/", "/orders/payments/"]
    crowded = {area.key: area.listings for area in AREAS.values() if len(area.listings) > 7}
    assert crowded == {}
    home = {listing: area.key for area in AREAS.values() for listing in area.listings}
    places = ("quotations", "contracts", "changes", "order-meetings", "invoices", "credit-standings", "tier-proposals")
    found = [home[each] for each in places]
    assert found == ["quotations", "contracts", "changes", "coordination", "settlement", "credit", "credit"]


# What no verb makes alone: rows of these are in the test below, or in the tests of their app.
ELSEWHERE = {
    "approval-requests",
    "approvals",
    "contact-log",
    "deadlines",
    "exports",
    "imports",
    "movements",
    "pickup-records",
    "stock",
    "tier-changes",
    "warehouses",
    "windows",
    "writeoffs",
}


def test_every_list_opens_and_its_rows_lead_to_records(world: World, client_of: Callable[..., Client]) -> None:
    told = world.handed_over()
    order, client = Order.objects.get(), client_of(world.root)
    said = {"channel": "phone", "direction": "out", "at": clock.now(), "what": "x"}
    customers.log_contact(world.customer, by=world.root, next_step="y", due_on=clock.today(), **said)
    customers.note_information(by=world.root, owner=world.root, name="成都某公司")
    line = {"contact": None, "field": "region", "value": "四川"}
    customers.report_change(world.customer, by=world.root, lines=[line], changed_on=clock.today())
    orders.enter_payment(order, by=world.root, amount=1)
    pickup.add_authority(
        world.customer, by=world.root, person="赵司机", valid_from=clock.today(), valid_until=clock.today()
    )
    world.new_inquiry()
    tiers.set_tier(world.customer, by=world.root, tier="vip", reason="战略客户")
    tiers.score_customer(world.customer, by=world.root)
    supplement = world.supplement()
    said = {"said": "周五来车", "transport": "渝A12345", "ships_on": clock.today()}
    contracts.arrange_shipment(supplement.contract, by=world.root, **said)
    contracts.note_requirements(world.customer, by=world.root, goods="配电箱", stated="月底前交货")
    goods = {"product": world.product, "quantity": 1, "unit": world.piece, "factor": 1}
    quotation = quotations.quote_customer(world.customer, by=world.root, lines=[goods], valid_until=clock.today())
    sample = quotations.request_sample(world.customer, by=world.root, lines=[goods], wanted_on=clock.today())
    running = world.confirmed()
    more = [{"position": 1, "quantity": Decimal(12)}]
    changes.draft_change(running, by=world.root, wish="customer", why="增量", lines=more)
    changes.report_delay(running, by=world.root, cause="production", what="缺铜排", planner=world.root)
    coordination.ask_help(running, by=world.root, department=world.sales, what="催货", needed_on=clock.today())
    coordination.begin_joint(running, by=world.root, purpose="分批", lead=world.root, departments=[world.sales])
    meeting = coordination.call_meeting(by=world.root, meets_at=clock.now(), place="二楼", departments=[world.sales])
    coordination.assign_task(meeting, by=world.root, what="找车", owner=world.root, due_on=clock.today())
    changes.note_request(running, by=world.root, text="改颜色")
    leads: dict[str, list[str]] = {}
    for key in sorted(LISTINGS):
        page = client.get(reverse(key), follow=True)
        html = page.content.decode()
        assert page.status_code == 200, key
        leads[key] = list(dict.fromkeys(re.findall(r'<tr data-url="([^"]+)"', html)))
    for url in {url for urls in leads.values() for url in urls}:
        assert client.get(url).status_code == 200, url
    assert leads["contacts"] == leads["contact-log"] == leads["tasks"] == [world.customer.get_absolute_url()]
    assert leads["payments"] == [order.get_absolute_url()]
    others = [running, supplement.contract.order, order]
    assert leads["orders"] == [each.get_absolute_url() for each in others]
    assert leads["contracts"] == leads["shipments"] == [supplement.contract.get_absolute_url()]
    assert leads["supplements"] == [supplement.get_absolute_url()]
    assert leads["quotations"] == [quotation.get_absolute_url()]
    assert leads["samples"] == [sample.get_absolute_url()]
    assert leads["pickups"] == [told.get_absolute_url()]
    assert leads["stock"] == leads["movements"] == leads["windows"] == []


# A verb that is done to something else, and that something makes a row of the list.
MADE_BY = {"credit-standings": "credit.settle_alert", "matches": "payments.take_back_match"}


@pytest.mark.parametrize("key", sorted(LISTINGS))
def test_a_list_shows_what_a_verb_can_be_done_to(world: World, client_of: Callable[..., Client], key: str) -> None:
    listing = LISTINGS[key]
    of_it = [name for name in READY if ACTIONS[name].model is listing.model]
    made_by = MADE_BY.get(key, of_it[0] if of_it else "")
    if not made_by:
        assert key in ELSEWHERE
        return
    READY[made_by](world)
    html = client_of(world.root).get(reverse(key), {"tab": "all"}).content.decode()
    assert '<table class="rows">' in html
    for url in re.findall(r'<tr data-url="([^"]+)"', html):
        assert client_of(world.root).get(url).status_code == 200, url


def test_names_of_people_and_things_are_those_of_the_readers_language(
    world: World, client_of: Callable[..., Client]
) -> None:
    boss = world.person("boss", "administrator", name="鲍经理", name_en="Boss Bao", is_superuser=True)
    other = world.person("lin", "sales", name="林一")
    first, second = world.new_order(), world.new_order()
    Order.objects.filter(pk=first.pk).update(owner=boss)
    Order.objects.filter(pk=second.pk).update(owner=other)
    english = client_of(boss).get("/orders/").content.decode()
    assert "Boss Bao" in english and "鲍经理" not in english
    assert "林一" in english  # who has no English name keeps his own
    chinese = client_of(boss, **{"Accept-Language": "zh-CN"}).get("/orders/").content.decode()
    assert "鲍经理" in chinese and "Boss Bao" not in chinese.partition("<main")[2]
    rest = client_of(boss).get("/api/v1/orders/?fields=owner", headers={"Accept": "application/json"}).json()
    assert {row["owner"] for row in rest["results"]} == {"鲍经理", "林一"}


def test_every_column_that_says_so_has_an_english_name_beside_it() -> None:
    columns = [
        (listing.model, column) for listing in LISTINGS.values() for column in listing.columns if column.kind == "name"
    ]
    assert len(columns) > 15
    for model, column in columns:
        assert model._default_manager.values_list(column.path, f"{column.path}_en").query


def test_the_filters_fields_come_when_they_are_opened(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    html = client.get("/orders/?status=submitted&status=reviewed&tab=mine").content.decode()
    panel = re.search(r'<div class="menu-body filter-body" id="filter-fields".*?</div>', html, re.DOTALL)
    assert panel is not None and "<select" not in panel[0]
    url = re.search(r'hx-get="([^"]+)"', panel[0])
    assert url is not None
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', panel[0]) == [
        ("status", "submitted"),
        ("status", "reviewed"),
    ]  # searching for something keeps them
    headers = {"HX-Request": "true", "HX-Target": "filter-fields"}
    fields = client.get(url[1].replace("&amp;", "&"), headers=headers).content.decode()
    assert "<html" not in fields and 'name="owner"' in fields and 'name="wanted_until"' in fields
    assert re.findall(r'value="(\w+)"[^>]* checked', fields) == ["submitted", "reviewed"]
    assert client_of(world.stranger).get(url[1], headers=headers).status_code == 403


def test_without_scripts_a_link_opens_the_filters(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    html = client.get("/orders/?status=submitted").content.decode()
    link = re.search(r'<a href="(\?[^"]+)">Choose filters</a>', html)
    assert link is not None
    opened = client.get("/orders/" + link[1].replace("&amp;", "&")).content.decode()
    assert '<details class="menu menu-left" open>' in opened and 'name="owner"' in opened
    assert "filters=1" not in opened.partition("<main")[2]  # and goes into no further address


@pytest.mark.parametrize("key", LISTINGS)
def test_every_choice_of_every_filter_is_answered_and_named(
    world: World, client_of: Callable[..., Client], key: str
) -> None:
    client = client_of(world.root)
    for name, each in LISTINGS[key].filterset.base_filters.items():
        if isinstance(each, (ChoiceFilter, MultipleChoiceFilter)) and not isinstance(each, ModelChoiceFilter):
            choices = [(value, label) for value, label in each.field.choices if value]
            assert choices, f"{key} offers nothing for {name}"
            for value, label in choices:
                page = client.get(reverse(key), {name: value}, headers={"HX-Request": "true", "HX-Target": "list"})
                assert page.status_code == 200, f"{key}?{name}={value}"
                assert [chip["value"] for chip in page.context["page"]["filter_chips"]] == [str(label)]


def test_the_rows_alone_cost_three_queries_and_the_page_four(
    world: World, many: Callable[[int], Any], client_of: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    many(60)
    client = client_of(world.root)
    client.get("/orders/")  # rights, numbers of tabs and calendars are kept for a while
    with django_assert_num_queries(3):  # session and user, rows with their number, deadlines
        client.get("/orders/", headers={"HX-Request": "true", "HX-Target": "list"})
    with django_assert_num_queries(4):  # and the frame with the saved views
        client.get("/orders/")
