"""The application form as a customer fills it in by a link: what he may know of the price list, and his own words."""

import json
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, PickField, VerbForm, narrow
from crm.inputs import DAY, WORDS
from crm.words import money, quantity
from customers.models import Contact, Customer
from orders.catalog.models import Price, Product, ProductQuerySet, Unit
from orders.catalog.money import fen, line_amounts
from orders.catalog.selling import selling_facts
from orders.forms import ApplicationForm, LineForm
from orders.models import Order

FULFILMENTS = {  # as the customer says it
    Order.Fulfilment.PICKUP: _("We collect the goods"),
    Order.Fulfilment.DELIVERY: _("Deliver the goods to us"),
}
SPARE = 5  # blank lines for a browser without scripts
MOST_WORDS = 2000  # characters of an order's remarks


def offered() -> ProductQuerySet:
    """The public part of the price list: what is on sale and has a price today, which stands in `listed`."""
    prices = Price.objects.filter(product=OuterRef("pk"), valid_from__lte=clock.today()).order_by("-valid_from")
    rows = Product.objects.filter(status=Product.Status.ON_SALE).select_related("unit")
    rows = rows.prefetch_related("packings__unit")
    return rows.annotate(listed=Subquery(prices.values("price")[:1])).filter(listed__isnull=False)


def shown(product: Any) -> dict[str, Any]:
    """What a customer may know of one of `offered()`: name, number, tax rate, and the units with their list prices."""
    facts = selling_facts(product, product.listed)
    detail = f"{facts['about']} · {money(product.listed)} / {product.unit}"
    return {"id": product.pk, "text": str(product), "detail": detail, **facts}


class AskToApplyForm(VerbForm):
    """To whom the application form is sent."""

    contact = PickField(Contact, label=_("contact"), help_text=_("He gets a mail in his own language."))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        customer = obj.pk if isinstance(obj, Customer) else getattr(obj, "customer_id", None)
        if customer:
            field: Any = self.fields["contact"]
            narrow(field, customer=customer, active=True, email_index__isnull=False)
            main = field.queryset.order_by("-main", "pk").first()
            self.initial.setdefault("contact", main and main.pk)


class CustomerLine(LineForm):
    """One line: a product of the price list, or in the customer's own words what he does not find there."""

    what = forms.CharField(label=_("product or description"), max_length=120)
    product = forms.ModelChoiceField(  # type: ignore[assignment]
        Product.objects.none(), required=False, widget=forms.HiddenInput
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("unit"), required=False, empty_label="–")
    price = None  # type: ignore[assignment] # it is the list's

    field_order = ("what", "product", "specification", "quantity", "unit")

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.fields["product"].queryset = offered()  # type: ignore[attr-defined] # as it is today

    def clean(self) -> dict[str, Any]:
        if self.errors.pop("product", None):
            gone = _("This product is not on our price list any more. Choose another, or describe what you need.")
            self.add_error("what", ValidationError(gone, code="gone"))
        words = self.cleaned_data.get("what", "")
        if words and not self.cleaned_data.get("product") and "what" not in self.errors:
            self.cleaned_data["product"] = _named(words)
        return super().clean()

    @property
    def chosen(self) -> str:
        """What the page's script must know of the product that is chosen already, as JSON; empty where none is."""
        found = self.cleaned_data.get("product") if self.is_bound and self.errors is not None else None
        return json.dumps(shown(found)) if found else ""


def _named(words: str) -> Product | None:
    """The product that is called exactly so: who types faster than the list appears means it all the same."""
    found = offered().filter(Q(code__iexact=words) | Q(name__iexact=words) | Q(name_en__iexact=words))[:2]
    return found[0] if len(found) == 1 else None


class CustomerApplicationForm(ApplicationForm):
    """The order application form in the customer's hands."""

    customer = contact = type = None  # type: ignore[assignment] # these were decided when the form was sent
    lines = LinesField(CustomerLine, least=1, most=200, label=_("what you need"))

    fieldsets: ClassVar[Any] = (
        (_("What you need"), ("lines",)),
        (_("Your project"), ("project", "description", "reference")),
        (_("When and where"), ("wanted_on", "fulfilment", "place", "remarks")),
    )

    field_order = ("lines",)  # as on the page, and so in the list of errors

    class Meta(ApplicationForm.Meta):
        fields = ["project", "description", "reference", "wanted_on", "fulfilment", "place", "remarks"]
        labels = {"project": _("project name"), "reference": _("your order number"), "wanted_on": _("needed on")}
        help_texts = {"place": _("For a delivery the full address.")}
        widgets: Any = {
            "wanted_on": DAY,
            "fulfilment": forms.RadioSelect,
            "description": WORDS,
            "remarks": WORDS,
        }

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        self.initial.setdefault("lines", [{}])
        self.initial.setdefault("fulfilment", Order.Fulfilment.PICKUP)
        self.fields["wanted_on"].widget.attrs["min"] = clock.today().isoformat()
        self.fields["fulfilment"].choices = list(FULFILMENTS.items())  # type: ignore[attr-defined] # no blank one

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("fulfilment") == Order.Fulfilment.DELIVERY and not data.get("place") and "place" not in self.errors:
            self.add_error("place", ValidationError(_("Say where we are to deliver."), code="required"))
        wishes = [line for line in data.get("lines", []) if not line.get("product")]
        if wishes and len(words_of(wishes, data.get("remarks", ""))) > MOST_WORDS:
            message = _("Your descriptions and remarks are too long together: at most %(most)s characters.")
            self.add_error("remarks", ValidationError(message, code="too_long", params={"most": MOST_WORDS}))
        return data

    @property
    def spare_lines(self) -> list[forms.BaseForm]:
        """Blank lines after those that are there; pages with scripts add their own."""
        bound: Any = self["lines"]
        begin = len(bound.line_forms)
        return [CustomerLine(by=self.by, prefix=f"lines-{begin + number}") for number in range(SPARE)]


def words_of(wishes: list[dict[str, Any]], remarks: str = "") -> str:
    """What is not on the price list, one line each as the customer described it, then his remarks."""
    rows = []
    for line in wishes:
        amount = quantity(line["quantity"], str(line.get("unit") or ""))
        rows.append("• " + " · ".join(filter(None, [line["what"], line.get("specification"), amount])))
    return "\n".join([*rows, *([remarks] if remarks else [])])


def as_sent(lines: list[dict[str, Any]], **facts: Any) -> dict[str, Any]:
    """What the customer sent, in words and figures that stay as he saw them; amounts at the list price, with tax."""
    rows, total, tax = [], Decimal(0), Decimal(0)
    for line in lines:
        product, unit = line.get("product"), line.get("unit")
        row = {
            "what": str(product) if product else line["what"],
            "specification": line.get("specification") or (product.specification if product else ""),
            "quantity": quantity(line["quantity"], str(unit or "")),
        }
        if product:
            price = fen(product.listed * line["factor"])
            amounts = line_amounts(line["quantity"], price, product.tax_rate)
            row |= {"price": f"{price:f}", "amount": f"{amounts.gross:f}"}
            total, tax = total + amounts.gross, tax + amounts.tax
        rows.append(row)
    kept = {name: str(value) for name, value in facts.items() if value}
    return {**kept, "lines": rows, "total": f"{total:f}", "tax": f"{tax:f}"}
