"""The life of a product: taken into the range, priced, discontinued."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.edits import editing
from orders.catalog import forms
from orders.catalog.models import Packing, Price, Product

S = Product.Status


@action(None, label=gettext_lazy("New product"), form=forms.NewProductForm)
def create_product(
    *,
    by: User,
    packings: list[dict[str, Any]],
    price: Decimal | None = None,
    lowest: Decimal | None = None,
    **facts: Any,
) -> Product:
    """Take a product into the range, with its packings and its price from today on."""
    product = Product.objects.create(**facts)
    for line in packings:
        Packing.objects.create(product=product, **line)
    if price is not None:
        Price.objects.create(product=product, price=price, lowest=price if lowest is None else lowest)
    return product


change_product = editing(Product, forms.ProductForm)


@action(Product, label=gettext_lazy("Add a packing"), source={S.ON_SALE}, form=forms.PackingLine)
def add_packing(product: Product, *, by: User, **facts: Any) -> Packing:
    """Sell the product in another unit as well."""
    return Packing.objects.create(product=product, **facts)


@action(Product, label=gettext_lazy("Set the price"), source={S.ON_SALE}, form=forms.PriceForm)
def set_price(product: Product, *, by: User, valid_from: Any, price: Decimal, lowest: Decimal) -> Price:
    """Say what the product costs from a day on, and how low one may go; orders keep the price they were made with."""
    row, _created = Price.objects.update_or_create(
        product=product, valid_from=valid_from, defaults={"price": price, "lowest": lowest}
    )
    return row


@action(
    Product,
    label=gettext_lazy("Discontinue"),
    source={S.ON_SALE},
    target=S.DISCONTINUED,
    form=forms.DiscontinueForm,
)
def discontinue_product(product: Product, *, by: User, reason: str = "") -> None:
    """Sell it no more; orders that name it stay."""


@action(Product, label=gettext_lazy("Sell again"), source={S.DISCONTINUED}, target=S.ON_SALE)
def reinstate_product(product: Product, *, by: User) -> None:
    """Take a discontinued product into the range again."""
