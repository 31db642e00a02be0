"""The input of each verb on invoices, receipts, matches and dunning."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import PickField, RecordForm, VerbForm
from orders.models import Order
from orders.payments.models import Invoice

DAY = forms.DateInput(attrs={"type": "date"})
WORDS = forms.Textarea(attrs={"rows": 3})


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)


class InvoiceForm(RecordForm):
    """An invoice that was written elsewhere."""

    order = PickField(Order, label=_("order"))
    amount = forms.DecimalField(label=_("amount with tax"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    tax = forms.DecimalField(label=_("tax in it"), max_digits=14, decimal_places=2, min_value=0, required=False)
    due_on = forms.DateField(
        label=_("due on"), widget=DAY, required=False, help_text=_("Empty: after the order's days to pay.")
    )

    class Meta:
        model = Invoice
        fields = ["order", "number", "kind", "amount", "tax", "issued_on", "due_on", "reference"]
        widgets = {"issued_on": DAY}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("kind", Invoice.Kind.OPENING)

    def clean_issued_on(self) -> Any:
        if self.cleaned_data["issued_on"] > clock.today():
            raise ValidationError(_("This lies in the future."), code="future")
        return self.cleaned_data["issued_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("tax") and data.get("amount") and data["tax"] >= data["amount"]:
            self.add_error("tax", ValidationError(_("The tax is a part of the amount."), code="too_much"))
        if data.get("due_on") and data.get("issued_on") and data["due_on"] < data["issued_on"]:
            self.add_error("due_on", ValidationError(_("It cannot be due before it was issued."), code="too_early"))
        return data
