"""What products can be filtered by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from customers.filters import Searching
from orders.catalog.models import Product


class ProductFilter(Searching):
    status = django_filters.MultipleChoiceFilter(
        label=_("state"), choices=Product.Status.choices, widget=forms.CheckboxSelectMultiple
    )
    category = django_filters.CharFilter(label=_("category"), lookup_expr="istartswith")

    class Meta:
        model = Product
        fields: list[str] = []
