"""The input of each verb on pickups."""

import base64
import binascii
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened, narrow
from crm.inputs import DAY, MOMENT, not_past
from crm.records.attachments import UploadField
from customers.models import Contact
from orders.catalog.models import Product
from orders.models import Line
from pickup.models import Authority, Delivery, Pickup, Record, Window
from pickup.stock.models import Reservation, Stock, Warehouse
from pickup.windows import told

PNG = b"\x89PNG\r\n\x1a\n"
SIGNATURE_BYTES = 200_000
TWO_WEEKS = timedelta(days=14)


class SignatureField(forms.CharField):
    """A signature drawn on the screen: a PNG as a data URI; cleaned to a file."""

    in_words = False  # for the timeline, which tells what somebody wrote

    default_error_messages = {
        "not_png": _("This is not a signature as the screen makes it."),
        "too_big": _("The signature is too large."),
    }
    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        head, _comma, data = text.partition(",")
        try:
            content = base64.b64decode(data, validate=True) if head == "data:image/png;base64" else b""
        except binascii.Error:
            content = b""
        if not content.startswith(PNG):
            raise ValidationError(self.error_messages["not_png"], code="not_png")
        if len(content) > SIGNATURE_BYTES:
            raise ValidationError(self.error_messages["too_big"], code="too_big")
        return ContentFile(content, name="signature.png")


class CheckStockForm(VerbForm):
    """In which warehouse the goods are reserved; the dialog shows before what is free where."""

    preface = "pickup/free_stock.html"
    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(active=True), label=_("warehouse"), empty_label=None)
    sound = forms.BooleanField(label=_("the goods were looked at and are sound"), required=False, initial=True)
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)

    def clean_sound(self) -> bool:
        if not self.cleaned_data["sound"]:
            raise ValidationError(
                _("Only sound goods are prepared; count the others out of stock first."), code="sound"
            )
        return True

    @cached_property
    def free_stock(self) -> list[dict[str, Any]]:
        """Each line that is not collected, and what is free of its product in each warehouse; in base units."""
        if self.obj is None:
            return []
        lines = list(self.obj.lines.select_related("product__unit").order_by("position"))
        rows = Stock.objects.filter(product__in=[line.product_id for line in lines], warehouse__active=True)
        free = rows.values_list("product", "warehouse__name").order_by("warehouse__name")
        found: dict[int, list[tuple[str, Any]]] = {}
        for product, warehouse, quantity in free.annotate(left=Sum(F("quantity") - F("reserved"))):
            found.setdefault(product, []).append((warehouse, quantity))
        return [
            {"line": line, "unit": line.product.unit, "free": found.get(line.product_id, [])}
            for line in lines
            if line.open_quantity
        ]


class PartForm(VerbForm):
    warehouse = forms.ModelChoiceField(Warehouse.objects.filter(active=True), label=_("warehouse"), empty_label=None)
    agreed = forms.CharField(label=_("agreed with the customer"), max_length=300)


class LaterForm(VerbForm):
    wanted_on = NearDateField(label=_("new date"), widget=DAY)
    agreed = forms.CharField(label=_("agreed with the customer"), max_length=300)

    def clean_wanted_on(self) -> Any:
        return not_past(self.cleaned_data["wanted_on"])


class SubstituteForm(VerbForm):
    line = forms.ModelChoiceField(Line.objects.none(), label=_("line"), empty_label=None)
    product = PickField(Product, label=_("substitute"))
    price = forms.DecimalField(
        label=_("unit price with tax"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Empty: as before."),
    )
    agreed = forms.CharField(label=_("agreed with the customer"), max_length=300)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.fields["line"].queryset = obj.lines.filter(collected=0).select_related("product", "unit")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        line, product = data.get("line"), data.get("product")
        if line and product and product.factor_of(line.unit) is None:
            message = _("%(product)s is not sold in %(unit)s.") % {"product": product, "unit": line.unit}
            self.add_error("product", ValidationError(message, code="unit"))
        return data


class WindowField(forms.ModelChoiceField):
    """A window of the coming two weeks that has room, as a list that a customer can use as well."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Window.objects.none(), **options)

    def offer(self, warehouse_id: int | None, but: int | None = None) -> None:
        """Offer the windows of a warehouse (None: of every one), without the one that is held already."""
        rows = Window.objects.open().filter(starts_at__lt=clock.now() + TWO_WEEKS).select_related("warehouse")
        rows = rows.filter(warehouse=warehouse_id) if warehouse_id else rows
        self.queryset = rows.exclude(pk=but) if but else rows

    def label_from_instance(self, obj: Any) -> str:
        """With the day of the week, by which people choose."""
        return told(obj)


class PlanForm(VerbForm):
    window = WindowField(label=_("window"))
    contact = PickField(Contact, label=_("contact"), required=False)
    notify = forms.BooleanField(label=_("tell the customer at once"), required=False, initial=True)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            held = Reservation.objects.filter(line__order=obj).values_list("stock__warehouse", flat=True).first()
            self.fields["window"].offer(held)  # type: ignore[attr-defined]
            field = self.fields["contact"]
            narrow(field, customer=obj.customer_id, active=True)
            self.initial.setdefault("contact", obj.contact_id)


class MoveForm(VerbForm):
    window = WindowField(label=_("new window"))
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Pickup):
            self.fields["window"].offer(obj.warehouse_id, but=obj.window_id)  # type: ignore[attr-defined]


class DeliverForm(VerbForm):
    """The delivery record, with the checklist of its preparation."""

    at = forms.DateTimeField(label=_("delivered at"), initial=clock.now, widget=MOMENT)
    place = forms.CharField(label=_("place"), max_length=300)
    receiver = forms.CharField(label=_("received by"), max_length=60)
    vehicle = forms.CharField(label=_("vehicle"), max_length=20, required=False)
    prepared = forms.MultipleChoiceField(
        label=_("prepared"), choices=Delivery.Prepared.choices, widget=forms.CheckboxSelectMultiple
    )
    receipt = UploadField(label=_("signed receipt (scan or photo)"), required=False)
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("place", obj.place)

    def clean_at(self) -> Any:
        return happened(self.cleaned_data["at"])

    def clean_prepared(self) -> list[str]:
        chosen = self.cleaned_data["prepared"]
        if len(set(chosen)) < len(Delivery.Prepared.choices):
            raise ValidationError(_("All of it must be in order before the goods leave."), code="unprepared")
        return chosen


class AuthorityForm(RecordForm):
    sensitive = ("id_number", "phone")
    paper = UploadField(label=_("signed letter (scan or photo)"), required=False)

    class Meta:
        model = Authority
        fields = ["person", "id_number", "phone", "vehicle", "goods", "valid_from", "valid_until"]
        widgets = {"valid_from": DAY, "valid_until": DAY}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("valid_until") and data["valid_until"] < clock.today():
            self.add_error("valid_until", ValidationError(_("This day is past."), code="past"))
        return data


class HandoverLine(VerbForm):
    """How much of a line leaves, in base units; without a quantity it is all that is due."""

    line = forms.ModelChoiceField(
        Line.objects.all(),
        label=_("line"),
        error_messages={"invalid_choice": _("This is no line of this order.")},
    )
    quantity = forms.DecimalField(
        label=_("quantity handed over"), max_digits=14, decimal_places=3, min_value=0, required=False
    )
    difference = forms.CharField(label=_("difference"), max_length=300, required=False)


class HandOverForm(VerbForm):
    """Who collects, how he was recognised, what leaves, and both signatures."""

    sensitive = ("id_number",)

    @staticmethod
    def page(pickup: Pickup) -> str:
        """Where this is done: both sign at the counter, which a plain dialog cannot take."""
        return f"{reverse('counter')}?pickup={pickup.pk}"

    authority = forms.ModelChoiceField(
        Authority.objects.none(),
        label=_("collects with a letter of authority"),
        required=False,
        empty_label=_("the customer himself"),
    )
    collector = forms.CharField(label=_("name of the collector"), max_length=60, required=False)
    identity = forms.ChoiceField(label=_("identity"), choices=Record.Identity.choices)
    id_number = forms.CharField(label=_("ID number"), max_length=30, required=False)
    vehicle = forms.CharField(label=_("vehicle"), max_length=20, required=False)
    lines = LinesField(HandoverLine, least=0, most=200, label=_("goods"))
    objection = forms.CharField(
        label=_("objection of the customer"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photo = UploadField(label=_("photo of a difference or an objection"), required=False)
    customer_signature = SignatureField(label=_("customer's signature"))
    clerk_signature = SignatureField(label=_("clerk's signature"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Pickup):
            self.fields["authority"].queryset = authorities_of(obj)  # type: ignore[attr-defined]
            # Whoever may hand the pickup over may name its lines, whether or not he sees orders.
            self.fields["lines"].rows = Line.objects.filter(order=obj.order_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("identity") == Record.Identity.ID_COMPARED and not data.get("id_number"):
            self.add_error("id_number", ValidationError(_("Type the number on the identity card."), code="required"))
        if data.get("identity") == Record.Identity.ID_COMPARED and not data.get("authority"):
            message = _("Without a letter of authority there is no number to compare with; choose another.")
            self.add_error("identity", ValidationError(message, code="nothing_to_compare"))
        named = [each["line"] for each in data.get("lines") or []]
        if len(set(named)) < len(named):
            self.add_error("lines", ValidationError(_("A line stands here twice; count it once."), code="twice"))
        return data


class HandOverAnywayForm(HandOverForm):
    """The same, with the reason why the refusal is overridden."""

    override = forms.CharField(label=_("why it is handed over all the same"), max_length=300)


def authorities_of(pickup: Pickup) -> Any:
    """The letters that may serve for a pickup: its own, and the customer's standing ones; expired ones too."""
    own_or_standing = Q(pickup=None) | Q(pickup=pickup)
    return Authority.objects.filter(own_or_standing, customer=pickup.customer_id, status=Authority.Status.VALID)
