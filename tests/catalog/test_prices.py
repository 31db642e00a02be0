"""The price list: a price from a day on, units and packings, and what orders keep of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from crm import clock
from orders import actions as orders
from orders.catalog import actions as catalog
from orders.catalog.forms import NewProductForm, PriceForm
from orders.catalog.models import Price, Product, Unit
from orders.forms import LineForm
from orders.models import Line, Order
from tests.world import World, refused, shanghai


def test_a_price_counts_from_its_day_on(world: World) -> None:
    product = world.product
    catalog.set_price(product, by=world.root, valid_from=date(2026, 12, 1), price=Decimal(130), lowest=Decimal(120))
    assert product.price_on().price == Decimal(128)
    assert product.price_on(date(2026, 11, 30)).price == Decimal(128)
    assert product.price_on(date(2026, 12, 1)).price == Decimal(130)
    assert product.price_on(date(2026, 11, 22)) is None
    with clock.at(shanghai(1, 0, 1, month=12)):
        assert product.price_on().price == Decimal(130)


def test_the_days_change_at_midnight_in_shanghai(world: World) -> None:
    product = world.product
    catalog.set_price(product, by=world.root, valid_from=date(2026, 11, 24), price=Decimal(130), lowest=Decimal(120))
    with clock.at(shanghai(23, 23, 59)):
        assert product.price_on().price == Decimal(128)
    with clock.at(shanghai(24, 0, 1)):
        assert product.price_on().price == Decimal(130)


def test_the_price_of_a_day_set_twice_is_the_last_one(world: World) -> None:
    for price in (130, 131):
        catalog.set_price(
            world.product, by=world.root, valid_from=date(2026, 12, 1), price=Decimal(price), lowest=Decimal(1)
        )
    assert Price.objects.get(valid_from=date(2026, 12, 1)).price == Decimal(131)


def test_orders_keep_the_price_they_were_made_with(world: World) -> None:
    order = world.new_order()
    catalog.set_price(world.product, by=world.root, valid_from=clock.today(), price=Decimal(200), lowest=Decimal(200))
    assert Order.objects.get(pk=order.pk).total == Decimal("1280.00")
    assert Line.objects.get().price == Decimal(128)
    assert world.new_order().total == Decimal("2000.00")


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"valid_from": "2026-11-22", "price": "1", "lowest": "1"}, "valid_from", "past"),
        ({"valid_from": "2026-12-01", "price": "1", "lowest": "2"}, "lowest", "above"),
        ({"valid_from": "2026-12-01", "price": "-1", "lowest": "-1"}, "", "invalid"),
        ({"valid_from": "2026-12-01", "price": "1.2345678901", "lowest": "1"}, "price", "max_decimal_places"),
    ],
)
def test_a_price_that_cannot_be(world: World, given: dict[str, Any], field: str, code: str) -> None:
    problems = PriceForm(given, by=world.root, obj=world.product).problems()
    assert [field] == list(problems) or (field in problems and field)
    assert code in [error["code"] for error in problems[field]] or field == ""


def test_lines_in_cartons_cost_the_carton(world: World) -> None:
    line = {"product": world.product, "quantity": Decimal("2.5"), "unit": world.carton, "factor": Decimal(24)}
    order = orders.apply_order(
        by=world.root, customer=world.customer, type=world.type, lines=[line], wanted_on=date(2026, 12, 1), contact=None
    )
    found = order.lines.get()
    assert (found.price, found.list_price) == (Decimal("3072.00"), Decimal("3072.00"))  # 24 · 128
    assert (found.base_quantity, found.amount) == (Decimal("60.000"), Decimal("7680.00"))


def test_a_list_price_of_a_part_of_a_unit_is_rounded_before_it_counts(world: World) -> None:
    """0.33 for half a piece is 0.165: the line shows 0.17, and 100 of them cost 17.00."""
    half = Unit.objects.create(code="半", name="半")
    product = catalog.create_product(
        by=world.root,
        code="P7",
        name="灯带",
        unit=world.piece,
        tax_rate=Decimal(13),
        packings=[{"unit": half, "factor": Decimal("0.5")}],
        price=Decimal("0.33"),
    )
    line = {"product": product, "quantity": Decimal(100), "unit": half, "factor": Decimal("0.5")}
    order = orders.apply_order(
        by=world.root, customer=world.customer, type=world.type, lines=[line], wanted_on=date(2026, 12, 1), contact=None
    )
    found = order.lines.get()
    assert (found.price, found.amount, order.total) == (Decimal("0.17"), Decimal("17.00"), Decimal("17.00"))


def test_a_quantity_in_base_units_is_as_fine_as_the_stock(world: World) -> None:
    line = Line(quantity=Decimal("1.1"), factor=Decimal("0.333"))
    assert str(line.base_quantity) == "0.366"
    line.collected = Decimal("0.366")
    assert line.open_quantity == 0


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"quantity": "-1"}, "quantity", "min_value"),
        ({"quantity": "0"}, "quantity", "min_value"),
        ({"quantity": "1.5"}, "quantity", "decimals"),
        ({"quantity": "x"}, "quantity", "invalid"),
        ({"quantity": "NaN"}, "quantity", "invalid"),
        ({"quantity": ""}, "quantity", "required"),
        ({"quantity": "1", "price": "1.2345678901"}, "price", "max_decimal_places"),
        ({"quantity": "1", "price": "-0.01"}, "price", "min_value"),
        ({"quantity": "1", "unit": "pallet"}, "unit", "unit"),
        ({"quantity": "1", "product": "0"}, "product", "invalid_choice"),
    ],
)
def test_a_line_that_cannot_be(world: World, given: dict[str, Any], field: str, code: str) -> None:
    data = {"product": world.product.pk, **given}
    if given.get("unit") == "pallet":
        data["unit"] = Unit.objects.create(code="托", name="托").pk
    problems = LineForm(data, by=world.root).problems()
    assert [error["code"] for error in problems[field]] == [code]


def test_a_unit_says_how_finely_it_is_counted(world: World) -> None:
    kilo = Unit.objects.create(code="kg", name="千克", decimals=2)
    product = catalog.create_product(
        by=world.root, code="P8", name="铜线", unit=kilo, tax_rate=Decimal(13), packings=[], price=Decimal(70)
    )
    assert LineForm({"product": product.pk, "quantity": "1.25"}, by=world.root).is_valid()
    problems = LineForm({"product": product.pk, "quantity": "1.255"}, by=world.root).problems()
    assert problems["quantity"][0]["message"] == "千克 is counted with 2 decimals."


def test_an_order_worth_more_than_can_be_written_down_is_refused(world: World) -> None:
    line = {
        "product": world.product,
        "quantity": Decimal(999_999_999),
        "unit": world.piece,
        "factor": Decimal(1),
        "price": Decimal("9999999999.99"),
    }
    given = {"customer": world.customer, "type": world.type, "wanted_on": date(2026, 12, 1), "contact": None}
    root = world.root
    with refused("too_much"):
        orders.apply_order(by=root, lines=[line], **given)


def test_a_product_without_a_price_needs_one_in_the_line(world: World) -> None:
    product = catalog.create_product(
        by=world.root, code="P9", name="开关", unit=world.piece, tax_rate=Decimal(13), packings=[]
    )
    line = {"product": product, "quantity": Decimal(1), "unit": world.piece, "factor": Decimal(1)}
    given = {"customer": world.customer, "type": world.type, "wanted_on": date(2026, 12, 1), "contact": None}
    root = world.root
    with refused("no_price"):
        orders.apply_order(by=root, lines=[line], **given)
    order = orders.apply_order(by=root, lines=[{**line, "price": Decimal("9.90")}], **given)
    assert (order.total, order.lines.get().list_price) == (Decimal("9.90"), None)


def test_a_product_number_is_given_once(world: World) -> None:
    world.product  # noqa: B018 - P001
    form = NewProductForm({"code": "P001", "name": "x", "unit": world.piece.pk}, by=world.root)
    assert [error["code"] for error in form.problems()["code"]] == ["unique"]


def test_a_discontinued_product_gets_no_new_price_until_it_is_sold_again(world: World) -> None:
    catalog.discontinue_product(world.product, by=world.root, reason="停产")
    product, root = Product.objects.get(), world.root
    with refused("wrong_state"):
        catalog.set_price(product, by=root, valid_from=clock.today(), price=Decimal(1), lowest=Decimal(1))
    assert catalog.reinstate_product(product, by=root).status == Product.Status.ON_SALE


def test_two_packings_of_one_unit_are_refused_by_their_sentence(world: World) -> None:
    product, carton, root = world.product, world.carton, world.root
    with refused("packing_once"):
        catalog.add_packing(product, by=root, unit=carton, factor=Decimal(12))


def test_sales_may_not_set_prices(world: World) -> None:
    product, alice = world.product, world.alice
    with refused("forbidden"):
        catalog.set_price(product, by=alice, valid_from=clock.today(), price=Decimal(1), lowest=Decimal(1))


def test_a_form_learns_units_with_their_prices_and_the_tax_rate(world: World) -> None:
    seller = world.person("seller", "sales")
    client = Client()
    client.force_login(seller)
    assert world.carton
    answer = client.get(f"/products/{world.product.pk}/selling/")
    units = [(unit["label"], unit["price"]) for unit in answer.json()["units"]]
    assert (answer.json()["tax_rate"], units) == ("13.00", [("pc", "128.00"), ("carton", "3072.00")])
    assert client.get("/products/0/selling/").status_code == 404
    assert Client().get(f"/products/{world.product.pk}/selling/").status_code == 302
    Permission.objects.get(codename="view_product").group_set.clear()  # which is everybody's, until somebody edits it
    assert client.get(f"/products/{world.product.pk}/selling/").status_code == 403
