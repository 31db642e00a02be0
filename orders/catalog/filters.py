"""What products can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.choice_filters import AnyOfFilter
from customers.filters import Searching
from orders.catalog.models import Product


class ProductFilter(Searching):
    status = AnyOfFilter(Product.Status)
    category = django_filters.CharFilter(label=_("category"), lookup_expr="istartswith")

    class Meta:
        model = Product
        fields: list[str] = []
