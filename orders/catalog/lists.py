"""The list of products, declared once for page, REST and export."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.listing import Column, Listing, View
from orders.catalog.filters import ProductFilter
from orders.catalog.models import Product

PRODUCTS = Listing(
    "products",
    Product,
    _("Products"),
    [
        Column("code", _("Number"), kind="code", sortable=True),
        Column("name", _("Name"), kind="name"),
        Column("specification", _("Specification")),
        Column("category", _("Category"), sortable=True),
        Column("unit", _("Unit"), source="unit__name", kind="name"),
        Column("tax_rate", _("Tax rate in percent"), kind="quantity"),
        Column("status", _("State"), kind="status"),
        Column("name_en", _("English name"), shown=False),
    ],
    ProductFilter,
    order="code",
    tabs=[View("on_sale", _("On sale"), lambda user: Q(status=Product.Status.ON_SALE))],
    creates=["catalog.create_product"],
    empty=_("No products yet. Enter the first one, or import a price list."),
)
