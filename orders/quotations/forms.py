"""The input of each verb on samples and quotations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.forms import LinesField, NearDateField, PickField, VerbForm, happened, narrow
from crm.inputs import DAY, WORDS, not_past
from crm.records.attachments import UploadField
from customers.forms import people
from customers.models import Contact, Customer
from orders.catalog.models import Product, Unit
from orders.forms import ApplicationForm, LineForm, NewApplicationForm
from orders.quotations.models import Quotation, Sample

VALID_FOR = timedelta(days=30)  # what a quotation begins with; whoever makes it chooses
MAKES = "quotations.finish_sample"  # the right of whoever can be asked to make a sample


def _customer_of(obj: Any) -> int | None:
    """The key of the customer whom a form is about, where one is known."""
    return obj.pk if isinstance(obj, Customer) else getattr(obj, "customer_id", None)


class OfCustomer(VerbForm):
    """A form whose contact is one of the customer's."""

    def know(self, by: Any, obj: Any) -> None:
        """Offer the contacts of the customer whom it is about."""
        super().know(by, obj)
        if customer := _customer_of(obj):
            field: Any = self.fields["contact"]
            narrow(field, customer=customer)
            self.initial.setdefault("contact", getattr(obj, "contact_id", None))

    def clean(self) -> dict[str, Any]:
        """The contact is none of another customer's. Raises nothing: what is wrong is told at the field."""
        data = super().clean() or {}
        contact, customer = data.get("contact"), data.get("customer")
        of = customer.pk if customer else _customer_of(self.obj)
        if contact and of and contact.customer_id != of:
            self.add_error("contact", ValidationError(_("This is a contact of another customer."), code="foreign"))
        return data


# Samples.


class SampleLineForm(VerbForm):
    """Goods of a sample: a product, or in words what is no product yet."""

    product = PickField(Product, rows=lambda rows, by: rows.select_related("unit"), required=False, label=_("product"))
    what = forms.CharField(label=_("or in words"), max_length=120, required=False)
    specification = forms.CharField(label=_("specification"), max_length=300, required=False)
    quantity = forms.DecimalField(label=_("quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("unit"), required=False, empty_label=_("base unit"))

    def clean(self) -> dict[str, Any]:
        """A line names its goods; of a product it is one of its units, its own where none is chosen."""
        data = super().clean() or {}
        product, unit = data.get("product"), data.get("unit")
        if product is None and not data.get("what") and "product" not in self.errors:
            self.add_error("product", ValidationError(_("Choose a product, or describe the goods."), code="required"))
        if product is not None and product.factor_of(unit or product.unit) is None:
            message = _("%(product)s is not sold in %(unit)s.") % {"product": product, "unit": unit}
            self.add_error("unit", ValidationError(message, code="unit"))
        return {**data, "unit": unit or (product.unit if product else None)}


class SampleForm(OfCustomer):
    """The sample request (样品单)."""

    fieldsets: ClassVar[Any] = (
        (_("Goods"), ("lines", "expects")),
        (_("Recipient and dates"), ("contact", "place", "wanted_on")),
        (_("Making"), ("maker",)),
    )

    lines = LinesField(SampleLineForm, least=1, most=50, label=_("goods"))
    expects = forms.CharField(label=_("what the customer expects"), max_length=2000, required=False, widget=WORDS)
    contact = PickField(Contact, required=False, label=_("sample recipient"), help_text=_("Empty: the main contact."))
    place = forms.CharField(label=_("address that it goes to"), max_length=300, required=False)
    wanted_on = NearDateField(label=_("wanted by"), widget=DAY)
    maker = PickField(User, rows=people, required=False, label=_("who makes it"), help_text=_("He is told at once."))

    def clean_wanted_on(self) -> date | None:
        return not_past(self.cleaned_data["wanted_on"])

    def clean_maker(self) -> User | None:
        return able(self.cleaned_data["maker"])


def able(maker: User | None) -> User | None:
    """Whoever is to make a sample must have the right to. Raises ValidationError."""
    if maker is not None and not maker.has_perm(MAKES):
        raise ValidationError(_("%(name)s does not make samples.") % {"name": maker}, code="no_maker")
    return maker


class SampleRevisionForm(SampleForm):
    """The request as it stands."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Sample):
            rows = obj.lines.order_by("position")
            self.initial.setdefault("lines", list(rows.values("product", "what", "specification", "quantity", "unit")))
            for name in ("expects", "place", "wanted_on", "maker"):
                self.initial.setdefault(name, getattr(obj, f"{name}_id" if name == "maker" else name))


class StartForm(VerbForm):
    maker = PickField(User, rows=people, required=False, label=_("who makes it"), help_text=_("Empty: as before."))
    expected_on = NearDateField(label=_("expected completion"), widget=DAY, required=False)

    def clean_expected_on(self) -> date | None:
        return not_past(self.cleaned_data["expected_on"])

    def clean_maker(self) -> User | None:
        return able(self.cleaned_data["maker"])


class FinishForm(VerbForm):
    batch = forms.CharField(label=_("batch"), max_length=60)
    specification = forms.CharField(
        label=_("what exactly was made"),
        max_length=2000,
        widget=WORDS,
        help_text=_("Material, colour, size, version of the drawing: this is what the customer approves."),
    )


class SendSampleForm(OfCustomer):
    carrier = forms.CharField(label=_("carrier"), max_length=60)
    tracking = forms.CharField(label=_("tracking number"), max_length=60, required=False)
    sent_on = forms.DateField(label=_("sent on"), widget=DAY, initial=clock.today)
    contact = PickField(Contact, required=False, label=_("sample recipient"), help_text=_("Empty: as requested."))

    def clean_sent_on(self) -> date:
        return happened(self.cleaned_data["sent_on"])


class TellSampleForm(VerbForm):
    text = forms.CharField(
        label=_("message to the customer"),
        max_length=2000,
        widget=WORDS,
        help_text=_("He reads this on his page as well."),
    )
    expected_on = NearDateField(label=_("expected completion"), widget=DAY, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Sample):
            self.initial.setdefault("expected_on", obj.expected_on)


class ApproveForm(VerbForm):
    """The customer's own word, under his link."""

    signed_by = forms.CharField(
        label=_("your name"), max_length=60, help_text=_("Type your full name; it stands as your signature.")
    )


class SignedPaperForm(VerbForm):
    """What the customer signed on paper."""

    paper = UploadField(label=_("signed paper (scan or photo)"))
    signed_by = forms.CharField(label=_("signed by"), max_length=60)
    signed_on = forms.DateField(label=_("signed on"), widget=DAY, initial=clock.today)

    def clean_signed_on(self) -> date:
        return happened(self.cleaned_data["signed_on"])


class ChangesForm(VerbForm):
    changes = forms.CharField(
        label=_("what should be different"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


# Quotations.


class QuotationForm(OfCustomer):
    """A quotation: goods with their prices, until when they hold, how it is paid and delivered."""

    fieldsets: ClassVar[Any] = (
        (_("For whom"), ("contact", "project")),
        (_("Goods"), ("lines",)),
        (_("Terms of the offer"), ("valid_until", "payment_terms", "payment_days", "payment", "delivery", "remarks")),
    )

    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the main contact."))
    project = forms.CharField(label=_("project"), max_length=120, required=False)
    lines = LinesField(LineForm, least=1, most=200, label=_("lines"))
    valid_until = NearDateField(label=_("valid until"), widget=DAY, initial=lambda: clock.today() + VALID_FOR)
    payment_terms = forms.ChoiceField(
        label=_("payment terms"),
        choices=[("", _("the customer's own")), *Customer.Terms.choices],
        required=False,
    )
    payment_days = forms.IntegerField(label=_("days to pay"), min_value=0, max_value=3650, required=False)
    payment = forms.CharField(label=_("payment in words"), max_length=300, required=False)
    delivery = forms.CharField(label=_("delivery time"), max_length=300, required=False)
    remarks = forms.CharField(label=_("remarks"), max_length=2000, required=False, widget=WORDS)

    def clean_valid_until(self) -> date | None:
        return not_past(self.cleaned_data["valid_until"])


class NewQuotationForm(QuotationForm):
    """A quotation that begins with choosing the customer."""

    fieldsets = (
        (_("For whom"), ("customer", "contact", "project")),
        *QuotationForm.fieldsets[1:],
    )

    customer = PickField(
        Customer,
        label=_("customer"),
        help_text=_("By name, pinyin initials or phone."),
        creates=("customers.create_customer", _("New customer")),
    )


class QuoteSampleForm(QuotationForm):
    """A quotation for the goods of a sample."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Sample):
            self.initial.setdefault("lines", lines_of_sample(obj))


class QuotationRevisionForm(QuotationForm):
    """The latest version as it stands, to be mended or followed by the next."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Quotation):
            now = obj.current
            rows = now.lines.order_by("position")
            self.initial.setdefault("lines", list(rows.values("product", "specification", "quantity", "unit", "price")))
            self.initial.setdefault("project", obj.project)
            if now.valid_until >= clock.today():
                self.initial.setdefault("valid_until", now.valid_until)
            for name in ("payment_terms", "payment_days", "payment", "delivery", "remarks"):
                self.initial.setdefault(name, getattr(now, name))


def lines_of_sample(sample: Sample) -> list[dict[str, Any]]:
    """The goods of a sample that are products, as a form of priced lines begins with them."""
    rows = sample.lines.filter(product__isnull=False).order_by("position")
    found = rows.values("product", "specification", "quantity", "unit")
    return [{**row, "specification": row["specification"][:120]} for row in found]


class SendQuotationForm(OfCustomer):
    """To whom it goes, and how; on paper it is printed, and the customer answers on paper."""

    MAIL, PAPER = "mail", "paper"

    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the quotation's contact."))
    how = forms.ChoiceField(
        label=_("delivery method"),
        choices=[(MAIL, _("By mail, with a link to answer it")), (PAPER, _("Printed, handed over or posted"))],
        initial=MAIL,
        required=False,
    )

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or self.MAIL


class DeclineForm(VerbForm):
    reason = forms.CharField(label=_("reason"), max_length=2000, widget=WORDS)


class OrderQuotationForm(ApplicationForm):
    """What an order needs beyond the quotation that it comes from: when, where, and the customer's own number."""

    customer = contact = lines = None  # type: ignore[assignment] # these are the quotation's
    draft = forms.BooleanField(label=_("keep as a draft"), required=False)

    fieldsets: ClassVar[Any] = (
        (_("Order"), ("type", "reference")),
        (_("When and where"), ("fulfilment", "wanted_on", "place", "remarks", "draft")),
    )

    class Meta(ApplicationForm.Meta):
        fields = ["type", "reference", "fulfilment", "wanted_on", "place", "remarks"]

    def know(self, by: Any, obj: Any) -> None:
        """The remarks begin with what was agreed in words."""
        super().know(by, obj)
        if isinstance(obj, Quotation):
            now = obj.current
            self.initial.setdefault("remarks", "\n".join(filter(None, [now.payment, now.delivery, now.remarks])))


class OrderSampleForm(NewApplicationForm):
    """The application form for the goods of an approved sample; without lines they are the sample's own."""

    customer = None  # type: ignore[assignment] # it is the sample's
    lines = LinesField(LineForm, least=0, most=200, label=_("lines"))

    class Meta(NewApplicationForm.Meta):
        fields = [name for name in NewApplicationForm.Meta.fields if name != "customer"]

    fieldsets: ClassVar[Any] = (
        (_("Order"), ("contact", "reference", "type", "project", "description", "lines")),
        (_("When and where"), ("fulfilment", "wanted_on", "place", "remarks", "draft")),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Sample):
            field: Any = self.fields["contact"]
            narrow(field, customer=obj.customer_id)
            self.initial.setdefault("contact", obj.contact_id)
            self.initial.setdefault("lines", lines_of_sample(obj))
