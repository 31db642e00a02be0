"""The input of each verb on products."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, RecordForm, VerbForm
from crm.inputs import DAY
from orders.catalog.models import Packing, Price, Product


class PackingLine(RecordForm):
    class Meta:
        model = Packing
        fields = ["unit", "factor"]


class ProductForm(RecordForm):
    class Meta:
        model = Product
        fields = ["code", "name", "name_en", "specification", "category", "unit", "tax_rate"]


class NewProductForm(ProductForm):
    """A product with its packings and, where it is known, its price."""

    packings = LinesField(PackingLine, least=0, most=10, label=_("also sold in"))
    price = forms.DecimalField(label=_("price with tax"), max_digits=12, decimal_places=2, min_value=0, required=False)
    lowest = forms.DecimalField(
        label=_("lowest price with tax"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Empty: as the price."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        self.fields["tax_rate"].required = False

    def clean_tax_rate(self) -> Decimal:
        rate = self.cleaned_data["tax_rate"]
        return Product._meta.get_field("tax_rate").get_default() if rate is None else rate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _bounded(self, data)
        return data


class PriceForm(RecordForm):
    class Meta:
        model = Price
        fields = ["valid_from", "price", "lowest"]
        widgets = {"valid_from": DAY}

    def clean_valid_from(self) -> Any:
        if self.cleaned_data["valid_from"] < clock.today():
            raise ValidationError(_("Prices of the past stay as they were."), code="past")
        return self.cleaned_data["valid_from"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _bounded(self, data)
        return data


def _bounded(form: forms.BaseForm, data: dict[str, Any]) -> None:
    price, lowest = data.get("price"), data.get("lowest")
    if price is not None and lowest is not None and lowest > price:
        form.add_error("lowest", ValidationError(_("The lowest price is above the price."), code="above"))


class DiscontinueForm(VerbForm):
    reason = forms.CharField(label=_("why"), max_length=300, required=False)
