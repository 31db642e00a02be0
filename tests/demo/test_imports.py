"""Products and orders out of files: the Northwind ones as they are, and a file of past orders."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from crm import clock
from crm.accounts.models import Department, User
from crm.exchange.actions import check_import, map_import, run_import, upload_import
from crm.exchange.models import Import
from crm.exchange.tasks import work_on_import
from customers.models import Customer
from orders.catalog.models import Product, Unit
from orders.findings import findings
from orders.models import Order, OrderType

NORTHWIND = Path(settings.BASE_DIR).parent / "shared" / "data" / "northwind"
HEAD = "订单号,客户编号,下单日期,交货日期,货号,数量,单价,discount\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(settings, tmp_path) -> User:
    """She leads sales, keeps the products, and takes orders over."""
    settings.MEDIA_ROOT = tmp_path / "files"
    sales = Department.objects.create(code="sales", name="销售部")
    user = User.objects.create_user("alice", name="爱丽丝", department=sales)
    user.groups.set(Group.objects.filter(name="sales_manager"))
    return user


def bring_in(
    by: User, kind: str, file: SimpleUploadedFile, lines: SimpleUploadedFile | None = None, **mapping
) -> Import:
    """Take a file the whole way, with a guessed mapping."""
    files = {"file": file} | ({"lines_file": lines} if lines else {})
    form = upload_import.bind(by=by, data={"kind": kind}, files=files)
    assert form.is_valid(), form.problems()
    source = upload_import(by=by, **form.cleaned_data)
    work_on_import(source.pk)
    source.refresh_from_db()
    form = map_import.bind(by=by, obj=source, data=mapping)
    assert form.is_valid(), form.problems()
    map_import(source, by=by, **form.cleaned_data)
    check_import(source, by=by)
    work_on_import(source.pk)
    source.refresh_from_db()
    if source.counts.get("good"):
        run_import(source, by=by, mode="good")
        work_on_import(source.pk)
        source.refresh_from_db()
    return source


def errors_of(source: Import) -> dict[str, str]:
    return {each["cell"]: each["code"] for row in source.rows.all() for each in row.errors}


def soon() -> date:
    """A day that an order may be wanted on."""
    return clock.today() + timedelta(days=30)


def csv(text: str, name: str = "file.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def range_(alice):
    """Two products, one customer, one type."""
    unit = Unit.objects.create(code="件", name="件")
    OrderType.objects.create(code="standard", name="常规订单")
    text = "货号,品名,规格,单位,税率,单价,最低价\nP1,断路器,C16,件,13,12.80,11.00\nP2,配电箱,PZ30,件,13%,128.00,\n"
    bring_in(alice, "products", csv(text))
    text = "客户编号,客户名称\nC1,重庆晨光机电有限公司\n"
    bring_in(alice, "customers", csv(text))
    return unit


def test_products_come_in_with_price_and_tax(range_, alice):
    product = Product.objects.get(code="P1")
    assert (product.name, product.specification, product.unit, product.tax_rate) == ("断路器", "C16", range_, 13)
    price = product.price_on()
    assert (price.price, price.lowest) == (Decimal("12.80"), Decimal("11.00"))
    assert Product.objects.get(code="P2").price_on().lowest == Decimal("128.00")


def test_the_packings_of_a_product_are_further_rows_of_it(range_, alice):
    Unit.objects.create(code="箱", name="箱")
    Unit.objects.create(code="盒", name="盒")
    text = "货号,品名,单位,单价,包装单位,装箱数\nP3,插座,件,11.50,箱,100\nP3,,,,盒,10\n"
    assert bring_in(alice, "products", csv(text)).counts == {"done": 1}
    packings = Product.objects.get(code="P3").packings.order_by("factor").values_list("unit__code", "factor")
    assert list(packings) == [("盒", Decimal(10)), ("箱", Decimal(100))]


def test_past_orders_come_in_closed_with_their_dates_and_price_differences_are_findings(range_, alice):
    text = HEAD + "A-1,C1,2024-03-01,2024-03-15,P1,10,10.00,0\nA-1,,,,P2,2,128.00,0.25\n"
    source = bring_in(alice, "orders", csv(text), history=True)
    assert (errors_of(source), source.counts) == ({}, {"done": 1})
    order = Order.objects.get(reference="A-1")
    assert (order.status, order.history, str(order.wanted_on)) == ("closed", True, "2024-03-15")
    assert f"{order.received_at:%Y-%m-%d}" == "2024-03-01"
    lines = order.lines.order_by("position").values_list("product__code", "quantity", "price", "amount", "collected")
    assert list(lines) == [
        ("P1", Decimal(10), Decimal("10.00"), Decimal("100.00"), Decimal(10)),
        ("P2", Decimal(2), Decimal("96.00"), Decimal("192.00"), Decimal(2)),
    ]
    assert order.total == Decimal("292.00")
    found = {each.line: each.stop for each in findings(order) if each.code.startswith("price")}
    assert found == {1: False, 2: False}


def test_open_orders_with_a_past_date_are_refused_by_cell(range_, alice):
    text = f"{HEAD}A-1,C1,2024-03-01,2024-03-15,P1,10,10.00,0\nA-2,C1,2024-03-01,{soon()},P1,10,12.80,0\n"
    source = bring_in(alice, "orders", csv(text))
    assert (errors_of(source), source.counts) == ({"D2": "past"}, {"bad": 1, "done": 1})
    assert Order.objects.get().status == "submitted"


def test_drafts_are_kept_as_drafts(range_, alice):
    text = f"{HEAD}A-2,C1,2024-03-01,{soon()},P1,10,12.80,0\n"
    bring_in(alice, "orders", csv(text), draft=True)
    assert Order.objects.get().status == "draft"


def test_the_same_order_does_not_come_in_twice(range_, alice):
    text = HEAD + "A-1,C1,2024-03-01,2024-03-15,P1,10,10.00,0\n"
    bring_in(alice, "orders", csv(text), history=True)
    again = bring_in(alice, "orders", csv(text), history=True)
    assert errors_of(again) == {"A2": "exists"}
    assert Order.objects.count() == 1


def test_unknown_product_customer_and_a_negative_quantity_are_told_by_cell(range_, alice):
    text = HEAD + "A-1,C1,2024-03-01,2024-03-15,P9,10,10.00,0\nA-2,C9,2024-03-01,2024-03-15,P1,-3,10.00,0\n"
    source = bring_in(alice, "orders", csv(text), history=True)
    assert errors_of(source) == {"E2": "unknown", "B3": "unknown", "F3": "min_value"}
    assert not Order.objects.exists()


@pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there")
def test_northwind_comes_in_as_history_in_two_files(alice):
    Unit.objects.create(code="件", name="件")
    OrderType.objects.create(code="standard", name="常规订单")

    def file(name: str, most: int | None = None) -> SimpleUploadedFile:
        rows = (NORTHWIND / name).read_bytes().splitlines(keepends=True)
        return SimpleUploadedFile(name, b"".join(rows[:most]))

    assert bring_in(alice, "customers", file("customers.csv")).counts == {"done": 91}
    values = [{"column": "unit", "value": "件"}]
    assert bring_in(alice, "products", file("products.csv"), values=values).counts == {"done": 77}
    orders = bring_in(alice, "orders", file("orders.csv", 31), file("order_details.csv", 83), history=True)
    assert {row["code"] for found in orders.rows.values_list("errors", flat=True) for row in found} <= {"no_header_row"}
    assert orders.counts["done"] == 30
    order = Order.objects.get(reference="10250")
    assert (order.customer.code, order.status, order.place) == (
        "HANAR",
        "closed",
        "Rua do Paço 67, Rio de Janeiro, Brazil",
    )
    assert list(order.lines.order_by("position").values_list("product__code", "quantity", "price")) == [
        ("41", Decimal(10), Decimal("7.70")),
        ("51", Decimal(35), Decimal("36.04")),  # 42.40 less 15 %
        ("65", Decimal(15), Decimal("14.28")),
    ]
    assert Customer.objects.count() == 91
