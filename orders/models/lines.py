"""What every priced line says, of whichever paper: of an order, a quotation, a contract, a change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.scopes import ScopedQuerySet
from orders.catalog.models import Product, Unit


class PricedLine(models.Model):
    """One product on a paper: how much in which unit, at which price with tax, and what that comes to.

    What it is a line of is the heir's own: the foreign key, and the constraint that each position stands there once.
    """

    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    factor = models.DecimalField(_("base units in one"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("unit price with tax"), max_digits=12, decimal_places=2)
    tax_rate = models.DecimalField(_("tax rate in percent"), max_digits=4, decimal_places=2)
    amount = models.DecimalField(_("amount with tax"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)

    tracked = True

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}. {self.product}"


class ListedLine(PricedLine):
    """A priced line that keeps what the price list said when it was written (`priced_lines` in orders/pricing.py)."""

    list_price = models.DecimalField(_("list price with tax"), max_digits=14, decimal_places=2, null=True, blank=True)
    lowest = models.DecimalField(_("lowest price with tax"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(PricedLine.Meta):
        abstract = True

    @property
    def is_cheap(self) -> bool:
        """Whether its price is below the lowest of the list as it was."""
        return self.lowest is not None and self.price < self.lowest


class AmendedLine(PricedLine):
    """A priced line as it is to be, and what it was before; a new one was nothing, one that goes has no quantity."""

    quantity_before = models.DecimalField(_("quantity before"), max_digits=12, decimal_places=3, null=True)
    price_before = models.DecimalField(_("unit price before"), max_digits=12, decimal_places=2, null=True)

    class Meta(PricedLine.Meta):
        abstract = True

    @property
    def is_new(self) -> bool:
        """Whether there was no such line before."""
        return self.quantity_before is None


def wants_something(name: str, condition: Q | None = None) -> models.CheckConstraint:
    """The constraint `name` of a kind of lines: a quantity above zero, and a price that is not negative."""
    return models.CheckConstraint(
        condition=condition or Q(quantity__gt=0, factor__gt=0, price__gte=0),
        name=name,
        violation_error_message=_("A line needs a quantity above zero and a price that is not negative."),
    )
