"""The input of each verb on orders."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened, narrow
from crm.inputs import DAY, not_past
from crm.records.attachments import UploadField
from crm.statements import Statement
from customers.forms import people
from customers.models import Channel, Contact, Customer
from orders.allocation import candidate_words, candidates
from orders.catalog.fineness import too_fine
from orders.catalog.models import Product, Unit
from orders.models import JointSession, Milestone, Order, OrderType, Payment, ProgressReport, ShippingAdvice


class LineForm(VerbForm):
    """One line of an application; without a unit it is the base unit, without a price the list price."""

    priced = True  # the page shows units and list price of the chosen product, and what it comes to
    product = PickField(Product, rows=lambda rows, by: rows.select_related("unit"), label=_("product"))
    specification = forms.CharField(label=_("specification"), max_length=120, required=False)
    quantity = forms.DecimalField(label=_("quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("unit"), required=False, empty_label=_("base unit"))
    price = forms.DecimalField(
        label=_("unit price with tax"), max_digits=12, decimal_places=2, min_value=0, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        product, quantity = data.get("product"), data.get("quantity")
        if product is None:
            return data
        unit = data.get("unit") or product.unit
        factor = product.factor_of(unit)
        if factor is None:
            message = _("%(product)s is not sold in %(unit)s.") % {"product": product, "unit": unit}
            self.add_error("unit", ValidationError(message, code="unit"))
        elif quantity is not None and (problem := too_fine(product, quantity, unit, factor)):
            self.add_error("quantity", problem)
        return {**data, "unit": unit, "factor": factor}


USUAL_TYPE = Statement(lambda: OrderType.objects.filter(active=True).order_by("pk")[:1])


def _usual_type() -> OrderType | None:
    """The type of an order for which nobody chose one: the first that was made."""
    return next(iter(USUAL_TYPE()), None)


class ApplicationForm(RecordForm):
    """The order application form (订单申请表)."""

    customer = PickField(
        Customer,
        label=_("customer"),
        help_text=_("By name, pinyin initials or phone."),
        creates=("customers.create_customer", _("New customer")),
    )
    contact = PickField(Contact, label=_("contact"), required=False, help_text=_("Empty: the main contact."))
    type = forms.ModelChoiceField(
        OrderType.objects.filter(active=True), label=_("type"), required=False, empty_label=None
    )
    lines = LinesField(LineForm, least=1, most=200, label=_("lines"))

    fieldsets: ClassVar[Any] = (
        (_("Customer"), ("customer", "contact", "reference")),
        (_("Order"), ("type", "project", "description", "lines")),
        (_("When and where"), ("fulfilment", "wanted_on", "place", "remarks")),
    )

    class Meta:
        model = Order
        fields = [
            "customer",
            "contact",
            "type",
            "reference",
            "project",
            "description",
            "fulfilment",
            "wanted_on",
            "place",
            "remarks",
        ]
        widgets = {"wanted_on": DAY}
        field_classes = {"wanted_on": NearDateField}

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        self.fields["fulfilment"].required = False
        self.initial.setdefault("type", _usual_type)  # asked only where the form is shown

    def clean_type(self) -> Any:
        chosen = self.cleaned_data["type"] or _usual_type()
        if chosen is None:
            raise ValidationError(_("There is no type of order yet; an administrator makes one."), code="no_type")
        return chosen

    def clean_fulfilment(self) -> str:
        return self.cleaned_data["fulfilment"] or Order.Fulfilment.PICKUP

    def clean_wanted_on(self) -> Any:
        return not_past(self.cleaned_data["wanted_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        contact, customer = data.get("contact"), data.get("customer") or getattr(self.obj, "customer", None)
        if contact and customer and contact.customer_id != customer.pk:
            self.add_error("contact", ValidationError(_("This is a contact of another customer."), code="foreign"))
        return data


class NewApplicationForm(ApplicationForm):
    """A new application, submitted at once or kept as a draft."""

    fieldsets = (
        *ApplicationForm.fieldsets[:-1],
        (_("When and where"), ("fulfilment", "wanted_on", "place", "remarks", "draft")),
    )

    draft = forms.BooleanField(label=_("keep as a draft"), required=False)


class TakeOverForm(NewApplicationForm):
    """An order of another system; one of the past may lie behind."""

    history = forms.BooleanField(
        label=_("history"),
        required=False,
        help_text=_("Past orders: they come in closed, and their dates may be past."),
    )
    ordered_on = forms.DateField(label=_("ordered on"), required=False, widget=DAY)

    def clean_wanted_on(self) -> Any:
        return self.cleaned_data["wanted_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        today = clock.today()
        if data.get("ordered_on") and data["ordered_on"] > today:
            self.add_error("ordered_on", ValidationError(_("This lies in the future."), code="future"))
        if data.get("wanted_on") and data["wanted_on"] < today and not data.get("history"):
            self.add_error("wanted_on", ValidationError(_("This day is past."), code="past"))
        return data


class InquiryApplicationForm(NewApplicationForm):
    """An application from an inquiry: the customer is the inquiry's, where it has one."""

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None and obj.customer_id:
            self.initial.setdefault("customer", obj.customer_id)
            self.initial.setdefault("description", obj.matter)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        of = getattr(self.obj, "customer_id", None)
        if of and data.get("customer") and data["customer"].pk != of:
            message = _("The inquiry is of another customer.")
            self.add_error("customer", ValidationError(message, code="other_customer"))
        return data


class RevisionForm(ApplicationForm):
    """The application again, as it stands."""

    customer = None  # type: ignore[assignment] # whose order it is does not change

    class Meta(ApplicationForm.Meta):
        fields = [name for name in ApplicationForm.Meta.fields if name != "customer"]

    fieldsets: ClassVar[Any] = (
        (_("Order"), ("contact", "reference", "type", "project", "description", "lines")),
        (_("When and where"), ("fulfilment", "wanted_on", "place", "remarks")),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            field = self.fields["contact"]
            narrow(field, customer=obj.customer_id)
            rows = obj.lines.order_by("position").values("product", "specification", "quantity", "unit", "price")
            self.initial.setdefault("lines", list(rows))


class SendBackForm(VerbForm):
    mend = forms.CharField(label=_("what to correct"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ReviewForm(VerbForm):
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)


class AllocateForm(VerbForm):
    """To whom an order is given; the dialog shows before how everybody in question stands."""

    preface = "orders/candidates.html"
    owner = PickField(User, rows=people, required=False, label=_("owner"), help_text=_("Empty: the best candidate."))
    reason = forms.CharField(
        label=_("reason"), max_length=300, required=False, help_text=_("Needed for anybody but the best candidate.")
    )

    @cached_property
    def candidates(self) -> list[dict[str, Any]]:
        """Everybody in question, the best first, as the dialog shows him; nobody for many orders at once."""
        found = candidates(self.obj) if self.obj is not None else []
        best = next((each for each in found if not each.obstacle), None)
        return [
            {"user": each.user, "score": each.score, "words": candidate_words(each.kept()), "best": each is best}
            for each in found
        ]


class AskToConfirmForm(VerbForm):
    """Nothing is asked; the dialog says to whom the mail goes."""

    preface = "orders/asks_contact.html"


def _contacts_of(form: Any, order: Order | None) -> None:
    """Offer the active contacts of the order's customer, and the order's own first."""
    if order is not None:
        field = form.fields["contact"]
        narrow(field, customer=order.customer_id, active=True)
        form.initial.setdefault("contact", order.contact_id)


class ConfirmForm(VerbForm):
    contact = PickField(Contact, label=_("confirmed by"), required=False)
    channel = forms.ChoiceField(label=_("how"), choices=Channel.choices, initial=Channel.PHONE)
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        _contacts_of(self, obj)


class AskForChangesForm(VerbForm):
    wishes = forms.CharField(
        label=_("what should be different"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class MilestoneLine(RecordForm):
    owner = PickField(User, rows=people, required=False, label=_("owner"))

    class Meta:
        model = Milestone
        fields = ["name", "due_on", "owner", "risk", "answer"]
        widgets = {"due_on": DAY}
        field_classes = {"due_on": NearDateField}


class PlanForm(VerbForm):
    """The follow-up plan; it begins with the stages of the order's type, spread until the wanted date."""

    milestones = LinesField(MilestoneLine, least=1, most=30, label=_("milestones"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            today = clock.today()
            days = max((obj.wanted_on - today).days, 0)
            stages = obj.type.stages.order_by("position")
            rows = [
                {"name": str(stage), "due_on": today + (obj.wanted_on - today) * stage.share / 100 if days else today}
                for stage in stages
            ]
            self.initial.setdefault("milestones", rows)


class MoveMilestoneForm(VerbForm):
    due_on = NearDateField(label=_("new date"), widget=DAY)
    reason = forms.CharField(label=_("reason"), max_length=300)


class DoneForm(VerbForm):
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)


class ReportForm(RecordForm):
    class Meta:
        model = ProgressReport
        fields = ["progress", "problems", "solutions", "raised", "expected_on", "given"]
        widgets = {"expected_on": DAY}
        field_classes = {"expected_on": NearDateField}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("problems") and not data.get("solutions") and not data.get("raised"):
            self.add_error("solutions", ValidationError(_("Say what is done about the problem."), code="required"))
        if data.get("raised") and not data.get("problems"):
            self.add_error("problems", ValidationError(_("Say what the problem is."), code="required"))
        return data


class JointSessionForm(RecordForm):
    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(), label=_("departments"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = JointSession
        fields = ["held_at", "departments", "topic", "minutes"]

    def clean_held_at(self) -> Any:
        return happened(self.cleaned_data["held_at"])


class TellProgressForm(VerbForm):
    contact = PickField(Contact, label=_("contact"), required=False)
    text = forms.CharField(
        label=_("message to the customer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("He reads this."),
    )
    expected_on = NearDateField(label=_("expected completion"), widget=DAY, required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        _contacts_of(self, obj)
        last = obj and obj.progressreports.first()
        if last:
            self.initial.setdefault("text", last.progress)
            self.initial.setdefault("expected_on", last.expected_on)


class AdviseShippingForm(RecordForm):
    contact = PickField(Contact, label=_("contact"), required=False)

    class Meta:
        model = ShippingAdvice
        fields = ["contact", "ships_on", "goods", "documents", "transport"]
        widgets = {"ships_on": DAY}
        field_classes = {"ships_on": NearDateField}

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        _contacts_of(self, obj)
        if obj is not None:
            self.initial.setdefault("ships_on", obj.wanted_on)
            self.initial.setdefault(
                "goods",
                "\n".join(
                    f"{line.product.name} {line.quantity.normalize():f} {line.unit}"
                    for line in obj.lines.select_related("product", "unit").order_by("position")
                ),
            )

    def clean_ships_on(self) -> Any:
        return not_past(self.cleaned_data["ships_on"])


class PaymentForm(RecordForm):
    amount = forms.DecimalField(label=_("amount"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    method = forms.ChoiceField(label=_("method"), choices=Payment.Method.choices, initial=Payment.Method.TRANSFER)
    again = forms.BooleanField(
        label=_("another payment"),
        required=False,
        help_text=_("Only where a receipt or payment like it is there already, and it is not the same money."),
    )

    class Meta:
        model = Payment
        fields = ["amount", "received_on", "method", "reference"]
        widgets = {"received_on": DAY}

    def clean_received_on(self) -> Any:
        return happened(self.cleaned_data["received_on"])


class SheetForm(VerbForm):
    sheet = UploadField(label=_("signed sheet (scan)"), required=False)
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)
