"""A tier sets how a customer is served: time limits, place in queues, dedicated owner, discount (C5, KH 4.1)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import clock
from crm.accounts.models import User
from crm.deadlines.models import Deadline, RuleVersion
from crm.deadlines.seeding import seed_calendar
from customers.models import Customer
from customers.tiers import actions as tiers
from customers.tiers.figures import customers_by_tier
from customers.tiers.measures import MEASURES
from customers.tiers.models import Scheme, Service, Weight
from customers.tiers.panels import tier as panel
from customers.tiers.service import discounted
from orders import actions as orders
from orders.catalog import actions as catalog
from orders.inquiries import actions as inquiries
from orders.inquiries.models import Inquiry
from orders.models import Line, Order
from tests.world import World


@pytest.fixture
def services(db: None) -> dict[str, Service]:
    """VIPs go first, have an owner and 3 percent; key customers come second."""
    Service.objects.all().delete()
    vip = Service.objects.create(tier="vip", priority=2, dedicated_owner=True, visit_days=30, discount=Decimal(3))
    return {"vip": vip, "key": Service.objects.create(tier="key", priority=1)}


def vip(world: World) -> Customer:
    tiers.set_tier(world.customer, by=world.root, tier="vip", reason="战略客户")
    return world.customer


def test_a_rule_has_a_value_of_its_own_for_a_tier(world: World) -> None:
    seed_calendar([2026, 2027])
    RuleVersion.objects.create(rule="inquiry.reply", tier="vip", valid_from=clock.today(), amount=2, unit="wh")
    usual = inquiries.record_inquiry(by=world.root, name="x", matter="价格？", customer=world.customer)
    fast = inquiries.record_inquiry(by=world.root, name="x", matter="价格？", customer=vip(world))
    limits = {
        subject: (amount, unit)
        for subject, amount, unit in Deadline.objects.filter(rule="inquiry.reply").values_list(
            "subject_pk", "amount", "unit"
        )
    }
    assert limits == {usual.pk: (Decimal("1.00"), "wd"), fast.pk: (Decimal("2.00"), "wh")}


def test_new_work_takes_its_place_and_open_work_follows_the_tier(world: World, services: dict[str, Service]) -> None:
    first, ended = world.new_order(), orders.cancel_order(world.new_order(), by=world.root, reason="x")
    asked = inquiries.record_inquiry(by=world.root, name="x", matter="价格？", customer=world.customer)
    assert (first.priority, asked.priority) == (0, 0)
    vip(world)
    assert set(Order.objects.values_list("pk", "priority")) == {(first.pk, 2), (ended.pk, 0)}
    assert Inquiry.objects.get().priority == 2
    customer = Customer.objects.get(pk=world.customer.pk)
    assert world.new_order(customer=customer).priority == 2
    stranger = world.new_inquiry()
    assert inquiries.link_customer(stranger, by=world.root, customer=customer).priority == 2


def test_a_new_place_of_the_whole_tier_moves_its_open_work(
    world: World, services: dict[str, Service], client: Client
) -> None:
    order = world.new_order(customer=vip(world))
    other = world.new_order(customer=world.new_customer())
    client.force_login(User.objects.create_superuser("chief", "mountain-river-42", name="总"))
    data = {"priority": "7", "dedicated_owner": "on", "visit_days": "30", "discount": "3"}
    assert client.post(f"/admin/tiers/service/{services['vip'].pk}/change/", data).status_code == 302
    assert set(Order.objects.values_list("pk", "priority")) == {(order.pk, 7), (other.pk, 0)}


def test_lists_can_be_sorted_by_it_and_show_the_tier(
    world: World, services: dict[str, Service], client: Client
) -> None:
    usual = world.new_order(customer=world.new_customer())
    first = world.new_order(customer=vip(world))
    last = world.new_order(customer=world.new_customer())
    client.force_login(world.root)
    rows = client.get("/api/v1/orders/?order=-priority").json()["results"]
    assert [row["number"] for row in rows] == [first.number, last.number, usual.number]
    asked: Any = client.get("/orders/?columns=number&columns=tier&tab=vip", headers={"Accept-Language": "en"})
    page = asked.content.decode()
    assert first.number in page and usual.number not in page and "VIP" in page
    board = client.get("/orders/board/", headers={"Accept-Language": "en"}).content.decode()
    assert "Regular" in board and "VIP" in board


def test_the_discount_is_proposed_where_a_line_names_no_price_and_stops_at_the_lowest(
    world: World, services: dict[str, Service]
) -> None:
    assert Line.objects.filter(order=world.new_order()).get().price == Decimal("128.00")
    customer = vip(world)
    catalog.set_price(
        world.product, by=world.root, valid_from=clock.today(), price=Decimal("128.00"), lowest=Decimal("100.00")
    )
    line = Line.objects.get(order=world.new_order(customer=customer))
    assert (line.price, line.list_price, line.lowest, line.amount) == tuple(
        map(Decimal, ("124.16", "128.00", "100.00", "1241.60"))
    )
    catalog.set_price(
        world.product,
        by=world.root,
        valid_from=clock.today(),
        price=Decimal("128.00"),
        lowest=Decimal("126.00"),
    )
    order = world.new_order(customer=customer)
    assert (Line.objects.get(order=order).price, order.low_price) == (Decimal("126.00"), False)
    named = {"product": world.product, "quantity": Decimal(1), "unit": world.piece, "factor": Decimal(1)}
    dear = world.new_order(customer=customer, lines=[{**named, "price": Decimal("130.00")}])
    assert Line.objects.get(order=dear).price == Decimal("130.00")


def test_a_discount_never_goes_below_the_lowest_price() -> None:
    service = Service(tier="vip", discount=Decimal("12.5"))
    assert discounted(Decimal(80), Decimal(50), service) == Decimal(70)
    assert discounted(Decimal(80), Decimal("70.01"), service) == Decimal("70.01")
    assert discounted(Decimal(80), Decimal(10), Service(tier="key")) == Decimal(80)


def test_the_page_says_tier_since_when_why_and_that_nobody_is_responsible(
    world: World, services: dict[str, Service], client: Client
) -> None:
    customer = vip(world)
    shown = panel(customer, world.root)
    assert (shown["since"], shown["nobody"], shown["service"]) == (clock.now(), False, services["vip"])
    client.force_login(world.root)
    page = client.get(customer.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert "战略客户" in page and "3 %" in page and "30 days" in page
    assert "Nobody is responsible for this customer." not in page
    Customer.objects.filter(pk=customer.pk).update(owner=None)
    page = client.get(customer.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert "Nobody is responsible for this customer." in page


def test_customers_by_tier_counts_what_one_sees(world: World) -> None:
    for given in ({"tier": "vip"}, {"tier": "key"}, {"tier": "key"}, {"status": "lost"}):
        world.new_customer(**given)
    tiers.score_customer(world.new_customer(), by=world.root)
    found = customers_by_tier(world.root)
    assert [(row.label, row.values[0].number, row.more[0].number) for row in found.rows if row.values[0]] == [  # type: ignore[union-attr]
        ("VIP", 1, 0),
        ("Key customer", 2, 0),
        ("Regular", 1, 0),
        ("Potential customer", 0, 1),
    ]
    assert [row.values[0].number for row in customers_by_tier(world.alice).rows] == [0, 0, 0, 0]  # type: ignore[union-attr]


def test_an_administrator_begins_a_scheme_with_what_holds_and_never_changes_one_in_force(
    world: World, client: Client
) -> None:
    client.force_login(User.objects.create_superuser("chief", "mountain-river-42", name="总"))
    page = client.get("/admin/tiers/scheme/add/")
    forms = page.context["inline_admin_formsets"][0].formset.forms
    assert [form.initial.get("weight") for form in forms][:8] == [each.weight for each in MEASURES.values()]
    data: dict[str, Any] = {
        "valid_from": clock.today().isoformat(),
        "months": "12",
        "vip_from": "80",
        "key_from": "60",
        "regular_from": "20",
        "rest_months": "6",
        "weights-TOTAL_FORMS": str(len(forms)),
        "weights-INITIAL_FORMS": "0",
    }
    for number, form in enumerate(forms):
        for name in ("measure", "weight", "one", "two", "three", "four", "five"):
            data[f"weights-{number}-{name}"] = str(form.initial[name])
    steep = {**data, "key_from": "90"}
    assert (
        "thresholds must rise" in client.post("/admin/tiers/scheme/add/", steep, headers={"Accept-Language": "en"}).text
    )
    assert client.post("/admin/tiers/scheme/add/", data).status_code == 302
    scheme = Scheme.objects.get()
    assert (scheme.vip_from, scheme.by.username, Weight.objects.count()) == (Decimal(80), "chief", 8)
    url = f"/admin/tiers/scheme/{scheme.pk}/change/"
    assert client.post(url, {**data, "vip_from": "99"}).status_code == 403
    Scheme.objects.filter(pk=scheme.pk).update(valid_from=date(2026, 11, 30))
    assert "vip_from" in client.get(url).text
    assert client.get("/admin/tiers/scheme/").status_code == 200
