"""What a form must know of a product while lines are typed: its units with their list prices, and its tax rate."""

from decimal import Decimal
from typing import Any

from orders.catalog.models import Product
from orders.catalog.money import fen


def selling_facts(product: Product, listed: Decimal | None) -> dict[str, Any]:
    """Number and specification, tax rate in percent, and each unit that it is sold in with its price there, with tax.

    `listed` is what one base unit costs; without it the prices are empty.
    """
    units = [(product.unit, Decimal(1)), *((each.unit, each.factor) for each in product.packings.all())]
    return {
        "about": " · ".join(filter(None, [product.code, product.specification])),
        "tax_rate": f"{product.tax_rate:f}",
        "units": [
            {"id": unit.pk, "label": str(unit), "price": "" if listed is None else f"{fen(listed * factor):f}"}
            for unit, factor in units
        ],
    }
