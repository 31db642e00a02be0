"""The lists of stock, declared once for page, REST and export."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from pickup.stock.filters import MovementFilter, StockFilter, WarehouseFilter
from pickup.stock.models import Movement, Stock, Warehouse

STOCK = Listing(
    "stock",
    Stock,
    _("Stock"),
    [
        Column("product", _("Product"), source="product__name", kind="name"),
        Column("code", _("Number"), source="product__code", kind="code"),
        Column("warehouse", _("Warehouse"), source="warehouse__name", kind="name"),
        Column("batch", _("Batch")),
        Column("quantity", _("In stock"), kind="quantity"),
        Column("reserved", _("Reserved"), kind="quantity"),
        Column("unit", _("Unit"), source="product__unit__name", kind="name"),
    ],
    StockFilter,
    tabs=[
        View("there", _("In stock"), lambda user: Q(quantity__gt=0)),
        View("free", _("Not reserved"), lambda user: Q(quantity__gt=F("reserved"))),
    ],
    creates=["stock.receive_goods", "stock.count_stock"],
)

WAREHOUSES = Listing(
    "warehouses",
    Warehouse,
    _("Warehouses"),
    [
        Column("code", _("Number"), kind="code"),
        Column("name", _("Name"), kind="name"),
        Column("kind", _("Kind"), kind="choice"),
        Column("address", _("Address")),
        Column("phone", _("Phone")),
        Column("counter", _("Pickup counter"), kind="bool"),
        Column("active", _("In use"), kind="bool"),
    ],
    WarehouseFilter,
    order="pk",
)

MOVEMENTS = Listing(
    "movements",
    Movement,
    _("Stock movements"),
    [
        Column("at", _("When"), kind="datetime"),
        Column("product", _("Product"), source="product__name", kind="name"),
        Column("quantity", _("Quantity"), kind="quantity"),
        Column("kind", _("Kind"), kind="choice"),
        Column("warehouse", _("Warehouse"), source="warehouse__name", kind="name"),
        Column("batch", _("Batch")),
        Column("reference", _("Document"), kind="code"),
        Column("reason", _("Reason")),
        Column("by", _("By"), source="by__name", kind="name"),
    ],
    MovementFilter,
)
