"""The input of each verb on what comes in, and the public form."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.inbox.models import Incoming
from complaints.models import Category, Complaint
from crm.forms import PickField, VerbForm, narrow
from crm.inputs import WORDS
from crm.records.attachments import UploadField, check
from crm.records.sniff import ACCEPT
from customers.models import Contact, Customer
from orders.models import Order
from pickup.models import Pickup

PHOTOS = 5
LONGEST = 4000  # characters of a complaint's content
HIDDEN = ("Cc", "Cf", "Zl", "Zp")  # characters that nobody sees, and that break or turn a line
WISHES = [("", "–"), *Complaint.Wish.choices]


class ReceiveForm(VerbForm):
    """What a message says; the doors of the house make it, and nobody types it in."""

    sensitive = ("message", "references", "files", "left_out")
    channel = forms.ChoiceField(label=_("how it came"), choices=Incoming.Channel.choices)
    message = forms.CharField(label=_("text"), max_length=20_000, widget=WORDS)


def must_be_his(form: VerbForm, customer: Customer | None, names: Iterable[str]) -> None:
    """Refuse what belongs to another customer than the one that is chosen."""
    for name in names:
        record = form.cleaned_data.get(name)
        if record is not None and (customer is None or record.customer_id != customer.pk):
            form.add_error(name, ValidationError(_("This belongs to another customer."), code="foreign"))


class ComplaintForm(VerbForm):
    """Whose complaint it is, what about, and what he says; as much as the message tells stands there already."""

    fieldsets = (
        (_("Complainant"), ("customer", "new_customer", "contact", "keep_sender")),
        (_("Complaint"), ("category", "content", "wish", "order", "pickup")),
    )

    customer = PickField(Customer, required=False, label=_("customer"))
    new_customer = forms.CharField(
        label=_("or a new potential customer"),
        max_length=120,
        required=False,
        help_text=_("His name; the sender becomes his contact."),
    )
    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the order's or the main one."))
    keep_sender = forms.BooleanField(
        label=_("keep the sender as a contact of this customer"),
        required=False,
        help_text=_("Only where you are sure who he is: he gets number and link."),
    )
    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
    content = forms.CharField(label=_("what he complains of"), max_length=LONGEST, widget=WORDS)
    wish = forms.ChoiceField(label=_("what the customer wishes"), choices=WISHES, required=False)
    order = PickField(Order, required=False, label=_("order"))
    pickup = PickField(Pickup, required=False, label=_("pickup"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        self.initial.update(content=obj.words[:LONGEST], category=obj.category)
        if obj.customer_id and Customer.objects.visible_to(by).filter(pk=obj.customer_id).exists():
            self.initial.update(customer=obj.customer_id, contact=obj.contact_id)
        for name, model in (("order", Order), ("pickup", Pickup)) if obj.said_number else ():
            found = model.objects.visible_to(by).filter(number__iexact=obj.said_number).first()
            if found is not None:
                self.initial.update({name: found.pk})
                self.initial.setdefault("customer", found.customer_id)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        customer, name = data.get("customer"), data.get("new_customer")
        if "customer" not in self.errors and bool(customer) == bool(name):
            message = _("Choose a customer, or name a new one, but not both.")
            self.add_error("customer", ValidationError(message, code="required"))
        if name and Customer.objects.filter(name=name).exists():
            message = _("There is a customer of this name already: choose him.")
            self.add_error("new_customer", ValidationError(message, code="known"))
        must_be_his(self, customer, ("contact", "order", "pickup"))
        return data


class PutForm(VerbForm):
    complaint = PickField(Complaint, label=_("complaint"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None and obj.named_id:
            self.initial["complaint"] = obj.named_id


class TalkForm(VerbForm):
    """What a customer complained of in a talk; his words are those of the contact log."""

    category = forms.ChoiceField(label=_("category"), choices=Category.choices)
    content = forms.CharField(label=_("what he complains of"), max_length=LONGEST, widget=WORDS)
    wish = forms.ChoiceField(label=_("what the customer wishes"), choices=WISHES, required=False)
    order = PickField(Order, required=False, label=_("order"))
    pickup = PickField(Pickup, required=False, label=_("pickup"))
    photo = UploadField(label=_("photo"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is None:
            return
        self.initial["content"] = obj.what[:LONGEST]
        for name in ("order", "pickup"):
            field: Any = self.fields[name]
            narrow(field, customer=obj.customer_id)


class Photos(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Some files in a form, each of them checked as a single one is."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(widget=Photos(attrs={"accept": ACCEPT, "data-most": most}), **options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [each for each in (data if isinstance(data, (list, tuple)) else [data]) if each]
        if len(files) > self.most:
            raise ValidationError(_("At most %(most)s files can be sent."), code="too_many", params={"most": self.most})
        for each in files:
            check(each)
        return files


class PublicComplaintForm(VerbForm):
    """The form for everybody: nothing that he types is confirmed or denied."""

    sensitive = ("name", "company", "phone", "email", "text", "said_number")
    name = forms.CharField(label=_("Your name"), max_length=60)
    company = forms.CharField(label=_("Your company"), max_length=120, required=False)
    phone = Incoming._meta.get_field("phone").formfield(label=_("Phone"), required=False)
    email = Incoming._meta.get_field("email").formfield(
        label=_("Mail address"), required=False, help_text=_("We send you a link under which you see how far it is.")
    )
    said_number = forms.CharField(
        label=_("Number of the order or pickup"), max_length=40, required=False, help_text=_("If you have it at hand.")
    )
    category = forms.ChoiceField(label=_("What is it about?"), choices=[("", "–"), *Category.choices])
    text = forms.CharField(label=_("What has happened?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    photos = PhotosField(most=PHOTOS, label=_("Photos or papers"), required=False, help_text=_("Up to five files."))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if "://" in name or any(unicodedata.category(each) in HIDDEN for each in name):
            raise ValidationError(_("Write only your name here."), code="no_name")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("phone") and not data.get("email"):
            raise ValidationError(_("Leave a phone number or a mail address, so that we can answer."), code="required")
        return data
