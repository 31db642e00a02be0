"""The input of each verb on agreements and replacement orders."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, NearDateField, PickField, VerbForm, happened
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField
from customers.forms import OfCustomer
from customers.models import Contact
from orders.forms import LineForm
from orders.models import Order, OrderType

SOON = timedelta(days=3)


class SealForm(VerbForm):
    """The paper with our signature and seal, where it was scanned."""

    scan = UploadField(label=_("scan of our signed and sealed copy"), required=False)


class SendForm(OfCustomer):
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))


class CopyForm(VerbForm):
    """What the customer hands in under his link."""

    name = forms.CharField(label=_("your name"), max_length=60)
    scan = UploadField(label=_("signed and sealed copy"), help_text=_("A scan or photo of all pages."))


class BackForm(VerbForm):
    """Who signed for the customer, when, and the scan where he did not hand it in himself."""

    his_name = forms.CharField(label=_("signed by the customer"), max_length=60)
    his_day = NearDateField(label=_("signed by the customer on"), widget=DAY, initial=clock.today)
    scan = UploadField(
        label=_("signed and sealed copy"), required=False, help_text=_("Empty: as the customer handed it in.")
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None and obj.his_name:
            self.initial.setdefault("his_name", obj.his_name)

    def clean_his_day(self) -> date:
        return happened(self.cleaned_data["his_day"])


class ReplacedLine(LineForm):
    """What is replaced; it has no price."""

    priced = False
    price = None  # type: ignore[assignment]


def _types() -> Any:
    return OrderType.objects.filter(active=True, needs_contract=False).order_by("pk")


class ReplacementForm(OfCustomer):
    """What is sent in place of what, and when."""

    fieldsets: ClassVar[Any] = (
        (_("Goods"), ("lines",)),
        (_("When and where"), ("wanted_on", "fulfilment", "place", "contact", "type", "remarks")),
    )

    lines = LinesField(ReplacedLine, most=50, label=_("lines"))
    wanted_on = NearDateField(label=_("wanted on"), widget=DAY)
    fulfilment = forms.ChoiceField(
        label=_("pickup or delivery"), choices=Order.Fulfilment.choices, initial=Order.Fulfilment.PICKUP, required=False
    )
    place = forms.CharField(label=_("place"), max_length=300, required=False)
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the complaint's contact."))
    type = forms.ModelChoiceField(
        _types(), label=_("type"), required=False, empty_label=_("the usual one"), help_text=_("It needs no contract.")
    )
    remarks = forms.CharField(label=_("remarks"), max_length=1000, required=False, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        """It begins with the goods that the complaint is about, else with those of the order that left."""
        super().know(by, obj)
        if obj is None:
            return
        self.initial.setdefault("wanted_on", clock.today() + SOON)
        if obj.order is not None:
            self.initial.setdefault("fulfilment", obj.order.fulfilment)
            self.initial.setdefault("place", obj.order.place)
        self.initial.setdefault("lines", list(_first_lines(obj)))

    def clean_wanted_on(self) -> date:
        return not_past(self.cleaned_data["wanted_on"])

    def clean_fulfilment(self) -> str:
        return self.cleaned_data["fulfilment"] or Order.Fulfilment.PICKUP

    def clean_type(self) -> Any:
        """The one chosen, or the first that needs no contract, without which its goods could not leave."""
        chosen = self.cleaned_data["type"] or _types().first()
        if chosen is None:
            raise forms.ValidationError(
                _("There is no type of order that needs no contract; an administrator makes one."), code="no_type"
            )
        return chosen


def _first_lines(complaint: Any) -> Any:
    if complaint.product_id is not None:
        yield {"product": complaint.product_id, "quantity": complaint.quantity or ""}
    elif complaint.order is not None:
        for line in complaint.order.lines.filter(collected__gt=0).order_by("position"):
            yield {"product": line.product_id, "specification": line.specification, "quantity": line.collected}
