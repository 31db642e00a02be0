"""The input of each verb on contracts, requirement records and requests for shipment."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened
from crm.inputs import DAY, MOMENT, WORDS, not_past
from crm.records.attachments import UploadField
from customers.forms import TOLD, OfCustomer, people
from customers.models import Contact, Customer
from orders.catalog.models import Product
from orders.contracts.amended import differing, lines_now
from orders.contracts.models import TERMS, Contract, ContractTemplate, Requirement, Supplement


class RequirementForm(RecordForm):
    """The four heads of what a customer requires."""

    class Meta:
        model = Requirement
        fields = ["goods", "stated", "intended", "legal", "own"]
        widgets = dict.fromkeys(Requirement.HEADS, WORDS)


class SampleForm(VerbForm):
    batch = forms.CharField(label=_("batch of the sample"), max_length=60)
    taken_by = PickField(User, rows=people, required=False, label=_("sample from"), help_text=_("Empty: yourself."))
    sent_how = forms.CharField(label=_("how it was sent"), max_length=200)
    sent_on = forms.DateField(label=_("sample sent on"), widget=DAY, initial=clock.today)

    def clean_sent_on(self) -> date:
        return happened(self.cleaned_data["sent_on"])


class SampleAnswerForm(OfCustomer):
    contacts = ("answered_by",)

    accepted = forms.ChoiceField(
        label=_("does he accept this batch"),
        choices=[(Requirement.Status.ACCEPTED, _("Accepts")), (Requirement.Status.DECLINED, _("Does not accept"))],
    )
    answered_by = PickField(Contact, required=False, label=_("who answered"))
    answered_on = forms.DateField(label=_("answered on"), widget=DAY, initial=clock.today)
    answered_how = forms.ChoiceField(label=_("how he answered"), choices=TOLD)
    answer = forms.CharField(label=_("customer's answer"), max_length=1000, required=False, widget=WORDS)

    def clean_answered_on(self) -> date:
        return happened(self.cleaned_data["answered_on"])


class AcceptanceForm(OfCustomer):
    """Who accepted, when and how."""

    contact = PickField(Contact, required=False, label=_("who accepted"), help_text=_("Empty: the order's contact."))
    accepted_by = forms.ChoiceField(label=_("how he accepted"), choices=TOLD)
    accepted_at = forms.DateTimeField(label=_("when"), required=False, widget=MOMENT, help_text=_("Empty: now."))
    accepted_words = forms.CharField(label=_("what he said"), max_length=1000, required=False, widget=WORDS)

    def clean_accepted_at(self) -> Any:
        moment = self.cleaned_data["accepted_at"]
        return happened(moment) if moment else None


class ClassifyForm(VerbForm):
    kind = forms.ChoiceField(
        label=_("class"),
        choices=Contract.Kind.choices,
        help_text=_("Regular: stock or usual ability suffices. Special: it asks more."),
    )
    class_reason = forms.CharField(label=_("why this class"), max_length=300, required=False)


class ReviewForm(RecordForm):
    """The review form (合同评审表); goods and prices are those of the order."""

    fieldsets: ClassVar[Any] = (
        (_("Product and making"), ("quality", "technology", "capacity")),
        (_("Delivery"), ("delivery_on", "place", "transport", "packing")),
        (_("Payment"), ("payment_terms", "payment_days", "payment")),
        (_("Other agreements"), ("other",)),
    )

    class Meta:
        model = Contract
        fields = [*TERMS]
        widgets = {"delivery_on": DAY, "quality": WORDS, "technology": WORDS, "capacity": WORDS, "other": WORDS}
        field_classes = {"delivery_on": NearDateField}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        for name in ("delivery_on", "payment_terms"):
            self.fields[name].required = True
        self.fields["payment_days"].required = False

    def clean_delivery_on(self) -> date:
        return not_past(self.cleaned_data["delivery_on"])

    def clean_payment_days(self) -> int:
        return self.cleaned_data["payment_days"] or 0


class MakeForm(VerbForm):
    template = forms.ModelChoiceField(
        ContractTemplate.objects.filter(active=True),
        label=_("template"),
        required=False,
        empty_label=_("standard sales contract"),
    )
    signed_place = forms.CharField(label=_("signed at"), max_length=100, required=False)
    valid_until = NearDateField(label=_("valid until"), required=False, widget=DAY)

    def clean_valid_until(self) -> date | None:
        day = self.cleaned_data["valid_until"]
        return not_past(day) if day else None


class SendForm(OfCustomer):
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: whoever accepted."))


class SignedCopyForm(VerbForm):
    scan = UploadField(label=_("signed copy"), help_text=_("A scan or photo of all pages, as PDF or picture."))


class ReturnedForm(VerbForm):
    signed_on = forms.DateField(label=_("signed on"), widget=DAY, initial=clock.today)
    scan = UploadField(
        label=_("scan of the signed copy"), required=False, help_text=_("Not needed where the customer handed it in.")
    )

    def clean_signed_on(self) -> date:
        return happened(self.cleaned_data["signed_on"])


class SendSupplementForm(OfCustomer):
    """By link the customer prints it and hands in the copy; a paper goes with somebody or by post."""

    sent_how = forms.ChoiceField(
        label=_("delivery method"), choices=Supplement.Sent.choices, initial=Supplement.Sent.LINK
    )
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: whoever accepted."))


class SupplementBackForm(ReturnedForm):
    archive_place = forms.CharField(
        label=_("filed at"),
        max_length=100,
        required=False,
        help_text=_("Empty: with the contract, where that is filed."),
    )


class ArchiveForm(VerbForm):
    archive_place = forms.CharField(
        label=_("filed at"), max_length=100, help_text=_("Cabinet and folder, with the review form.")
    )


class ArrangeForm(OfCustomer):
    """The call on the contract's date."""

    contact = PickField(Contact, required=False, label=_("person called"))
    said = forms.CharField(label=_("what was said"), max_length=2000, widget=WORDS)
    transport = forms.CharField(label=_("vehicle or ship"), max_length=200)
    ships_on = NearDateField(label=_("loads on"), widget=DAY)
    amount = forms.DecimalField(
        label=_("amount to ship"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        help_text=_("Empty: everything that is still open."),
    )

    def clean_ships_on(self) -> date:
        return not_past(self.cleaned_data["ships_on"])


class AmendedLineForm(VerbForm):
    """A line as it is to be; it names one that is there by its position, or the product of a new one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("position") and not data.get("product") and "product" not in self.errors:
            self.add_error("product", ValidationError(_("Name the line, or the product of a new one."), "required"))
        return data

    @classmethod
    def shown(cls, line: Any, *, new: bool = False) -> dict[str, Any]:
        """A line as the form begins with it."""
        return {
            "position": None if new else line.position,
            "product": line.product_id,
            "quantity": f"{line.quantity.normalize():f}",
            "price": line.price,
        }


class SupplementLineForm(AmendedLineForm):
    """A line as it is to be: one of the contract by its position, or a product that is new in it."""

    position = forms.IntegerField(
        label=_("line of the contract"), min_value=1, required=False, help_text=_("Empty: a new line.")
    )
    product = PickField(Product, required=False, label=_("product"))
    quantity = forms.DecimalField(label=_("quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    price = forms.DecimalField(
        label=_("unit price with tax"), max_digits=12, decimal_places=2, min_value=0, required=False
    )


class SupplementForm(VerbForm):
    """What is agreed anew; a term that is left empty stays as it is."""

    fieldsets: ClassVar[Any] = (
        (_("Agreement"), ("why", "agreed", "effective_on")),
        (_("Lines"), ("lines",)),
        (_("Terms that change"), TERMS),
    )

    why = forms.CharField(label=_("reason, and initiated by whom"), max_length=500, widget=WORDS)
    agreed = forms.CharField(
        label=_("how the customer agreed"), max_length=300, help_text=_("Who, when, and by which paper or message.")
    )
    effective_on = NearDateField(label=_("effective from"), widget=DAY, initial=clock.today)
    lines = LinesField(SupplementLineForm, least=0, most=200, label=_("lines"))
    quality = forms.CharField(label=_("quality and technical standard"), max_length=2000, required=False, widget=WORDS)
    technology = forms.CharField(label=_("technology"), max_length=2000, required=False, widget=WORDS)
    capacity = forms.CharField(label=_("capacity and schedule"), max_length=2000, required=False, widget=WORDS)
    delivery_on = NearDateField(label=_("contract date"), required=False, widget=DAY)
    place = forms.CharField(label=_("place of delivery"), max_length=300, required=False)
    transport = forms.CharField(label=_("transport"), max_length=300, required=False)
    packing = forms.CharField(label=_("how it is packed"), max_length=300, required=False)
    payment_terms = forms.ChoiceField(
        label=_("payment terms"), choices=[("", "–"), *Customer.Terms.choices], required=False
    )
    payment_days = forms.IntegerField(label=_("days to pay"), min_value=0, max_value=3650, required=False)
    payment = forms.CharField(label=_("payment in words"), max_length=500, required=False)
    other = forms.CharField(label=_("other agreements"), max_length=2000, required=False, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        """It begins with the contract as it is now, or with the draft that is revised; what stays is no change."""
        super().know(by, obj)
        contract = self._contract
        if contract is None:
            return
        lines = {line.position: SupplementLineForm.shown(line) for line in lines_now(contract)}
        self.initial.update({name: getattr(contract, name) for name in TERMS})
        if isinstance(obj, Supplement):
            self.initial.update({name: getattr(obj, name) for name in ("why", "agreed", "effective_on")})
            self.initial.update({name: change["after"] for name, change in obj.terms.items()})
            for row in obj.lines.order_by("position"):
                lines[row.position] = SupplementLineForm.shown(row, new=row.is_new)
        self.initial["lines"] = list(lines.values())

    def clean_effective_on(self) -> date:
        """Not before the contract itself."""
        day: date = self.cleaned_data["effective_on"]
        contract = self._contract
        if contract is not None and contract.signed_on and day < contract.signed_on:
            raise ValidationError(_("The contract was signed only after this day."), code="too_early")
        return day

    def clean_delivery_on(self) -> date | None:
        """Not past, where it is to change."""
        day = self.cleaned_data["delivery_on"]
        return day if day is None or day == getattr(self._contract, "delivery_on", None) else not_past(day)

    def clean(self) -> dict[str, Any]:
        """What the page sends back as it was is no amendment: of the terms only what differs is said."""
        data = super().clean() or {}
        if self._contract is not None:
            changed = differing(self._contract, data)
            data |= {name: changed.get(name, self.fields[name].clean("")) for name in TERMS if name in data}
        return data

    @property
    def _contract(self) -> Any:
        return self.obj.contract if isinstance(self.obj, Supplement) else self.obj
