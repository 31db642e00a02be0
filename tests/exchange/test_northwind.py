"""The Northwind customers go in as they are; skipped where the shared data is not at hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from crm import clock
from crm.exchange.importers import IMPORTERS, ImportColumn, Importer
from crm.exchange.models import Import
from customers.models import Contact, Customer
from orders.catalog.models import Product, Unit
from orders.models import Order, OrderType
from tests.exchange.conftest import NORTHWIND, errors_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there"),
]


def test_all_customers_of_northwind_come_in_by_a_guessed_mapping(imported):
    content = (NORTHWIND / "customers.csv").read_bytes()
    source = imported(SimpleUploadedFile("customers.csv", content), mode="all")
    assert errors_of(source) == {}
    assert (source.status, source.counts) == (Import.Status.DONE, {"done": 91})
    customer = Customer.objects.get(code="ALFKI")
    assert (customer.name, customer.region) == ("Alfreds Futterkiste", "")
    assert customer.addresses.get().text == "Obere Str. 57, Berlin, 12209, Germany"
    contact = customer.contacts.get()
    assert (contact.name, contact.title, contact.main) == ("Maria Anders", "Sales Representative", True)
    assert contact.phone == "+49300074321"
    assert Contact.objects.count() == 91
    assert Customer.objects.get(code="ANATR").addresses.get().text.startswith("Avda. de la Constitución 2222")


@pytest.fixture
def importers():
    """Importers of products and orders as an app declares them, over the apps' own forms."""
    kept = dict(IMPORTERS)

    def to_come(data, options):
        return data | {"wanted_on": str(clock.today() + timedelta(days=30))}  # these orders are of 1996

    Importer(
        key="northwind-products",
        label="Products",
        verb="catalog.create_product",
        model=Product,
        match_by=("code",),
        columns=[
            ImportColumn("code", "Product number", aliases=("productID",)),
            ImportColumn("name", "Name", aliases=("productName",)),
            ImportColumn("specification", "Specification", aliases=("quantityPerUnit",)),
            ImportColumn("price", "Price", aliases=("unitPrice",)),
            ImportColumn("unit", "Unit"),
            ImportColumn("tax_rate", "Tax rate", kind="percent"),
        ],
    )
    Importer(
        key="northwind-orders",
        label="Orders",
        verb="orders.apply_order",
        model=Order,
        lines="lines",
        group_by="reference",
        arrange=to_come,
        columns=[
            ImportColumn("reference", "Customer's number", aliases=("orderID",)),
            ImportColumn("customer", "Customer", aliases=("customerID",), find=("code",)),
            ImportColumn("wanted_on", "Wanted on", aliases=("requiredDate",)),
            ImportColumn("place", "Place", aliases=("shipAddress",)),
            ImportColumn("lines.product", "Product", aliases=("productID",), find=("code",)),
            ImportColumn("lines.quantity", "Quantity", aliases=("quantity",)),
            ImportColumn("lines.price", "Price", aliases=("unitPrice",)),
        ],
    )
    yield
    IMPORTERS.clear()
    IMPORTERS.update(kept)


def lines_of(name: str, most: int | None = None) -> SimpleUploadedFile:
    rows = (NORTHWIND / name).read_bytes().splitlines(keepends=True)
    return SimpleUploadedFile(name, b"".join(rows[:most]))


def test_products_and_orders_with_their_lines_come_in_from_their_own_files(importers, imported, alice):
    for name in ("catalog.create_product", "orders.apply_order", "orders.view_order"):
        label, codename = name.split(".")
        alice.user_permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))
    Unit.objects.get_or_create(code="pc", defaults={"name": "件", "name_en": "pc"})
    OrderType.objects.get_or_create(code="standard", defaults={"name": "标准"})
    imported(lines_of("customers.csv"))
    values = [{"column": "unit", "value": "pc"}, {"column": "tax_rate", "value": "13%"}]
    products = imported(lines_of("products.csv"), kind="northwind-products", values=values)
    assert (products.counts, errors_of(products)) == ({"done": 77}, {})
    assert Product.objects.get(code="11").tax_rate == 13

    orders = imported(lines_of("orders.csv", 21), lines_of("order_details.csv", 60), kind="northwind-orders")
    known = [row["code"] for found in orders.rows.values_list("errors", flat=True) for row in found]
    assert orders.counts["done"] == 20
    assert set(known) <= {"no_header_row"}  # lines of orders beyond the first twenty
    order = Order.objects.get(reference="10248")
    assert (order.customer.code, order.place) == ("VINET", "59 rue de l'Abbaye")
    assert list(order.lines.values_list("product__code", "quantity", "price")) == [
        ("11", Decimal("12.000"), Decimal("14.00")),
        ("42", Decimal("10.000"), Decimal("9.80")),
        ("72", Decimal("5.000"), Decimal("34.80")),
    ]
