"""The input of each verb on stock."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import LinesField, PickField, VerbForm
from orders.catalog.models import Product
from pickup.stock.models import Warehouse


class GoodsLine(VerbForm):
    """So much of a product, in base units."""

    product = PickField(Product, label=_("product"))
    batch = forms.CharField(label=_("batch"), max_length=40, required=False)
    quantity = forms.DecimalField(
        label=_("quantity"), max_digits=14, decimal_places=3, min_value=Decimal("0.001"), help_text=_("In base units.")
    )


class ReceiptForm(VerbForm):
    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(active=True), label=_("warehouse"))
    reference = forms.CharField(label=_("document"), max_length=60, required=False)
    lines = LinesField(GoodsLine, least=1, most=500, label=_("goods"))


class CountedLine(GoodsLine):
    """What was counted of a product's batch; nothing is a possible result."""

    quantity = forms.DecimalField(label=_("counted"), max_digits=14, decimal_places=3, min_value=0)


class CountForm(VerbForm):
    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(active=True), label=_("warehouse"))
    reason = forms.CharField(label=_("occasion"), max_length=300)
    lines = LinesField(CountedLine, least=1, most=500, label=_("counted"))
