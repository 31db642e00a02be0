"""What stands on the page of a product."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.web.panels import panel, step
from orders.catalog.models import Product


@panel(Product, "prices", _("Prices"), "catalog/panels/prices.html", order=10)
def prices(product: Product, user: User) -> dict[str, Any]:
    """What it costs from which day on, the latest first."""
    rows = list(product.prices.all()[:50])
    return {"rows": rows, "count": len(rows), "action": step("catalog.set_price", product, user)}


@panel(Product, "packings", _("Also sold in"), "catalog/panels/packings.html", order=20)
def packings(product: Product, user: User) -> dict[str, Any]:
    """The other units that it is sold in."""
    rows = list(product.packings.select_related("unit"))
    return {"rows": rows, "count": len(rows), "action": step("catalog.add_packing", product, user)}
