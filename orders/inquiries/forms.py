"""The input of each verb on inquiries."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.accounts.models import Department, User
from crm.forms import PickField, RecordForm, VerbForm, happened
from crm.inputs import WORDS
from crm.records.attachments import UploadField
from customers.forms import people
from customers.models import Customer
from orders.inquiries.models import Inquiry

IDENTIFIERS = ("phone", "email")


class InquiryForm(RecordForm):
    sensitive = IDENTIFIERS
    customer = PickField(
        Customer, required=False, label=_("known customer"), help_text=_("By name, pinyin initials or phone.")
    )
    owner = PickField(User, rows=people, required=False, label=_("pass on to"))
    department = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=_("or to a department"), empty_label=_("nobody yet")
    )
    answer = forms.CharField(
        label=_("answered at once"),
        max_length=5000,
        required=False,
        widget=WORDS,
        help_text=_("Leave empty where somebody answers later."),
    )

    fieldsets = (
        (_("Who"), ("customer", "name", "contact_name", "phone", "email")),
        (_("What"), ("channel", "matter", "urgent", "received_at")),
        (_("Who answers"), ("answer", "owner", "department")),
    )

    class Meta:
        model = Inquiry
        fields = ["name", "contact_name", "phone", "email", "channel", "matter", "urgent", "received_at"]

    def __init__(self, data: Any = None, files: Any = None, *, by: Any, obj: Any = None, **options: Any) -> None:
        super().__init__(data, files, by=by, obj=obj, **options)
        self.fields["name"].required = self.fields["received_at"].required = False

    def clean_received_at(self) -> Any:
        return happened(self.cleaned_data["received_at"] or clock.now())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name"):
            if data.get("customer"):
                data["name"] = data["customer"].name
            elif "name" not in self.errors:
                self.add_error("name", ValidationError(_("Say who asks, or choose a customer."), code="required"))
        return data


class PassOnForm(VerbForm):
    owner = PickField(User, rows=people, required=False, label=_("to a person"))
    department = forms.ModelChoiceField(Department.objects.all(), required=False, label=_("or to a department"))
    remarks = forms.CharField(label=_("remarks"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("owner") and not data.get("department"):
            raise ValidationError(_("Choose a person or a department."), code="required")
        return data


class AnswerForm(VerbForm):
    answer = forms.CharField(label=_("answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    reply = forms.ChoiceField(label=_("how"), choices=Inquiry.Reply.choices)
    paper = UploadField(label=_("attached document"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reply") == Inquiry.Reply.MAIL and self.obj is not None and not self.obj.email:
            self.add_error("reply", ValidationError(_("There is no mail address in this inquiry."), code="no_address"))
        return data


class CallBackForm(VerbForm):
    what = forms.CharField(label=_("what was said"), max_length=5000, widget=WORDS)


class LinkCustomerForm(VerbForm):
    customer = PickField(Customer, label=_("customer"), creates=("customers.create_customer", _("New customer")))


class CloseForm(VerbForm):
    reason = forms.CharField(label=_("why"), max_length=300)


class AskForm(VerbForm):
    """The public form on the website."""

    sensitive = IDENTIFIERS
    name = forms.CharField(label=_("Your company or name"), max_length=120)
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = Inquiry._meta.get_field("phone").formfield(label=_("Phone"), required=False)
    email = Inquiry._meta.get_field("email").formfield(label=_("Mail address"), required=False)
    matter = forms.CharField(label=_("Your question"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("phone") and not data.get("email"):
            raise ValidationError(_("Leave a phone number or a mail address, so that we can answer."), code="required")
        return data
