"""The demonstration's warehouses and what comes into them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from crm.reports.demo import Demo, Story, chapter
from orders.catalog.demo import goods
from orders.catalog.models import prices_on
from pickup.stock.actions import count_stock, receive_goods
from pickup.stock.models import Warehouse


class Place(NamedTuple):
    """A warehouse, its clerks, and how many orders of ten are collected there."""

    code: str
    name: str
    name_en: str
    address: str
    phone: str
    clerks: tuple[str, ...]
    share: int


PLACES = (
    Place("yubei", "渝北自提点", "Yubei", "重庆市渝北区金开大道 88 号 3 栋", "199-0000-0101", ("hubing", "luoyong"), 5),
    Place("nanan", "南岸自提点", "Nan'an", "重庆市南岸区江南大道 19 号", "199-0000-0102", ("guoyan",), 3),
    Place("jlp", "九龙坡总仓", "Jiulongpo", "重庆市九龙坡区科园四路 257 号", "199-0000-0103", ("luoyong",), 2),
)
RECEIPTS = 6  # deliveries into each warehouse, one every third week
OPENING = 6000  # so much of each product, of what costs little; less of what costs more


@chapter(25, "warehouses")
def warehouses(demo: Demo) -> Iterator[Story]:
    """The warehouses with their clerks, and what lay in them in the beginning."""
    for number, place in enumerate(PLACES):
        begins = demo.now - timedelta(days=767 - number)
        yield Story(f"warehouse-{place.code}", begins, partial(_warehouse, demo, place))


@chapter(38, "receipts")
def receipts(demo: Demo) -> Iterator[Story]:
    """A lorry comes every third week, and now and then somebody counts."""
    for place in PLACES:
        for number in range(RECEIPTS):
            chance = demo.random(f"receipt-{place.code}-{number}")
            begins = demo.ago((RECEIPTS - number) * 15 * 7.5 - chance.uniform(2, 30))
            tell = partial(_receipt, demo, place, number)
            yield Story(f"receipt-{place.code}-{number}", begins, tell)
        yield Story(f"count-{place.code}", demo.ago(30 * 7.5), partial(_count, demo, place))


def _quantity(price: Decimal, most: int) -> Decimal:
    """So many pieces of something that costs `price`."""
    return Decimal(max(20, min(most, int(most * 10 / float(price)))))


def _lines(demo: Demo, place: Place, batch: str, most: int, share: float) -> list[dict]:
    chance = demo.random(f"{batch}-{place.code}")
    found = goods()
    prices = prices_on(product.pk for product in found)
    return [
        {"product": product, "quantity": _quantity(price.price, most), "batch": batch}
        for product in found
        if (price := prices.get(product.pk)) and chance.random() < share
    ]


def _warehouse(demo: Demo, place: Place) -> None:
    warehouse = Warehouse.objects.create(
        code=place.code, name=place.name, name_en=place.name_en, address=place.address, phone=place.phone
    )
    warehouse.clerks.set([demo.user(name) for name in place.clerks])
    by = demo.people("warehouse")[0]
    receive_goods(by=by, warehouse=warehouse, lines=_lines(demo, place, "A001", OPENING, 1.0), reference="期初")


def _receipt(demo: Demo, place: Place, number: int) -> None:
    warehouse = Warehouse.objects.get(code=place.code)
    lines = _lines(demo, place, f"B{number + 1:03d}", OPENING // 4, 0.35)
    if lines:
        by = demo.people("warehouse")[number % 2]
        receive_goods(by=by, warehouse=warehouse, lines=lines, reference=f"RK-{place.code.upper()}-{number + 1:03d}")


def _count(demo: Demo, place: Place) -> None:
    warehouse = Warehouse.objects.get(code=place.code)
    stock = warehouse.stock.filter(product__in=goods()[:6], reserved=0).select_related("product")
    lines = [
        {"product": row.product, "batch": row.batch, "quantity": max(row.quantity - number % 3, Decimal(0))}
        for number, row in enumerate(stock)
    ]
    if lines:
        count_stock(by=demo.people("warehouse")[0], warehouse=warehouse, reason="月度盘点", lines=lines)
