"""Goods that the seller brings: prepared, recorded, and never without right (JD 2.5, P7)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from crm.records.models import Attachment
from customers import actions as customers
from orders import actions as orders
from orders.models import Order
from pickup import actions as pickup
from pickup.forms import DeliverForm
from pickup.models import Delivery
from pickup.stock.ledger import disagreements
from pickup.stock.models import Stock
from tests.world import MORNING, World, refused

PREPARED = ["packaging", "documents", "transport"]


def brought(world: World, order: Order, **facts: Any) -> Order:
    given = {"at": MORNING, "place": "成都市高新区", "receiver": "赵四", "prepared": PREPARED, "vehicle": "渝A12345"}
    return pickup.deliver_order(order, by=world.root, **{**given, **facts})


def test_what_was_reserved_is_brought_and_stands_in_the_record(world: World) -> None:
    order = world.ready(fulfilment="delivery", place="成都市高新区")
    receipt = ContentFile(b"%PDF-1.4 x", name="签收.pdf")
    order = brought(world, order, receipt=receipt)
    delivery = Delivery.objects.get()
    assert (order.status, delivery.receiver, delivery.place, delivery.by) == (
        "collected",
        "赵四",
        "成都市高新区",
        world.root,
    )
    assert (Stock.objects.get().quantity, Stock.objects.get().reserved) == (Decimal(90), Decimal(0))
    assert Attachment.objects.about(order).get().name == "签收.pdf"
    assert disagreements() == []
    line = delivery.lines.get()
    assert (line.line, line.quantity) == (order.lines.get(), Decimal(10))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    page = client.get(order.get_absolute_url()).content.decode()
    panel = page[page.index(delivery.number) :][:400]
    assert "赵四" in panel and "配电箱 10 pc" in panel and "渝A12345" in panel


def test_goods_that_are_not_paid_are_not_brought(world: World) -> None:
    world.customer.payment_terms = "prepay"
    world.customer.save()
    order = world.ready(fulfilment="delivery", place="成都市")
    with refused("unpaid") as caught:
        brought(world, order)
    assert "¥1,280.00 must be paid before these goods leave." in str(caught.value)
    orders.enter_payment(order, by=world.root, amount=Decimal("1280.00"))
    assert brought(world, Order.objects.get()).status == "collected"


def test_to_a_suspended_customer_nothing_is_brought(world: World) -> None:
    order = world.ready(fulfilment="delivery", place="成都市")
    customers.suspend_supply(world.customer, by=world.root, reason="逾期")
    with refused("suspended"):
        brought(world, Order.objects.get(pk=order.pk))


def test_what_the_customer_collects_is_not_brought(world: World) -> None:
    order = world.ready()
    with refused("pickup"):
        brought(world, order)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"prepared": PREPARED[:2]}, "prepared"),
        ({"receiver": ""}, "receiver"),
        ({"at": (MORNING + timedelta(minutes=1)).isoformat()}, "at"),
    ],
)
def test_a_delivery_that_cannot_be(world: World, given: dict[str, Any], field: str) -> None:
    data = {"at": MORNING.isoformat(), "place": "成都市", "receiver": "赵四", "prepared": PREPARED, **given}
    assert list(
        DeliverForm(data, by=world.root, obj=world.ready(fulfilment="delivery", place="成都市")).problems()
    ) == [field]
