"""How finely quantities are counted: in their unit, and in stock."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orders.catalog.models import Product, Unit

STOCK_DECIMALS = 3  # of a product in its base unit


def too_fine(product: Product, quantity: Decimal, unit: Unit, factor: Decimal) -> ValidationError | None:
    """Why a quantity in `unit`, of which one is `factor` base units, cannot be counted so finely, or None."""
    if quantity != round(quantity, unit.decimals):
        counted = _("%(unit)s is counted with %(decimals)s decimals.")
        return ValidationError(counted % {"unit": unit, "decimals": unit.decimals}, code="decimals")
    if quantity * factor != round(quantity * factor, STOCK_DECIMALS):
        finer = _("This is finer than stock is counted: at most %(decimals)s decimals of %(unit)s.")
        return ValidationError(finer % {"decimals": STOCK_DECIMALS, "unit": product.unit}, code="too_fine")
    return None
