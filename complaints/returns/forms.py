"""The input of each verb on returns."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.returns.goods import Key, Paper, likely, papers_of
from complaints.returns.models import NoticeLine
from crm.forms import LinesField, VerbForm
from crm.inputs import WORDS
from crm.records.attachments import UploadField
from orders.models import Line
from pickup.forms import SignatureField
from pickup.stock.models import Warehouse

QUANTITY: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}


class GoodsLine(VerbForm):
    """So much of a line, of one batch, in base units as goods are counted at the counter."""

    line = forms.ModelChoiceField(Line.objects.all(), label=_("line"))
    batch = forms.CharField(label=_("batch"), max_length=40, required=False)
    quantity = forms.DecimalField(label=_("quantity to come back"), min_value=Decimal("0.001"), **QUANTITY)


def _rows(meant: Any) -> list[dict[str, Any]]:
    return [{"line": line, "batch": batch, "quantity": quantity} for (line, batch), quantity in meant.items()]


def _warehouses(field: Any) -> None:
    """Goods come back to any warehouse in use, also one where he is no clerk."""
    field.queryset = Warehouse.objects.filter(active=True)


class OfGoods(VerbForm):
    """Goods of a complaint, with what is likely meant standing there already."""

    warehouse = forms.ModelChoiceField(
        Warehouse.objects.filter(active=True),
        label=_("comes back to"),
        required=False,
        help_text=_("Empty: where it left."),
    )

    def offer(self, complaint: Complaint, orders: set[int]) -> None:
        """Let the lines be those of these orders, and the warehouse any."""
        goods: Any = self.fields["lines"]
        goods.rows = Line.objects.filter(order__in=orders).select_related("product")
        _warehouses(self.fields["warehouse"])


class OfComplaint(OfGoods):
    """Goods of one handover that a complaint is about."""

    paper = forms.ChoiceField(label=_("handover"), required=False, help_text=_("Empty: the only one."))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        paper: Any = self.fields["paper"]
        if obj is None:
            paper.choices = [("", "–")]
            return
        papers = papers_of(obj)
        paper.choices = [("", "–"), *((each.number, each.number) for each in papers)]
        self.offer(obj, {each.order_id for each in papers})
        meant: tuple[Paper, dict[Key, Decimal]] | None = next(likely(obj), None)
        if meant is not None:
            self.initial.setdefault("paper", meant[0].number)
            self.initial["lines"] = _rows(meant[1])


class WriteForm(OfComplaint):
    """Which goods of which handover come back, where to, and why."""

    fieldsets = ((_("Goods"), ("paper", "lines")), (_("Return of goods"), ("warehouse", "why")))

    lines = LinesField(GoodsLine, most=200, label=_("goods"))
    why = forms.CharField(label=_("why they come back"), max_length=500, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            self.initial.setdefault("why", obj.content[:500])


class PhoneForm(OfComplaint):
    """Whom one has told by telephone, why it cannot wait, and which goods; without them what the complaint is about."""

    fieldsets = (
        (_("Telephone call"), ("phoned_to", "urgent")),
        (_("Goods"), ("paper", "lines", "warehouse")),
    )

    phoned_to = forms.CharField(label=_("who took the call"), max_length=60)
    urgent = forms.CharField(label=_("why it is urgent"), max_length=300)
    lines = LinesField(GoodsLine, least=0, most=200, label=_("goods"))


class CallForm(VerbForm):
    """Whom one has told by telephone, and why it cannot wait."""

    phoned_to = forms.CharField(label=_("who took the call"), max_length=60)
    urgent = forms.CharField(label=_("why it is urgent"), max_length=300)


class ChangeForm(OfGoods):
    """The goods of a notice, where they come back to, and why."""

    fieldsets = ((_("Goods"), ("lines",)), (_("Return of goods"), ("warehouse", "why")))

    lines = LinesField(GoodsLine, most=200, label=_("goods"))
    why = forms.CharField(label=_("why they come back"), max_length=500, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        self.offer(obj.complaint, {obj.order_id})
        self.initial["lines"] = _rows({(each.line_id, each.batch): each.quantity for each in obj.lines.all()})
        self.initial["warehouse"] = obj.warehouse_id
        self.initial["why"] = obj.why or obj.complaint.content[:500]


class MendForm(VerbForm):
    mend = forms.CharField(label=_("what to correct"), max_length=500, widget=WORDS)


class CameLine(VerbForm):
    """How much of a line of the notice came, in base units: in good order, and defective."""

    line = forms.ModelChoiceField(
        NoticeLine.objects.select_related("line__product"),
        label=_("line"),
        error_messages={"invalid_choice": _("This is no line of this notice.")},
    )
    good = forms.DecimalField(
        label=_("in good order"), min_value=0, required=False, help_text=_("Back to stock."), **QUANTITY
    )
    defective = forms.DecimalField(
        label=_("defective"), min_value=0, required=False, help_text=_("Written off."), **QUANTITY
    )


class ReceiveForm(VerbForm):
    """Who brought the goods, what came, and what both signed."""

    fieldsets = (
        (_("Goods"), ("lines",)),
        (_("Brought by"), ("brought_by", "vehicle", "remarks", "paper")),
    )

    lines = LinesField(CameLine, most=200, label=_("goods"))
    brought_by = forms.CharField(label=_("brought by"), max_length=60)
    vehicle = forms.CharField(label=_("vehicle"), max_length=20, required=False)
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)
    paper = UploadField(label=_("signed receipt (scan or photo)"), required=False)
    customer_signature = SignatureField(label=_("customer's signature"), required=False)
    clerk_signature = SignatureField(label=_("clerk's signature"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        rows = obj.lines.select_related("line__product").order_by("pk")
        self.fields["lines"].rows = rows  # type: ignore[attr-defined]
        self.initial["lines"] = [
            {"line": each.pk, "good": each.open_quantity, "defective": 0} for each in rows if each.open_quantity > 0
        ]
        contact = obj.complaint.contact
        self.initial.setdefault("brought_by", contact.name if contact else "")
