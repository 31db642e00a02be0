"""One page shows everything about a customer: what is due with him, and what he still has to pay (C6)."""

from datetime import date
from decimal import Decimal

from django.test import Client

from crm.deadlines.seeding import seed_calendar
from customers import actions as customers
from customers.models import Customer
from customers.panels import due
from orders import actions as orders
from orders.models import Order
from orders.panels import receivables
from tests.world import World


def test_what_is_due_on_orders_pickups_tasks_and_papers_stands_on_his_page(world: World) -> None:
    seed_calendar([2026, 2027])
    told = world.notified()
    customers.plan_task(world.customer, by=world.root, what="寄样品", due_on=date(2026, 11, 25))
    customers.add_document(world.customer, by=world.root, kind="licence", expires_on=date(2026, 12, 10))
    other = customers.plan_task(world.new_customer(), by=world.root, what="别的客户", due_on=date(2026, 11, 25))
    found = due(Customer.objects.get(pk=world.customer.pk), world.root)
    assert found is not None
    rules = [row["deadline"].rule for row in found["due"]]
    assert rules == sorted(
        rules, key=lambda rule: next(r["deadline"].due_at for r in found["due"] if r["deadline"].rule == rule)
    )
    assert {"pickup.confirm", "pickup.storage", "customer.task", "document.expiry", "order.plan"} <= set(rules)
    assert "customer.verify" not in rules  # which stands among his own
    assert other not in [row["record"] for row in found["due"]]
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    page = client.get(world.customer.get_absolute_url()).content.decode()
    panel = page[page.index("Due for this customer") :]
    assert told.number in panel and told.order.number in panel and "寄样品" in panel


def test_what_one_may_not_see_is_not_due_for_one_either(world: World) -> None:
    seed_calendar([2026, 2027])
    world.notified()
    Customer.objects.filter(pk=world.customer.pk).update(owner=world.bob)
    mine = Customer.objects.visible_to(world.bob).get()
    assert due(mine, world.bob) is None  # the order is a colleague's
    Order.objects.update(owner=world.bob)
    found = due(mine, world.bob)
    assert found is not None and {row["record"] for row in found["due"]} >= {Order.objects.get()}


def test_the_cost_does_not_grow_with_what_is_due(world: World, django_assert_num_queries: object) -> None:
    seed_calendar([2026, 2027])
    for number in range(2):
        customers.plan_task(world.customer, by=world.root, what=str(number), due_on=date(2026, 11, 25))
    due(world.customer, world.root)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert due(world.customer, world.root)["count"] == 2  # type: ignore[index]
    for number in range(9):
        customers.plan_task(world.customer, by=world.root, what=str(number), due_on=date(2026, 11, 25))
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert due(world.customer, world.root)["count"] == 11  # type: ignore[index]


def test_what_he_still_has_to_pay_and_how_much_of_it_for_goods_that_he_has(world: World) -> None:
    collected = world.collected()
    orders.enter_payment(world.new_order(), by=world.root, amount=Decimal("280.00"))
    orders.cancel_order(world.new_order(), by=world.root, reason="x")
    world.new_order(draft=True)
    found = receivables(world.customer, world.root)
    assert found is not None
    assert (found["count"], found["whole"], found["collected"]) == (2, Decimal("2280.00"), Decimal("1280.00"))
    orders.enter_payment(collected, by=world.root, amount=Decimal("1280.00"))
    found = receivables(world.customer, world.root)
    assert found is not None and (found["whole"], found["collected"]) == (Decimal("1000.00"), Decimal(0))
    clerk = world.person("anna", "order_desk")
    assert receivables(world.customer, clerk) is None  # payments are not hers to see
