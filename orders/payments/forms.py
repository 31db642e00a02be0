"""The input of each verb on invoices, receipts, write-offs and dunning."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened, narrow
from crm.inputs import DAY, WORDS, not_past
from customers.models import Contact, Customer
from orders.models import Order, Payment
from orders.payments.models import BankAccount, Dunning, Invoice, Match, Receipt

LEAST = Decimal("0.01")


class CancelForm(VerbForm):
    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=WORDS,
        help_text=_(
            "If settlement posted the invoice, its statement is agreed on with the customer again, and the other"
            " invoices of the same memo are voided with it."
        ),
    )


class InvoiceForm(RecordForm):
    """An invoice that was written elsewhere."""

    order = PickField(Order, label=_("order"))
    amount = forms.DecimalField(label=_("amount with tax"), max_digits=14, decimal_places=2, min_value=LEAST)
    tax = forms.DecimalField(label=_("tax in it"), max_digits=14, decimal_places=2, min_value=0, required=False)
    due_on = forms.DateField(
        label=_("to be paid by"), widget=DAY, required=False, help_text=_("Empty: after the order's days to pay.")
    )

    class Meta:
        model = Invoice
        fields = ["order", "number", "kind", "amount", "tax", "issued_on", "due_on", "reference"]
        widgets = {"issued_on": DAY}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial["kind"] = self.initial.get("kind") or Invoice.Kind.OPENING

    def clean_number(self) -> str:
        """The number without blanks, as settlement books it: the same invoice is found whoever writes it."""
        return "".join(self.cleaned_data["number"].split())

    def clean_issued_on(self) -> Any:
        return happened(self.cleaned_data["issued_on"])

    def clean_tax(self) -> Decimal:
        return self.cleaned_data["tax"] or Decimal("0.00")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("tax") and data.get("amount") and data["tax"] >= data["amount"]:
            self.add_error("tax", ValidationError(_("The tax is a part of the amount."), code="too_much"))
        if data.get("due_on") and data.get("issued_on") and data["due_on"] < data["issued_on"]:
            self.add_error("due_on", ValidationError(_("It cannot be due before it was issued."), code="too_early"))
        return data


class ReceiptForm(RecordForm):
    """Money that came in, as a bank's line or a person says it."""

    sensitive: ClassVar[Any] = ("payer_account",)

    amount = forms.DecimalField(label=_("amount"), max_digits=14, decimal_places=2, min_value=LEAST)
    account = forms.ModelChoiceField(
        BankAccount.objects.filter(active=True), label=_("own account"), required=False, empty_label=_("none, cash")
    )
    customer = PickField(
        Customer, label=_("customer"), required=False, help_text=_("Empty: who is known to have paid so before.")
    )
    method = forms.ChoiceField(label=_("method"), choices=Payment.Method.choices, initial=Payment.Method.TRANSFER)
    again = forms.BooleanField(
        label=_("another payment, although it says the same"),
        required=False,
        help_text=_("Only where a receipt or payment like it is there already, and it is not the same money."),
    )

    class Meta:
        model = Receipt
        fields = [
            "received_on",
            "amount",
            "payer_name",
            "customer",
            "account",
            "method",
            "payer_account",
            "payer_bank",
            "serial",
            "remark",
            "balance",
        ]
        widgets = {"received_on": DAY}

    def clean_received_on(self) -> Any:
        return happened(self.cleaned_data["received_on"])


class SerialForm(VerbForm):
    account = forms.ModelChoiceField(BankAccount.objects.filter(active=True), label=_("own account"))
    serial = forms.CharField(label=_("bank's serial number"), max_length=80)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Receipt):
            self.initial.setdefault("account", obj.account_id)


class AssignForm(VerbForm):
    customer = PickField(Customer, label=_("customer"))


class MatchLine(VerbForm):
    """So much of the receipt for one order."""

    order = PickField(Order, rows=lambda rows, by: rows.unpaid(), label=_("order"))
    amount = forms.DecimalField(
        label=_("amount"),
        max_digits=14,
        decimal_places=2,
        min_value=LEAST,
        required=False,
        help_text=_("Empty: what is open of the order, as far as the receipt goes."),
    )


class MatchForm(VerbForm):
    lines = LinesField(MatchLine, least=1, most=100, label=_("orders"))
    remember = forms.BooleanField(label=_("remember the payer as this customer's"), required=False, initial=True)
    again = forms.BooleanField(
        label=_("another payment"),
        required=False,
        help_text=_("Only where a payment like it was entered by hand, and it is not the same money."),
    )


class TakeBackForm(VerbForm):
    match = forms.ModelChoiceField(Match.objects.all(), label=_("match"))
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field: Any = self.fields["match"]
        rows = Match.objects.filter(receipt=obj).select_related("order", "receipt")
        # What is sent may have been taken back by now, also by the same request: the verb says so.
        field.queryset = rows if getattr(self, "is_bound", False) else rows.filter(taken_back_at=None)
        field.label_from_instance = lambda match: f"{match.order} · {match.amount}"


class RefundForm(VerbForm):
    amount = forms.DecimalField(label=_("amount"), max_digits=14, decimal_places=2, min_value=LEAST)
    paid_on = forms.DateField(label=_("paid back on"), widget=DAY, initial=clock.today)
    reference = forms.CharField(label=_("reference of the transfer"), max_length=60)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Receipt):
            self.initial.setdefault("amount", obj.left)

    def clean_paid_on(self) -> Any:
        return happened(self.cleaned_data["paid_on"])


class WriteOffForm(VerbForm):
    amount = forms.DecimalField(label=_("amount"), max_digits=14, decimal_places=2, min_value=LEAST)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Order) and obj.open_amount > 0:
            self.initial.setdefault("amount", obj.open_amount)


class OfDunning(VerbForm):
    """A form whose contacts are those of the customer who is reminded."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Dunning):
            field: Any = self.fields["contact"]
            narrow(field, customer=obj.customer_id, active=True)


class RemindForm(OfDunning):
    contact = PickField(
        Contact, required=False, label=_("contact"), help_text=_("Empty: his finance, else his main contact.")
    )
    text = forms.CharField(
        label=_("text"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Empty: the text of the step. The list of invoices follows below it by itself."),
    )


class PromiseForm(OfDunning):
    contact = PickField(Contact, required=False, label=_("who promised"))
    said = forms.CharField(label=_("what was said"), max_length=2000, widget=WORDS)
    promised_on = NearDateField(label=_("promised to pay on"), widget=DAY)
    promised_amount = forms.DecimalField(
        label=_("amount promised"),
        max_digits=14,
        decimal_places=2,
        min_value=LEAST,
        required=False,
        help_text=_("Empty: all that is overdue."),
    )

    def clean_promised_on(self) -> Any:
        return not_past(self.cleaned_data["promised_on"])


class CallForm(OfDunning):
    """A call, and what he promised in it, if he did."""

    contact = PickField(Contact, required=False, label=_("person called"))
    said = forms.CharField(label=_("what was said"), max_length=2000, widget=WORDS)
    promised_on = NearDateField(label=_("promised to pay on"), widget=DAY, required=False)
    promised_amount = forms.DecimalField(
        label=_("amount promised"), max_digits=14, decimal_places=2, min_value=LEAST, required=False
    )

    def clean_promised_on(self) -> Any:
        day = self.cleaned_data["promised_on"]
        return not_past(day) if day else None
