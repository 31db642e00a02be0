"""Checking the stock for a confirmed order: enough, short, a part, later, a substitute (ZT 3.2)."""

from datetime import date
from decimal import Decimal

from django.test import Client

from crm.outbox.models import Message
from orders.models import Order
from pickup import actions as pickup
from pickup.forms import CheckStockForm, SubstituteForm
from pickup.stock.models import Movement, Reservation, Stock
from tests.world import World, refused

S = Order.Status


def told(template: str) -> list[Message]:
    return list(Message.objects.filter(channel="notice", template=template))


def test_enough_is_reserved_and_the_owner_is_told(world: World) -> None:
    world.receive("100")
    order = pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    stock = Stock.objects.get()
    assert order.status == S.READY
    assert (stock.quantity, stock.reserved, stock.free) == (Decimal(100), Decimal(10), Decimal(90))
    assert Reservation.objects.get().line == order.lines.get()
    assert [notice.recipient for notice in told("pickup.stock_ready")] == [world.root]
    assert told("pickup.stock_short") == []


def test_what_is_counted_in_cartons_is_reserved_in_pieces(world: World) -> None:
    world.receive("100")
    line = {"product": world.product, "quantity": Decimal(2), "unit": world.carton, "factor": Decimal(24)}
    pickup.check_stock(world.confirmed(lines=[line]), by=world.root, warehouse=world.warehouse)
    assert Stock.objects.get().reserved == Decimal(48)


def test_not_enough_reserves_nothing_and_says_what_is_missing(world: World) -> None:
    world.receive("4")
    order = pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    assert order.status == S.SHORT
    assert Stock.objects.get().reserved == 0
    notice = told("pickup.stock_short")[0]
    assert "配电箱: 6" in notice.body


def test_several_batches_are_reserved_the_oldest_name_first(world: World) -> None:
    world.receive("4", "B2")
    world.receive("7", "B1")
    pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    assert list(Stock.objects.order_by("batch").values_list("batch", "reserved")) == [
        ("B1", Decimal(7)),
        ("B2", Decimal(3)),
    ]


def test_checking_moves_no_goods(world: World) -> None:
    world.receive("100")
    moved = Movement.objects.count()
    pickup.check_stock(world.confirmed(), by=world.root, warehouse=world.warehouse)
    assert Movement.objects.count() == moved


def test_goods_that_are_not_sound_are_not_prepared(world: World) -> None:
    form = CheckStockForm({"warehouse": world.warehouse.pk}, by=world.root, obj=world.confirmed())
    assert form.problems() == {
        "sound": [
            {"code": "sound", "message": "Only sound goods are prepared; count the others out of stock first."},
        ]
    }


def test_a_part_reserves_what_is_there(world: World) -> None:
    world.receive("4")
    order = pickup.take_part(world.short(), by=world.root, warehouse=world.warehouse, agreed="电话")
    assert order.status == S.READY
    assert Reservation.objects.get().quantity == Decimal(4)
    assert order.lines.get().open_quantity == Decimal(10)


def test_a_part_of_nothing_is_refused(world: World) -> None:
    order = world.short()
    with refused("nothing_there"):
        pickup.take_part(order, by=world.root, warehouse=world.warehouse, agreed="电话")


def test_a_later_date_sends_the_order_to_the_next_check(world: World) -> None:
    order = pickup.agree_later(world.short(), by=world.root, wanted_on=date(2026, 12, 10), agreed="电话")
    assert (order.status, order.wanted_on) == (S.CONFIRMED, date(2026, 12, 10))
    world.receive("10")
    assert pickup.check_stock(order, by=world.root, warehouse=world.warehouse).status == S.READY


def test_a_substitute_is_priced_anew_and_checked_again(world: World) -> None:
    order = world.short()
    other = world.new_product("P002")
    line = order.lines.get()
    pickup.substitute(order, by=world.root, line=line, product=other, agreed="电话", price=Decimal("99.50"))
    order.refresh_from_db()
    line.refresh_from_db()
    assert order.status == S.CONFIRMED
    assert (line.product, line.price, line.list_price) == (other, Decimal("99.50"), Decimal("128.00"))
    assert (line.amount, line.tax) == (Decimal("995.00"), Decimal("114.47"))  # 995 · 13 / 113 = 114.4690…
    assert (order.total, order.tax) == (Decimal("995.00"), Decimal("114.47"))


def test_a_substitute_without_a_price_keeps_the_agreed_one(world: World) -> None:
    order = world.short()
    line = order.lines.get()
    pickup.substitute(order, by=world.root, line=line, product=world.new_product("P002"), agreed="电话")
    assert Order.objects.get().total == Decimal("1280.00")


def test_a_substitute_must_be_sold_in_the_lines_unit(world: World) -> None:
    order = world.short()
    other = world.new_product("P002")
    line = order.lines.get()
    line.unit = type(world.piece).objects.create(code="托", name="托")
    line.save()
    form = SubstituteForm({"line": line.pk, "product": other.pk, "agreed": "x"}, by=world.root, obj=order)
    assert [error["code"] for error in form.problems()["product"]] == ["unit"]


def test_an_order_that_is_not_confirmed_is_not_checked(world: World) -> None:
    world.receive("100")
    order = world.accepted()
    with refused("wrong_state"):
        pickup.check_stock(order, by=world.root, warehouse=world.warehouse)


def test_sales_may_not_check_the_stock(world: World) -> None:
    world.receive("100")
    order = world.confirmed()
    Order.objects.filter(pk=order.pk).update(owner=world.alice)
    with refused("forbidden"):
        pickup.check_stock(order, by=world.alice, warehouse=world.warehouse)


def test_the_dialog_shows_what_is_free_in_each_warehouse_before_one_chooses(world: World) -> None:
    world.receive("100")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(world.root)
    order = world.confirmed()
    page = client.get(f"/do/pickup.check_stock/{order.pk}/").content.decode()
    table = page[page.index("Free stock") : page.index("</table>")]
    assert "10 pc" in table and world.warehouse.name in table and "<b>100 pc</b>" in table
    pickup.check_stock(order, by=world.root, warehouse=world.warehouse)
    other = world.confirmed()
    page = client.get(f"/do/pickup.check_stock/{other.pk}/").content.decode()
    assert "<b>90 pc</b>" in page[page.index("Free stock") : page.index("</table>")]  # what is promised is not free
