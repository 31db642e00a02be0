"""Products, the units they are sold in, and what they cost from which day on."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.scopes import ScopedQuerySet
from crm.records.search import Searchable
from crm.statements import MARK, Statement


class Unit(models.Model):
    """A unit of quantity: 件, 箱, kg; `decimals` says how finely it is counted."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=20)
    name_en = models.CharField(_("English name"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(3)])

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class ProductQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> "ProductQuerySet":
        """What is sold is no secret inside the company."""
        return self if user.is_active else self.none()


class Product(Searchable, models.Model):
    """Something that is sold, counted in its base unit."""

    class Status(models.TextChoices):
        ON_SALE = "on_sale", _("On sale")
        DISCONTINUED = "discontinued", _("Discontinued")

    STATUS_COLOURS = {Status.ON_SALE: "done", Status.DISCONTINUED: "neutral"}

    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.ON_SALE)
    code = models.CharField(_("product number"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("base unit"))
    tax_rate = models.DecimalField(
        _("tax rate in percent"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("13"),
        validators=[MinValueValidator(0), MaxValueValidator(99)],
    )
    version = models.PositiveIntegerField(default=0)

    tracked = True
    called_by = ("name", "name_en", "code", "specification", "unit__name", "unit__name_en")

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        indexes = [models.Index(fields=["category", "id"], name="products_of_category")]
        constraints = [
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=100), name="tax_rate_is_a_percentage")
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])

    @property
    def detail(self) -> str:
        """What tells it from others of a similar name."""
        return " · ".join(filter(None, [self.code, self.specification, str(self.unit)]))

    def search_sources(self) -> dict[str, Any]:
        """What it is found by."""
        return {"names": [self.name, self.name_en], "codes": [self.code]}

    def factor_of(self, unit: Unit) -> Decimal | None:
        """How many base units one `unit` of this product holds, or None where it is not sold in that unit."""
        if unit.pk == self.unit_id:
            return Decimal(1)
        packing = next((each for each in self.packings.all() if each.unit_id == unit.pk), None)
        return packing.factor if packing else None

    def price_on(self, day: date | None = None) -> "Price | None":
        """What it costs on `day` (today by default), or None where it has no price then."""
        return prices_on([self.pk], day).get(self.pk)


class Packing(models.Model):
    """Another unit that a product is sold in, and how many base units it holds: one 箱 is 24 件."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="packings", db_index=False, verbose_name=_("product")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    factor = models.DecimalField(_("base units in one"), max_digits=12, decimal_places=3)

    class Meta:
        verbose_name = _("packing")
        verbose_name_plural = _("packings")
        constraints = [
            models.UniqueConstraint(fields=["product", "unit"], name="packing_once"),
            models.CheckConstraint(
                condition=Q(factor__gt=0),
                name="packing_holds_something",
                violation_error_message=_("A packing holds more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.unit} = {self.factor.normalize():f} {self.product.unit}"


class Price(models.Model):
    """What one base unit costs from a day on, tax included, and how low a salesperson may go."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="prices", db_index=False, verbose_name=_("product")
    )
    valid_from = models.DateField(_("valid from"), default=clock.today)
    price = models.DecimalField(_("price with tax"), max_digits=12, decimal_places=2)
    lowest = models.DecimalField(_("lowest price with tax"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("price list")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["product", "valid_from"], name="one_price_per_day"),
            models.CheckConstraint(
                condition=Q(price__gte=0, lowest__gte=0, lowest__lte=F("price")),
                name="lowest_price_is_not_above_the_price",
                violation_error_message=_("The lowest price must lie between zero and the price."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.price}"


LATEST = Statement(
    lambda products, day: (
        Price.objects.filter(product__pk__any_of=products, valid_from__lte=day)
        .order_by("product_id", "-valid_from")
        .distinct("product_id")
    ),
    marks=(MARK, date(1970, 1, 1)),
)


def prices_on(products: Iterable[int], day: date | None = None) -> dict[int, Price]:
    """What each of the products with these keys costs on `day` (today by default), by product, in one query."""
    return {price.product_id: price for price in LATEST(list(products), day or clock.today())}
