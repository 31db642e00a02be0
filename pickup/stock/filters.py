"""What stock and movements can be filtered by."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.days import DayFilter, begins
from crm.key_filters import KeyFilter
from crm.records.search import search
from crm.records.small import holding
from orders.catalog.models import Product
from pickup.stock.models import Movement, Stock, Warehouse


class ByProduct(django_filters.FilterSet):
    """Quick search by the product's name, pinyin or number."""

    q = django_filters.CharFilter(label=_("Search"), method="find")
    warehouse = django_filters.ModelChoiceFilter(label=_("warehouse"), queryset=Warehouse.objects.all())
    product = KeyFilter(Product, label=_("product"), field_name="product_id")

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(product__in=search(Product.objects.all(), value).values("pk"))


class StockFilter(ByProduct):
    class Meta:
        model = Stock
        fields: list[str] = []


class MovementFilter(ByProduct):
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=Movement.Kind.choices)
    since = DayFilter(label=_("since"), field_name="at", which=begins)

    class Meta:
        model = Movement
        fields: list[str] = []


class WarehouseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="find")
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=Warehouse.Kind.choices)
    counter = django_filters.BooleanFilter(label=_("has a pickup counter"))
    active = django_filters.BooleanFilter(label=_("in use"))

    class Meta:
        model = Warehouse
        fields: list[str] = []

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return holding(rows, value)
