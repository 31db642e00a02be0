"""The input of each verb on customers."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import User
from crm.forms import LinesField, NearDateField, PickField, RecordForm, VerbForm, happened, narrow
from crm.inputs import DAY, not_past
from crm.records.attachments import UploadField
from customers.models import Address, ChangeReport, Channel, Contact, ContactEntry, Customer, Document, Note, Task

IDENTIFIERS = ("mobile", "phone", "email", "wechat", "licence", "tax_number", "bank_account", "number", "value")
SETS_TIERS = "tiers.set_tier"  # by name: the app of tiers stands above this one


TOLD = [(value, label) for value, label in Channel.choices if value != Channel.LINK]


def people(rows: Any, by: User) -> Any:
    """Colleagues who can own something."""
    return rows.filter(kind=User.Kind.PERSON, is_active=True).select_related("department")


class OfCustomer(VerbForm):
    """A form whose contacts are those of the record's customer."""

    contacts: ClassVar[tuple[str, ...]] = ("contact",)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        customer = getattr(obj, "customer_id", None)
        for name in self.contacts if customer else ():
            narrow(self.fields[name], customer=customer)


class NoteForm(RecordForm):
    sensitive = IDENTIFIERS
    owner = PickField(User, rows=people, required=False, label=_("pass on to"), help_text=_("Empty: the sales team."))

    class Meta:
        model = Note
        fields = ["name", "contact_name", "phone", "source", "received_at", "text", "owner"]

    def clean_received_at(self) -> Any:
        received = self.cleaned_data["received_at"]
        return happened(received) if received else received


class MatchNoteForm(VerbForm):
    customer = PickField(Customer, label=_("customer"))


class ContactLine(RecordForm):
    """A contact as one line of a new customer."""

    roles = forms.MultipleChoiceField(label=_("roles"), choices=Contact.Role.choices, required=False)

    class Meta:
        model = Contact
        fields = ["name", "title", "mobile", "phone", "email", "wechat", "roles"]


class CustomerForm(RecordForm):
    """What stands in the record itself; another tier is a decision with a reason (customers/tiers)."""

    sensitive = IDENTIFIERS
    single = ("name", "short_name", "name_en")
    fieldsets: ClassVar[Any] = (
        (_("Customer"), ("name", "short_name", "name_en", "kind")),
        (_("Business"), ("region", "business_area", "industry", "size", "source", "needs", "usual_goods")),
        (_("Papers and bank"), ("licence", "tax_number", "bank_name", "bank_account")),
        (_("Notes"), ("remarks",)),
    )

    class Meta:
        model = Customer
        fields = [
            "name",
            "short_name",
            "name_en",
            "kind",
            "region",
            "business_area",
            "industry",
            "size",
            "source",
            "needs",
            "usual_goods",
            "licence",
            "tax_number",
            "bank_name",
            "bank_account",
            "remarks",
        ]


class NewCustomerForm(CustomerForm):
    """A new record: the customer, whose he is, his address and his people."""

    code = forms.CharField(
        label=_("customer number"), max_length=30, required=False, help_text=_("Empty: the next number is given.")
    )
    owner = PickField(User, rows=people, required=False, label=_("owner"), help_text=_("Empty: yourself."))
    address = forms.CharField(label=_("address"), max_length=300, required=False)
    contacts = LinesField(ContactLine, least=0, most=20, label=_("contacts"))

    class Meta(CustomerForm.Meta):
        fields = [*CustomerForm.Meta.fields, "tier"]

    fieldsets: ClassVar[Any] = (
        (_("Customer"), ("code", "name", "short_name", "name_en", "kind", "tier", "owner")),
        (_("Contacts"), ("contacts",)),
        (_("Business"), ("address", "region", "business_area", "industry", "size", "source", "needs", "usual_goods")),
        (_("Papers and bank"), ("licence", "tax_number", "bank_name", "bank_account")),
        (_("Notes"), ("remarks",)),
    )

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        for name in ("kind", "tier"):  # a REST client may leave out what has a default
            self.fields[name].required = False

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if code and Customer.objects.filter(code=code).exists():
            raise Customer(code=code).unique_error_message(Customer, ("code",))
        return code

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Customer.Kind.COMPANY

    def clean_tier(self) -> str:
        """Only who may set tiers gives a new customer another one than the usual; all others are decided later."""
        tier = self.cleaned_data["tier"] or Customer.Tier.REGULAR
        if tier != Customer.Tier.REGULAR and not self.by.has_perm(SETS_TIERS):
            message = _("You may enter regular customers only: whoever may set tiers decides on another one later.")
            raise ValidationError(message, code="tier")
        return tier


class VerifyForm(VerbForm):
    remarks = forms.CharField(label=_("how it was checked"), max_length=300, required=False)


class ContactForm(RecordForm):
    sensitive = IDENTIFIERS
    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Contact.Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Contact
        fields = [
            "name",
            "title",
            "roles",
            "mobile",
            "phone",
            "email",
            "wechat",
            "birthday",
            "preferred_channel",
            "language",
            "main",
        ]
        widgets = {"birthday": DAY}


class AddressForm(RecordForm):
    class Meta:
        model = Address
        fields = ["kind", "text", "region", "postal_code"]


class DocumentForm(RecordForm):
    sensitive = IDENTIFIERS
    upload = UploadField(label=_("file"), required=False)

    class Meta:
        model = Document
        fields = ["kind", "title", "number", "expires_on"]
        widgets = {"expires_on": DAY}


class RenewDocumentForm(VerbForm):
    sensitive = IDENTIFIERS
    number = forms.CharField(label=_("number"), max_length=60, required=False, help_text=_("Empty: as before."))
    expires_on = forms.DateField(label=_("valid until"), widget=DAY)
    upload = UploadField(label=_("file"), required=False)

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day <= clock.today():
            raise ValidationError(_("The renewed paper must be valid beyond today."), code="past")
        return day


class RelationForm(VerbForm):
    relation = forms.ChoiceField(label=_("relation"), choices=Customer.Status.choices)


class AssignForm(VerbForm):
    owner = PickField(User, rows=people, label=_("new owner"))
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)


class TermsForm(VerbForm):
    payment_terms = forms.ChoiceField(label=_("payment terms"), choices=Customer.Terms.choices)
    payment_days = forms.IntegerField(label=_("days to pay"), min_value=0, max_value=365, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["payment_days"] = data.get("payment_days") or 0
        if data["payment_days"] and data.get("payment_terms") != Customer.Terms.CREDIT:
            self.add_error(
                "payment_days", ValidationError(_("Days to pay are for customers on account."), code="terms")
            )
        return data


class LogContactForm(RecordForm):
    contact = PickField(Contact, required=False, label=_("contact"))
    next_step = forms.CharField(label=_("next step"), max_length=300, required=False)
    due_on = NearDateField(label=_("due on"), required=False, widget=DAY)

    class Meta:
        model = ContactEntry
        fields = ["channel", "direction", "at", "contact", "what"]

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field = self.fields["contact"]
        if isinstance(obj, Customer) and isinstance(field, forms.ModelChoiceField):
            narrow(field, customer=obj)

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        return happened(at) if at else at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("next_step") and not data.get("due_on"):
            self.add_error("due_on", ValidationError(_("A next step needs a date."), code="required"))
        if data.get("due_on") and data["due_on"] < clock.today():
            self.add_error("due_on", ValidationError(_("This day is past."), code="past"))
        return data


class TaskForm(RecordForm):
    owner = PickField(User, rows=people, required=False, label=_("owner"), help_text=_("Empty: yourself."))

    class Meta:
        model = Task
        fields = ["what", "due_on", "owner"]
        widgets = {"due_on": DAY}
        field_classes = {"due_on": NearDateField}

    def clean_due_on(self) -> Any:
        return not_past(self.cleaned_data["due_on"])


class OutcomeForm(VerbForm):
    outcome = forms.CharField(label=_("outcome"), max_length=300, required=False)


# Details that anyone may report as changed, by what they belong to.
REPORTABLE = {
    "customer": ("name", "short_name", "name_en", "region", "business_area", "industry", "licence", "tax_number"),
    "contact": ("name", "title", "mobile", "phone", "email", "wechat"),
}


class ReportedLine(VerbForm):
    """One detail that has changed."""

    sensitive = IDENTIFIERS
    field = forms.ChoiceField(label=_("detail"))
    contact = PickField(Contact, required=False, label=_("contact"))
    value = forms.CharField(label=_("new value"), max_length=300)

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        names = {
            name: model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            for model, fields in ((Customer, REPORTABLE["customer"]), (Contact, REPORTABLE["contact"]))
            for name in fields
        }
        self.fields["field"].choices = list(names.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        of = "contact" if data.get("contact") else "customer"
        name = data.get("field")
        if name and name not in REPORTABLE[of]:
            message = (
                _("This detail belongs to a contact: choose which.")
                if of == "customer"
                else _("This detail belongs to the customer, not to a contact.")
            )
            self.add_error("field", ValidationError(message, code="belongs"))
        elif name and data.get("value"):
            model = Contact if of == "contact" else Customer
            try:
                data["value"] = model._meta.get_field(name).clean(data["value"], None)  # type: ignore[union-attr]
            except ValidationError as error:
                self.add_error("value", error)
        return data


class ReportChangeForm(RecordForm):
    lines = LinesField(ReportedLine, least=1, most=20, label=_("what has changed"))

    class Meta:
        model = ChangeReport
        fields = ["changed_on", "source"]
        widgets = {"changed_on": DAY}

    def clean_changed_on(self) -> Any:
        return happened(self.cleaned_data["changed_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for index, line in enumerate(data.get("lines") or []):
            contact = line.get("contact")
            if contact and isinstance(self.obj, Customer) and contact.customer_id != self.obj.pk:
                error = ValidationError(_("This is a contact of another customer."), code="foreign")
                error.path = f"lines[{index}].contact"  # type: ignore[attr-defined]
                self.add_error("lines", error)
        return data


class TellForm(VerbForm):
    text = forms.CharField(label=_("what has changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class DecideChangeForm(VerbForm):
    """Which of the reported fields are taken over; each has old and new value side by side."""

    accept: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, required=False, label=_("accept"), widget=forms.CheckboxSelectMultiple
    )
    decision = forms.CharField(label=_("remarks"), max_length=300, required=False)

    def know(self, by: Any, obj: Any) -> None:
        if obj is not None:
            field = self.fields["accept"]
            field.queryset = obj.fields.select_related("contact", "report__customer")  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"{row.label}: {row.old_shown or '–'} → {row.new_shown}"  # type: ignore[attr-defined]
            if not self.is_bound:
                self.initial.setdefault("accept", [row.pk for row in field.queryset])  # type: ignore[attr-defined]
        super().know(by, obj)


class DetailsLinkForm(VerbForm):
    contact = PickField(Contact, label=_("contact"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field = self.fields["contact"]
        if isinstance(obj, Customer) and isinstance(field, forms.ModelChoiceField):
            narrow(field, customer=obj, active=True, email_index__isnull=False)
